"""Addresses of what is taken along."""

from __future__ import annotations

from django.urls import path

from bounceback_web.exports import views

urlpatterns = [
    path("take-along/", views.take_along, name="take-along"),
    path("take-along/meeting.pdf", views.meeting, name="meeting-pdf"),
    path("take-along/bounceback.ics", views.calendar, name="calendar-file"),
    path("take-along/tables.zip", views.tables, name="tables"),
    path("take-along/backup/", views.keep_backup, name="backup"),
    path("take-along/address/", views.make_address, name="calendar-address"),
    path("take-along/address/end/", views.end_address, name="calendar-address-end"),
    path("bring-backup/", views.bring_backup, name="bring-backup"),
    path("feed/<str:secret>/bounceback.ics", views.feed, name="calendar-feed"),
]
