import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.flashcards import fsrs
from bounceback.flashcards.day_boundary import Blocks24
from bounceback.flashcards.replay import replay
from bounceback.flashcards.review_log import concatenate, histories, history_from_revlog

DAY = 86_400_000
RULE = Blocks24()


def revlog(rows):
    """Rows (day, cid, ease, ivl, factor, type) as columns; ids fall on whole days."""
    day, cid, ease, ivl, factor, kind = (np.array(c) for c in zip(*rows, strict=True))
    ids = (1_700_000_000_000 + day * DAY).astype(np.int64)
    return {"id": ids, "cid": cid, "ease": ease, "ivl": ivl, "factor": factor, "type": kind}


def read(rows):
    return history_from_revlog(revlog(rows), RULE)


LEARN = [(0, 1, 3, -600, 0, 0), (0.01, 1, 3, 1, 2500, 0)]


def test_a_plain_history_keeps_every_graded_row_with_its_gap():
    log = read([*LEARN, (1, 1, 3, 3, 2500, 1), (5, 1, 1, 1, 2300, 1), (5.01, 1, 3, 1, 2300, 2)])
    assert log.ratings.tolist() == [3, 3, 3, 1, 3]
    assert log.elapsed_days.tolist() == [0, 0, 0, 4, 0]
    assert log.complete.tolist() == [True]


def test_practice_in_a_filtered_deck_does_not_count():
    log = read([*LEARN, (2, 1, 3, 3, 0, 3), (3, 1, 3, 3, 2500, 3)])
    assert log.ratings.tolist() == [3, 3, 3]
    assert log.elapsed_days.tolist() == [0, 0, 2]


def test_manual_and_rescheduled_rows_are_dropped_without_cutting_the_history():
    log = read([*LEARN, (2, 1, 0, 9, 2500, 4), (3, 1, 0, 9, 2500, 5), (9, 1, 3, 20, 2500, 1)])
    assert log.ratings.tolist() == [3, 3, 3]
    assert log.elapsed_days.tolist()[-1] == 8


def test_a_card_learned_again_after_a_reset_starts_at_its_new_learning():
    log = read(
        [
            *LEARN,
            (9, 1, 3, 20, 2500, 1),
            (10, 1, 0, 0, 0, 4),
            (11, 1, 1, -60, 0, 0),
            (11.01, 1, 3, 1, 2500, 0),
        ]
    )
    assert log.ratings.tolist() == [1, 3]


def test_a_reset_with_nothing_graded_since_leaves_no_state():
    assert read([*LEARN, (9, 1, 3, 20, 2500, 1), (10, 1, 0, 0, 0, 4)]).cards == 0


def test_a_reset_before_a_card_scheduled_by_hand_starts_from_the_first_day_long_row():
    log = read([*LEARN, (10, 1, 0, 0, 0, 4), (12, 1, 3, 12, 2100, 1), (24, 1, 3, 30, 2100, 1)])
    assert log.complete.tolist() == [False]
    assert log.ratings.tolist() == [3]
    assert log.elapsed_days.tolist() == [12]
    w = fsrs.default_weights()
    start = fsrs.memory_from_sm2(w, 2.1, 12)
    expected = fsrs.step(w, start, 3, 12)
    assert replay(log, w).stability_days[0] == pytest.approx(expected.stability_days, rel=1e-12)


def test_only_the_last_run_of_learning_rows_opens_the_history():
    log = read(
        [
            *LEARN,
            (3, 1, 3, 5, 2500, 1),
            (8, 1, 1, -600, 2500, 0),
            (8.01, 1, 3, 1, 2500, 0),
            (9, 1, 3, 4, 2500, 1),
        ]
    )
    assert log.ratings.tolist() == [1, 3, 3]
    assert log.elapsed_days.tolist() == [0, 0, 0]


def test_a_card_without_learning_keeps_the_difficulty_that_anki_wrote():
    log = read([(0, 1, 3, 10, 600, 1)])
    assert log.reviews == 0
    assert replay(log, fsrs.default_weights()).difficulty[0] == pytest.approx(5.5)
    assert log.last_ms[0] == 1_700_000_000_000


def test_a_card_with_only_short_steps_and_no_learning_has_no_state():
    assert read([(0, 1, 3, -600, 2500, 2)]).cards == 0


def test_an_empty_log_gives_no_cards():
    empty = {name: np.zeros(0, np.int64) for name in ("id", "cid", "ease", "ivl", "factor", "type")}
    log = history_from_revlog(empty, RULE)
    assert (log.cards, log.reviews) == (0, 0)
    assert replay(log, fsrs.default_weights()).stability_days.shape == (0,)


def walk(rows):
    """The rules one card at a time, as the documentation words them."""
    kept = {}
    for cid in sorted({r[1] for r in rows}):
        mine = [r for r in sorted(rows) if r[1] == cid and not (r[5] == 3 and r[4] == 0)]
        learn, first_day = None, None
        for i in range(len(mine) - 1, -1, -1):
            _, _, ease, ivl, factor, kind = mine[i]
            if ease and kind == 0:
                learn = i
            elif learn is not None or (kind == 4 and factor == 0):
                break
            if ease and (ivl >= 1 or ivl <= -86_400):
                first_day = i
        start = first_day if learn is None else learn
        if start is None:
            continue
        graded = [r[2] for r in mine[start:] if r[2]]
        kept[cid] = (learn is not None, graded if learn is not None else graded[1:])
    return kept


rows = st.tuples(
    st.integers(1, 3),
    st.integers(0, 4),
    st.sampled_from([-600, -90_000, 0, 1, 10]),
    st.sampled_from([0, 500, 2500]),
    st.integers(0, 5),
)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.lists(rows, min_size=1, max_size=24), st.randoms(use_true_random=False))
def test_all_cards_at_once_obey_the_rules_of_one_card_at_a_time(drawn, random):
    dated = [(day, *row) for day, row in enumerate(drawn)]
    shuffled = list(dated)
    random.shuffle(shuffled)
    log = read(shuffled)
    found = {
        int(c): (bool(log.complete[i]), log.ratings[log.starts[i] : log.starts[i + 1]].tolist())
        for i, c in enumerate(log.card_ids)
    }
    assert found == walk(dated)


@pytest.mark.parametrize(
    ("starts", "ratings", "gaps"),
    [([0, 2], [3], [0]), ([0, 1], [5], [0]), ([0, 1], [0], [0]), ([0, 2, 1, 2], [3, 3], [0, 1])],
)
def test_arrays_that_do_not_fit_are_refused(starts, ratings, gaps):
    with pytest.raises(ValueError, match=r"starts|ratings"):
        histories(starts, ratings, gaps)


def test_cards_can_be_taken_and_joined_again():
    log = histories([0, 2, 3, 6], [3, 3, 1, 4, 3, 2], [0, 1, 0, 0, 4, 9], card_ids=[7, 8, 9])
    parts = [log.take(np.array([i])) for i in (2, 0, 1)]
    joined = concatenate(parts)
    assert joined.card_ids.tolist() == [9, 7, 8]
    assert joined.ratings.tolist() == [4, 3, 2, 3, 3, 1]
    assert joined.starts.tolist() == [0, 3, 5, 6]


def test_histories_of_different_day_rules_cannot_be_joined():
    a = histories([0, 1], [3], [0], day_rule="24h")
    b = histories([0, 1], [3], [0], day_rule="anki:3600")
    with pytest.raises(ValueError, match="day rules"):
        concatenate([a, b])
