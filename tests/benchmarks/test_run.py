"""The speed table says what was measured, against whom, and whether the goal is met."""

from __future__ import annotations

from benchmarks import measuring, run

FAST = measuring.Row("cold tea", 0.2, 0.1, "kettle", 2.5)
SLOW = measuring.Row("cold soup", 0.6, 0.1, "kettle", 2.5)


def test_each_row_names_ours_peer_ratio_and_goal() -> None:
    heading, fast, slow = run.table([FAST, SLOW]).splitlines()
    assert [cell.strip() for cell in heading.split(" · ")] == list(run.HEADINGS[:-1])
    cells = [cell.strip() for cell in fast.split(" · ")]
    assert cells == ["cold tea", "0.2 s", "0.1 s (kettle)", "2.00×", "≤ 2.5×"]
    assert slow.endswith("missed")


def test_a_goal_is_missed_when_the_ratio_is_above_it() -> None:
    assert FAST.holds
    assert not SLOW.holds


def test_each_piece_of_work_takes_its_turn_after_one_untimed_round() -> None:
    calls: list[str] = []
    works = [lambda name=name: calls.append(name) for name in "ab"]
    assert len(measuring.turn_about(*works, rounds=2)) == 2
    assert "".join(calls) == "ababab"


def test_modules_that_give_rows_are_found_and_may_be_chosen() -> None:
    assert "benchmarks.start_up" in list(run.modules([]))
    assert "benchmarks.run" not in list(run.modules([]))
    assert list(run.modules(["start_up"])) == ["benchmarks.start_up"]
