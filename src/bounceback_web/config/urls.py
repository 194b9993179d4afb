"""Addresses: the pages, and a word on whether the app is up."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from bounceback_web.pages.views import faults

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("bounceback_web.pages.urls")),
    path("", include("bounceback_web.paper.urls")),
    path("", include("bounceback_web.bringing.urls")),
    path("", include("bounceback_web.cards.urls")),
    path("", include("bounceback_web.offline.urls")),
    path("health", faults.health, name="health"),
]

handler400 = faults.bad_request
handler404 = faults.not_found
handler500 = faults.own_fault
