import subprocess
import sys
from datetime import UTC, datetime, timedelta

import fsrs as py_fsrs
import fsrs_rs_python
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.flashcards import fsrs
from bounceback.flashcards.day_boundary import Blocks24
from bounceback.flashcards.replay import histories, history_from_revlog, replay, retrievability

W = fsrs.default_weights()

cards = st.lists(
    st.lists(st.tuples(st.integers(1, 4), st.integers(-2, 900)), max_size=30), max_size=12
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(cards)
def test_a_replay_of_all_cards_is_the_scalar_step_of_each(drawn):
    lengths = [len(card) for card in drawn]
    flat = [review for card in drawn for review in card]
    log = histories(np.cumsum([0, *lengths]), [r for r, _ in flat], [g for _, g in flat])
    every, last = replay(log, W, states="all"), replay(log, W)
    row = 0
    for i, card in enumerate(drawn):
        memory = None
        for rating, gap in card:
            before = memory
            memory = fsrs.step(W, memory, rating, gap)
            assert every.stability_days[row] == pytest.approx(memory.stability_days, rel=1e-11)
            assert every.difficulty[row] == pytest.approx(memory.difficulty, rel=1e-11)
            if before is not None:
                recall = fsrs.retrievability(W, before.stability_days, gap)
                assert every.recall_before[row] == pytest.approx(recall, rel=1e-12)
            else:
                assert np.isnan(every.recall_before[row])
            row += 1
        if memory is None:
            assert np.isnan(last.stability_days[i])
        else:
            assert last.stability_days[i] == every.stability_days[row - 1]
            assert last.difficulty[i] == every.difficulty[row - 1]


def test_150_reviews_of_one_card_beside_many_short_ones():
    lengths = [150] + [1] * 500
    rng = np.random.default_rng(5)
    ratings, gaps = rng.integers(1, 5, 650), rng.integers(0, 60, 650)
    log = histories(np.cumsum([0, *lengths]), ratings, gaps)
    memory = None
    for rating, gap in zip(ratings[:150].tolist(), gaps[:150].tolist(), strict=True):
        memory = fsrs.step(W, memory, rating, gap)
    assert replay(log, W).stability_days[0] == pytest.approx(memory.stability_days, rel=1e-11)


def test_a_replay_carries_the_tag_of_its_weights_and_day_rule():
    log = histories([0, 1], [3], [0], day_rule="anki:32400")
    assert replay(log, W).tag == fsrs.StateTag("fsrs-6", W.digest, "anki:32400")


def test_recall_of_arrays_is_the_recall_of_each():
    s, t = np.array([0.001, 5.0, 36_500.0]), np.array([1000.0, 0.0, -4.0])
    expected = [fsrs.retrievability(W, a, b) for a, b in zip(s, t, strict=True)]
    assert retrievability(W, s, t) == pytest.approx(expected, rel=1e-12)


def test_the_room_is_entered_without_numpy():
    code = (
        "import sys, bounceback.flashcards as m; m.fsrs.default_weights();"
        "m.day_boundary.Blocks24();"
        "sys.exit('numpy' in sys.modules or 'scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def made_revlog(cards, seed):
    """Answers at any second, minutes to years apart, as an Anki log."""
    rng = np.random.default_rng(seed)
    rows = []
    for cid in range(1, cards + 1):
        now = 1_600_000_000_000 + int(rng.integers(0, 10**9))
        for k in range(int(rng.integers(1, 25))):
            rows.append((now, cid, int(rng.integers(1, 5)), 0 if k == 0 else 1))
            days = rng.lognormal(0.5, 2.0) if rng.random() < 0.7 else rng.uniform(0.0, 1.2)
            now += int(days * 86_400_000) + 1
    ids, cids, ease, kind = np.array(rows).T
    ones = np.ones(len(rows), np.int64)
    return {"id": ids, "cid": cids, "ease": ease, "ivl": ones, "factor": ones, "type": kind}


def test_a_log_replayed_under_the_24_hour_rule_is_py_fsrs_to_nine_digits():
    revlog = made_revlog(60, 3)
    log = history_from_revlog(revlog, Blocks24())
    found = replay(log, W)
    scheduler = py_fsrs.Scheduler(enable_fuzzing=False)
    for i, cid in enumerate(log.card_ids.tolist()):
        card = py_fsrs.Card(card_id=cid)
        for at, ease in zip(
            revlog["id"][revlog["cid"] == cid], revlog["ease"][revlog["cid"] == cid], strict=True
        ):
            when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(at))
            card, _ = scheduler.review_card(card, py_fsrs.Rating(int(ease)), when)
        assert found.stability_days[i] == pytest.approx(min(card.stability, 36_500), rel=1e-9)
        assert found.difficulty[i] == pytest.approx(card.difficulty, rel=1e-9)


def test_a_whole_log_agrees_with_fsrs_rs_to_four_digits():
    log = history_from_revlog(made_revlog(400, 4), Blocks24())
    built = [
        fsrs_rs_python.FSRSItem(
            [
                fsrs_rs_python.FSRSReview(int(log.ratings[i]), int(log.elapsed_days[i]))
                for i in range(int(log.starts[c]), int(log.starts[c + 1]))
            ]
        )
        for c in range(log.cards)
    ]
    theirs = fsrs_rs_python.FSRS(list(W.values)).memory_state_batch(built)
    ours = replay(log, W)
    assert ours.stability_days == pytest.approx([s.stability for s in theirs], rel=1e-4)
    assert ours.difficulty == pytest.approx([s.difficulty for s in theirs], abs=1e-4)


def test_two_cards_answered_in_the_same_millisecond_keep_their_own_histories():
    log = {
        "id": np.array([1000, 1000, 90_000_000, 90_000_000]),
        "cid": np.array([1, 2, 1, 2]),
        "ease": np.array([3, 1, 3, 1]),
        "ivl": np.ones(4, int),
        "factor": np.zeros(4, int),
        "type": np.array([0, 0, 1, 1]),
    }
    found = history_from_revlog(log, Blocks24())
    assert found.ratings.tolist() == [3, 3, 1, 1]
    assert found.elapsed_days.tolist() == [0, 1, 0, 1]
