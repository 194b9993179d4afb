"""Addresses of what is taken along."""

from __future__ import annotations

from django.urls import path

from bounceback_web.exports import views

urlpatterns = [
    path("you/export/", views.take_along, name="take-along"),
    path("you/export/meeting.pdf", views.meeting, name="meeting-pdf"),
    path("you/export/bounceback.ics", views.calendar, name="calendar-file"),
    path("you/export/tables.zip", views.tables, name="tables"),
    path("you/export/backup/", views.keep_backup, name="backup"),
    path("you/export/address/", views.make_address, name="calendar-address"),
    path("you/export/address/end/", views.end_address, name="calendar-address-end"),
    path("backups/", views.backups, name="backups"),
    path("backups/restore/", views.restore_copy, name="restore-copy"),
    path("bring-backup/", views.bring_backup, name="bring-backup"),
    path("feed/<str:secret>/bounceback.ics", views.feed, name="calendar-feed"),
]
