"""Addresses: the pages, and a word on whether the app is up."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from bounceback_web.pages.views import error_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("bounceback_web.pages.urls")),
    path("", include("bounceback_web.exports.urls")),
    path("", include("bounceback_web.imports.urls")),
    path("", include("bounceback_web.cards.urls")),
    path("", include("bounceback_web.offline.urls")),
    path("", include("bounceback_web.devices.urls")),
    path("", include("bounceback_web.jobs.urls")),
    path("health", error_views.health, name="health"),
]

handler400 = error_views.bad_request
handler404 = error_views.not_found
handler500 = error_views.own_fault
