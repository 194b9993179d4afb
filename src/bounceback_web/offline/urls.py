"""Addresses for a time without the app."""

from __future__ import annotations

from django.urls import path

from bounceback_web.offline import views

urlpatterns = [
    path("worker.js", views.worker, name="worker"),
    path("away/", views.away, name="away"),
]
