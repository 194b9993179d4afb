"""Addresses of the cards."""

from __future__ import annotations

from django.urls import path

from bounceback_web.cards import editing, views

urlpatterns = [
    path("cards/", views.cards, name="cards"),
    path("cards/deck/", views.bring_deck, name="cards-bring"),
    path("cards/deck/progress/", views.progress, name="cards-progress"),
    path("cards/begin/", views.begin, name="cards-begin"),
    path("cards/review/", views.review, name="cards-review"),
    path("cards/review/answer/", views.answer, name="cards-answer"),
    path("cards/review/away/", views.put_away, name="cards-away"),
    path("cards/review/flag/", views.flag, name="cards-flag"),
    path("cards/review/undo/", views.undo, name="cards-undo"),
    path("cards/review/ahead/", views.ahead, name="cards-ahead"),
    path("cards/workload/", views.workload, name="cards-workload"),
    path("cards/browse/", views.browse, name="cards-browse"),
    path("cards/browse/move/", views.take_back, name="cards-move"),
    path("cards/edit/", editing.edit, name="cards-edit"),
    path("cards/edit/save/", editing.save, name="cards-edit-save"),
    path("cards/media/<path:name>", views.media, name="cards-media"),
    path("cards/export.apkg", views.export, name="cards-export"),
]
