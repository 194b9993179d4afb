"""Sentences of the keep-fresh plan, which holds what is known while a result is awaited."""

from __future__ import annotations

from bounceback.messages.registry import Facts, Format, message


@message("keep_fresh.kept-for-later")
def _kept_for_later(f: Facts, t: Format) -> str:
    return "Saved for the weeks before your test. None is used while you wait for a result."


@message("keep_fresh.low-hours")
def _low_hours(f: Facts, t: Format) -> str:
    return "Keep-fresh plan: at most 75 minutes a day, five days a week. It keeps what you know."


@message("keep_fresh.result-awaited")
def _result_awaited(f: Facts, t: Format) -> str:
    said = f"You're waiting for the result of {t.day(f['date'])}."
    if f.get("usual") is not None:
        said += f" Results usually come by {t.day(f['usual'])}."
    return f"{said} A date can wait until then."
