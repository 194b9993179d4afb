"""A sitting at the cards: what is shown, what is kept, what can be taken back."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounceback.cli import main
from bounceback.cli.commands.cards_review import Sitting
from bounceback.flashcards import review_session
from bounceback.flashcards.anki.inspection import inspect
from bounceback.flashcards.anki.models import Note
from bounceback.flashcards.day_boundary import LocalDays
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.deck_import import import_deck, join
from bounceback.local_storage.replayed_cards import standing
from bounceback.services.card_queue import queued
from tests.flashcards.anki.builders import CLOZE, FIXTURES, MEDIA, small_deck

NOW = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
CASE = Path(__file__).resolve().parents[1] / "cases" / "step1-us-md-wobbly.toml"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with three cards, each answered twice in January and due since February."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("BOUNCEBACK_HOME", str(folder))
    with open_cards(folder, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
        cards.remember("zone", "UTC")
    return folder


def sit(
    lines: str, *words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> str:
    """Hold a sitting through a pipe; each character of ``lines`` is one line (space: empty)."""
    text = "".join(one.strip() + "\n" for one in lines)
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    with time_machine.travel(NOW, tick=False):
        assert main(["cards", "review", *words]) == 0
    return capsys.readouterr().out


@pytest.fixture
def sitting(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Hold a sitting with these keys."""
    return lambda lines, *words: sit(lines, *words, capsys=capsys, monkeypatch=monkeypatch)


def own_answers(home: Path) -> np.ndarray:
    with open_cards(home) as cards:
        reviews, marks = cards.reviews()
        return reviews[marks == cards.sources().index("own")]


def rows(home: Path) -> list[dict]:
    with open_cards(home) as cards:
        return [cards.card(one) for one in cards.cards()["id"].tolist()]


def test_each_answer_is_kept_with_its_grade_and_the_card_moves_on(home: Path, sitting) -> None:
    before = rows(home)
    sitting(" 3 1q")
    kept = own_answers(home)
    assert kept["ease"].tolist() == [3, 1]
    after = {row["id"]: row for row in rows(home)}
    good, again = (after[int(card)] for card in kept["cid"])
    assert (good["type"], good["due"]) == (2, 59 + kept["ivl"][0])  # 1 March is day 59 of 2026
    assert (again["type"], again["lapses"], again["due"]) == (3, 1, NOW.timestamp() + 600)
    left = next(row for row in before if row["id"] not in kept["cid"])
    assert after[left["id"]] == left


def test_every_choice_says_when_the_card_comes_back_and_keeps_its_word(home: Path, sitting) -> None:
    out = sitting(" 4q")
    (choices,) = (line for line in out.splitlines() if line.startswith("1 Again"))
    assert choices.count("days") + choices.count("month") == 3
    (interval,) = own_answers(home)["ivl"].tolist()
    said = choices.rpartition("4 Easy ")[2]
    assert said == (f"{interval} days" if interval < 60 else f"{interval / 30.44:.1f} months")


def test_digits_rate_nothing_before_the_answer_was_seen(home: Path, sitting) -> None:
    out = sitting("31q")
    assert len(own_answers(home)) == 0
    assert "Nothing changed" in out


def test_undo_brings_the_card_and_the_history_back(home: Path, sitting) -> None:
    before = rows(home)
    out = sitting(" 3 1 4uuuq")
    assert rows(home) == before
    assert len(own_answers(home)) == 0
    assert out.count("Undone.") == 3


def test_undo_at_the_end_of_a_sitting_is_still_open(home: Path, sitting) -> None:
    out = sitting(" 4 4 4u 1q")
    assert sorted(own_answers(home)["ease"].tolist()) == [1, 4, 4]
    assert "That was the last card." in out


def test_nothing_to_undo_is_said(home: Path, sitting) -> None:
    assert "There is nothing to undo." in sitting("uq")


def test_a_card_put_away_is_not_asked_again_until_undo(home: Path, sitting) -> None:
    sitting("sq")
    assert sum(row["queue"] == -1 for row in rows(home)) == 1
    out = sitting(" 4 4 ")
    assert "That was the last card." in out
    assert len(own_answers(home)) == 2
    home_before = rows(home)
    assert "Nothing is due now." in sitting("q")
    assert rows(home) == home_before


def test_a_flag_is_kept_and_the_answer_after_it_too(home: Path, sitting) -> None:
    sitting("f 3q")
    (card,) = own_answers(home)["cid"].tolist()
    with open_cards(home) as cards:
        assert cards.card(card)["flag"] == 1


def test_a_flag_can_be_taken_off_after_the_answer_was_seen(home: Path, sitting) -> None:
    out = sitting("f f3q")
    assert "Flag removed." in out
    assert all(row["flag"] == 0 for row in rows(home))


def test_the_end_of_the_input_leaves_like_q(home: Path, sitting) -> None:
    sitting(" 3 ")
    assert len(own_answers(home)) == 1


def test_about_twenty_at_a_time_and_the_rest_is_counted(home: Path, sitting) -> None:
    with open_cards(home) as cards:
        join(cards, small_deck(notes=40, guid="more", card_from=9000), MEDIA.__getitem__)
    out = sitting("q")
    assert "20 now, 23 more for another session" in out
    assert "5 now, 38 more for another session" in sitting("q", "--cards", "5")


def test_cloze_mathjax_and_media_stand_as_text(home: Path, sitting) -> None:
    with open_cards(home) as cards:
        for row in cards.cards()["id"].tolist():
            cards.put_card(cards.card(row) | {"queue": -1})
        deck = small_deck(notes=1, guid="cloze", card_from=7000)
        field = '{{c1::GFR::rate}} is \\(\\frac{a}{b}\\) <img src="heart.png"><script>x()</script>'
        note = Note(
            id=900, guid="cloze", note_type_id=CLOZE.id, fields=(field, "extra [sound:lub.mp3]")
        )
        deck.cards["note_id"] = 900
        join(cards, replace(deck, notes=(note,)), MEDIA.__getitem__)
    out = sitting(" q")
    front, back = out.split("Space: show answer")
    assert "[rate] is \\(\\frac{a}{b}\\)" in front
    assert "[picture: heart.png]" in front
    assert "script" not in out
    assert "x()" not in out
    assert "GFR is" in back
    assert "[sound: lub.mp3]" in back


def test_of_one_note_one_card_a_sitting(home: Path, sitting) -> None:
    with open_cards(home) as cards:
        deck = small_deck(notes=1, guid="two", card_from=7000)
        note = Note(
            id=900, guid="two", note_type_id=CLOZE.id, fields=("{{c1::a}} {{c2::b}}", "extra")
        )
        twice = np.repeat(deck.cards, 2)
        twice["id"], twice["note_id"], twice["template"] = (7000, 7001), 900, (0, 1)
        join(cards, replace(deck, notes=(note,), cards=twice), MEDIA.__getitem__)
    assert "4 to review" in sitting("q")


def test_a_case_aims_the_sitting_at_its_exam(home: Path, sitting) -> None:
    out = sitting(" q", str(CASE))
    assert "falls after the exam" not in out  # ten months ahead
    assert "3 to review" in out


def test_without_cards_the_way_to_bring_some_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOUNCEBACK_HOME", str(tmp_path / "none"))
    assert main(["cards", "review"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "bounceback cards import" in err


def test_the_state_on_the_card_is_the_one_its_history_gives(
    home: Path, tmp_path: Path, sitting
) -> None:
    """What was written answer by answer equals a replay of the exported package."""
    sitting(" 3 1 2" + " 3" * 6)
    target = tmp_path / "out.apkg"
    assert main(["cards", "export", str(target)]) == 0
    found = {state.note_guid: state for state in inspect(target, zone="UTC").states}
    with open_cards(home) as cards:
        guids = {note.id: note.guid for note in cards.notes()}
    for row in rows(home):
        state = found[guids[row["note_id"]]]
        assert state.stability == pytest.approx(row["stability"], rel=1e-9)
        assert state.difficulty == pytest.approx(row["difficulty"], rel=1e-9)


@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(keys=st.text(" 1234usfx", max_size=30))
def test_whatever_keys_come_the_file_agrees_with_what_was_said(
    keys: str, tmp_path_factory: pytest.TempPathFactory, capsys, monkeypatch
) -> None:
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("BOUNCEBACK_HOME", str(folder))
    with open_cards(folder, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
        cards.remember("zone", "UTC")
    start = {row["id"]: row for row in rows(folder)}
    out = sit(keys, capsys=capsys, monkeypatch=monkeypatch)
    kept = own_answers(folder)
    if len(kept):
        assert f"{len(kept)} answer" in out
    else:
        assert "No cards answered" in out
    for row in rows(folder):
        mine = kept[kept["cid"] == row["id"]]
        assert row["repetitions"] - start[row["id"]]["repetitions"] == len(mine)
        assert len(set(mine["id"].tolist())) == len(mine)
        if len(mine) == 0 and row["queue"] != -1 and row["flag"] == 0:
            assert row | {"modified_s": 0} == start[row["id"]] | {"modified_s": 0}


# A run in the background of a shell ignores Ctrl-C and hands that on to what it starts.
PROGRAM = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from bounceback.cli import main; sys.exit(main(['cards', 'review', '--zone', 'UTC']))"
)


@pytest.mark.parametrize(
    ("stop", "status"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)]
)
def test_a_sitting_stopped_from_outside_keeps_every_answer_given(
    home: Path, stop: signal.Signals, status: int
) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write("\n3\n\n")
    running.stdin.flush()
    # The second card's choices stand on the screen: the first answer was acknowledged.
    shown = 0
    while shown < 2:
        line = running.stdout.readline()
        assert line
        shown += line.startswith("1 Again")
    running.send_signal(stop)
    rest, _ = running.communicate()
    assert running.returncode == status
    assert ("1 answer saved" in rest) == (stop == signal.SIGINT)
    assert own_answers(home)["ease"].tolist() == [3]


def test_a_real_package_is_reviewed_and_goes_back_to_anki(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sitting
) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("BOUNCEBACK_HOME", str(folder))
    package = FIXTURES / "utc-latest.apkg"
    with open_cards(folder, make=True) as cards:
        imported = import_deck(cards, package, int(NOW.timestamp()))
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC), tick=False):
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n3\n" * 5))
        assert main(["cards", "review", "--zone", "UTC"]) == 0
    assert len(own_answers(folder)) == 5
    target = tmp_path / "back.apkg"
    assert main(["cards", "export", str(target)]) == 0
    assert inspect(target).reviews == imported.merged.reviews_added + 5
    with open_cards(folder) as cards:
        import_deck(cards, target, int(NOW.timestamp()))
    assert len(own_answers(folder)) == 5


def test_an_exported_package_is_the_same_each_time(home: Path, tmp_path: Path, sitting) -> None:
    sitting(" 3q")
    for name in ("a.apkg", "b.apkg"):
        assert main(["cards", "export", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.apkg").read_bytes() == (tmp_path / "b.apkg").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_at_a_terminal_single_keys_do_and_the_terminal_is_put_back(home: Path) -> None:
    import os
    import pty
    import termios

    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL
    )
    shown = b""

    def until(said: bytes) -> None:
        nonlocal shown
        while said not in shown:
            shown += os.read(ours, 4096)
        shown = shown.partition(said)[2]

    until(b"q: quit")
    os.write(ours, b" ")
    until(b"4 Easy")
    until(b"q: quit")
    os.write(ours, b"3")
    until(b"q: quit")
    os.write(ours, b"q")
    until(b"1 answer saved")
    assert running.wait() == 0
    assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)
    assert own_answers(home)["ease"].tolist() == [3]


def test_a_card_that_was_answered_elsewhere_meanwhile_is_left_out(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Second(io.StringIO):
        """Before the third key another terminal answers every card that was first in its queue."""

        def readline(self, *size: int) -> str:
            keys.append("")
            if len(keys) == 3:
                whole, mine = sys.stdin, sys.stdout
                sys.stdin, sys.stdout = io.StringIO("\n4\nq\n"), io.StringIO()
                with time_machine.travel(NOW.replace(minute=1), tick=False):
                    assert main(["cards", "review"]) == 0
                sys.stdin, sys.stdout = whole, mine
            return super().readline(*size)

    keys: list[str] = []
    monkeypatch.setattr(sys, "stdin", Second("\n3\n\n3\nq\n"))
    with time_machine.travel(NOW, tick=False):
        assert main(["cards", "review"]) == 0
    assert "answered this card in another window" in capsys.readouterr().out
    kept = own_answers(home)
    assert kept["ease"].tolist() == [3, 4]
    assert len(set(kept["cid"].tolist())) == 2


def test_an_answer_after_the_day_changed_is_due_the_days_it_said(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Night(io.StringIO):
        """The day changes (at 4) while the first card is looked at."""

        def readline(self, *size: int) -> str:
            clock.shift(2 * 3600)
            return super().readline(*size)

    monkeypatch.setattr(sys, "stdin", Night("\n3\nq\n"))
    with time_machine.travel(datetime(2026, 3, 1, 3, 0, tzinfo=UTC), tick=False) as clock:
        assert main(["cards", "review"]) == 0
    kept = own_answers(home)
    (row,) = (one for one in rows(home) if one["id"] == kept["cid"][0])
    assert datetime.fromtimestamp(kept["id"][0] / 1000, UTC).hour == 7
    assert row["due"] == 59 + kept["ivl"][0]  # 1 March, where 28 February ended at 4


def test_a_sitting_in_the_night_of_a_change_of_clocks_puts_due_days_by_the_calendar(home: Path):
    """At the second 01:30 it is still the day on which the sitting began at 00:30."""
    rule = LocalDays("America/New_York", 0)
    begun = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
    begun_ms, later_ms = (int(at.timestamp() * 1000) for at in (begun, begun + timedelta(hours=2)))
    with open_cards(home) as cards:
        found = standing(cards, rule, begun_ms)
        first = queued(found, 0)
        session = review_session.begin([first], review_session.Settings(found.weights, rule))
        held = Sitting(cards, session, rule, found.day_number, begun_ms)
        assert held.answer(first, 3, later_ms, 5.0)
        interval = held.session.answers[-1].interval
        assert interval > 0
        assert cards.card(first.card_id)["due"] == found.day_number + interval
