"""Addresses of jobs."""

from __future__ import annotations

from django.urls import path

from bounceback_web.jobs import views

urlpatterns = [
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/part/", views.part, name="job-part"),
    path("jobs/<int:pk>/file/", views.file, name="job-file"),
    path("jobs/<int:pk>/cancel/", views.cancel, name="job-cancel"),
]
