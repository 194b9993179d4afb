"""What was said before: the forecasts as they were shown, and how they did once a result is in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Max
from django.db.models.functions import TruncWeek

from bounceback.services.track_record import Showing, past_forecasts, results_of
from bounceback.services.values import ShownForecast, TrackRecord
from bounceback_web.records.learner_store import Kept
from bounceback_web.records.models import Shown

MOST_WEEKS = 12


def said_before(kept: Kept, test_date: date) -> tuple[ShownForecast, ...]:
    """Return what earlier weeks said about a day, newest first: the last answer of each week.

    Args:
        kept: The record.
        test_date: The day that the forecasts are about.
    """
    before = Shown.objects.filter(record_id=kept.row.pk, day__lt=kept.today)
    last = before.annotate(week=TruncWeek("day")).values("week").annotate(last=Max("pk"))
    rows = Shown.objects.filter(pk__in=last.values("last")).order_by("-day")[:MOST_WEEKS]
    return _about(test_date, list(rows))


def _about(test_date: date, rows: Sequence[Shown]) -> tuple[ShownForecast, ...]:
    found = []
    for row in rows:
        for f in row.forecasts:
            if f["date"] == test_date.isoformat():
                found.append(
                    ShownForecast(
                        shown_on=row.day,
                        test_date=test_date,
                        p_pass=f["p_pass"],
                        p_pass_low=f["p_pass_low"],
                        p_pass_high=f["p_pass_high"],
                        model_version=row.model_version,
                    )
                )
    return tuple(found)


def track(kept: Kept) -> TrackRecord | None:
    """Return how the forecasts shown before each attempt did; ``None`` while there is none."""
    record, learner = kept.value, str(kept.row.pk)
    results = results_of(record, learner)
    showings = []
    for result in results:
        rows = Shown.objects.filter(record_id=kept.row.pk, day__lt=result.sat_on).order_by("pk")
        about = _about(result.sat_on, list(rows.only("day", "model_version", "forecasts")))
        showings += [Showing(learner, record.exam.id, (forecast,)) for forecast in about]
    return past_forecasts(showings, results, learner).track
