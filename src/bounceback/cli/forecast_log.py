"""Save each forecast that is shown and score it when the result is known."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bounceback.cli.console import Screen

if TYPE_CHECKING:
    from bounceback.records import Record
    from bounceback.services.full_briefing import Briefing
    from bounceback.services.track_record import Past, Showing

SETTING: Final = "BOUNCEBACK_TRACK_RECORD"
OFF: Final = frozenset({"0", "off", "no", "false"})


class PastForecasts:
    """What is kept of a case's forecasts, and how the kept ones did.

    Attributes:
        own: This learner's forecasts that met their result.
        everybody: Those of every case on this machine.
        told: One line on whether this forecast is kept.
    """

    def __init__(self, own: Past | None, everybody: Past | None, told: str) -> None:
        self.own, self.everybody, self.told = own, everybody, told


def keep(case: Path, record: Record, b: Briefing) -> PastForecasts:
    """Keep the forecast about to be shown of a case, and score the earlier ones.

    Never fails: where the folder cannot be used, ``told`` says so and the answer stands. A look
    back, from a file that already reports a later sitting, is not a forecast and is not kept.
    """
    if os.environ.get(SETTING, "").strip().lower() in OFF:
        return PastForecasts(None, None, f"Forecasts are not saved ({SETTING} is off).")
    from bounceback.local_storage import forecast_history as store
    from bounceback.local_storage.data_dir import data_folder, place_of_data
    from bounceback.services.track_record import past_forecasts, results_of

    learner = store.learner_key(case)
    results = results_of(record, learner)
    try:
        folder = data_folder()
        store.keep(folder, None if _looks_back(record, b) else _showing(learner, b), results)
        showings, known = store.read(folder)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return PastForecasts(
            None, None, f"We couldn't save this forecast in {place_of_data()}: {reason}."
        )
    return PastForecasts(
        past_forecasts(showings, known, learner),
        past_forecasts(showings, known),
        "Forecasts are saved on this computer and compared with your result later. To turn this "
        f"off, set {SETTING}=off.",
    )


def _showing(learner: str, b: Briefing) -> Showing:
    from bounceback.services.track_record import Showing, shown_forecasts

    return Showing(learner, b.record.exam.id, shown_forecasts(b))


def _looks_back(record: Record, b: Briefing) -> bool:
    return any(a.exam == record.exam.id and a.date > b.as_of for a in record.attempts)


def show(past: PastForecasts, screen: Screen) -> None:
    """Say how past forecasts did, counts first; then whether this one is kept."""
    own, everybody = past.own, past.everybody
    if everybody is not None and everybody.track is not None:
        screen.heading("Past forecasts")
        if own is not None and own.track is not None:
            _one(own, "yours", screen)
        if own is None or everybody.sittings > own.sittings:
            _one(everybody, "all on this computer", screen)
    screen.line()
    screen.paragraph(past.told, style="quiet")


def _one(past: Past, whose: str, screen: Screen) -> None:
    track = past.track
    assert track is not None
    many = "forecast" if track.count == 1 else "forecasts"
    attempts = "attempt" if past.sittings == 1 else "attempts"
    screen.paragraph(
        f"{whose[0].upper()}{whose[1:]}: {track.count} {many} for {past.sittings} {attempts} "
        "with a result.",
        indent=2,
    )
    screen.table(
        [
            (
                f"chance {10 * r.low:.0f} to {10 * r.high:.0f} in 10",
                f"{r.count} {'forecast' if r.count == 1 else 'forecasts'}",
                f"{r.passed} passed",
            )
            for r in track.bins
        ],
        indent=4,
    )
    screen.paragraph(
        f"Brier score {track.brier:.3f} (0 is perfect, 0.25 a coin); log score "
        f"{track.log_score:.3f} (0 is perfect, 0.693 a coin).",
        indent=4,
    )
