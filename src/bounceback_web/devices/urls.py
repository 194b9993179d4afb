"""Addresses of the key page, pairing and devices."""

from __future__ import annotations

from django.urls import path

from bounceback_web.devices import views

urlpatterns = [
    path("key/", views.enter_key, name="key"),
    path("pair/", views.pair, name="pair"),
    path("devices/", views.devices, name="devices"),
    path("devices/switch/", views.switch, name="phone-switch"),
    path("devices/code/", views.new_code, name="pairing-code"),
    path("devices/<int:pk>/remove/", views.remove, name="device-remove"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
