"""Addresses of what is brought in."""

from __future__ import annotations

from django.urls import path

from bounceback_web.imports import views

urlpatterns = [
    path("bring/", views.bring, name="bring-in"),
    path("bring/blocks/", views.keep_blocks, name="bring-blocks"),
    path("bring/exam-report/", views.keep_exam_report, name="bring-exam-report"),
]
