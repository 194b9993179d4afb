import fsrs_rs_python
import numpy as np
import pytest
from scipy.optimize import minimize

from bounceback.flashcards import fsrs
from bounceback.flashcards.fit import Loss, _minimise, auc, evaluate, fit, fit_weights
from bounceback.flashcards.review_log import histories

W = fsrs.default_weights()


@pytest.fixture(scope="module")
def student(away_from_default):
    return away_from_default(11)


@pytest.fixture(scope="module")
def log(student, log_of):
    return log_of(student, cards=350, seed=1)


@pytest.fixture(scope="module")
def later(student, log_of):
    return log_of(student, cards=1500, seed=2)


def test_the_gradient_is_the_slope_of_the_loss_in_every_weight(log, away_from_default):
    loss = Loss(log)
    w = np.array(away_from_default(4).values)
    w[7] = 0.05
    _, gradient = loss(w)
    for j in range(21):
        h = 1e-6 * max(abs(w[j]), 0.01)
        up, down = w.copy(), w.copy()
        up[j] += h
        down[j] -= h
        slope = (loss(up)[0] - loss(down)[0]) / (2 * h)
        assert gradient[j] == pytest.approx(slope, rel=1e-4, abs=1e-3), fsrs.weight_names()[j]


def test_the_loss_of_the_fit_is_the_loss_of_the_evaluation(log):
    loss = Loss(log)
    total, _ = loss(np.array(W.values))
    score = evaluate(log, W)
    assert score.predictions == loss.predictions
    assert total / loss.predictions == pytest.approx(score.log_loss, rel=1e-9)


def items(log):
    built, cards = [], []
    for card in range(log.cards):
        rows = range(int(log.starts[card]), int(log.starts[card + 1]))
        reviews = [
            fsrs_rs_python.FSRSReview(int(log.ratings[i]), int(log.elapsed_days[i])) for i in rows
        ]
        for k in range(1, len(reviews)):
            if log.elapsed_days[rows[k]] > 0:
                built.append(fsrs_rs_python.FSRSItem(reviews[: k + 1]))
                cards.append(card)
    return built, cards


def test_log_loss_and_rmse_over_bins_are_those_of_fsrs_rs(log):
    # fsrs-rs weighs later items more; forty copies one after the other level that out.
    built, _ = items(log)
    theirs = fsrs_rs_python.FSRS(list(W.values)).evaluate(built * 40)
    ours = evaluate(log, W)
    assert ours.log_loss == pytest.approx(theirs.log_loss, rel=2e-4)
    assert ours.rmse_bins == pytest.approx(theirs.rmse_bins, rel=5e-3)


def test_fitted_weights_predict_later_answers_no_worse_than_those_of_fsrs_rs(log, later, student):
    own = fit_weights(log)
    built, cards = items(log)
    theirs = fsrs_rs_python.FSRS(list(W.values)).compute_parameters(built, cards)
    truth = evaluate(later, student).log_loss
    ours = evaluate(later, own).log_loss
    assert truth < ours < evaluate(later, W).log_loss
    assert ours <= evaluate(later, fsrs.weights(theirs)).log_loss + 5e-4


def test_a_fit_keeps_the_students_own_weights_where_the_time_split_favours_them(log):
    outcome = fit(log)
    assert outcome.kept
    assert outcome.weights == outcome.own
    assert outcome.held_out_own.log_loss < outcome.held_out_default.log_loss
    assert str(outcome.held_out_own.predictions) in outcome.reason


def test_a_student_like_the_defaults_never_gets_weights_that_did_worse_on_later_answers(log_of):
    for seed in range(3):
        outcome = fit(log_of(W, cards=60, seed=seed))
        if not outcome.kept:
            assert outcome.weights == W
            assert outcome.held_out_own.log_loss >= outcome.held_out_default.log_loss
            return
    pytest.fail("three logs drawn from the defaults all favoured other weights")


@pytest.mark.parametrize("cards", [0, 1, 5])
def test_too_little_to_learn_from_keeps_the_defaults_and_says_from_when(cards, log_of):
    log = log_of(W, cards=cards, seed=1) if cards else histories([0], [], [], times_ms=[])
    outcome = fit(log)
    assert outcome.weights == W
    assert not outcome.kept
    assert outcome.held_out_own is None
    assert "200" in outcome.reason


@pytest.mark.parametrize("rating", [1, 3])
def test_a_log_of_one_answer_alone_gives_finite_weights_inside_the_bounds(rating):
    gaps = np.tile([0, 1, 3, 8, 20], 80)
    log = histories(np.arange(0, 401, 5), np.full(400, rating), gaps)
    fitted = fit_weights(log)
    assert fsrs.weights(fitted.values).changed == ()
    assert evaluate(log, fitted).log_loss < evaluate(log, W).log_loss
    assert evaluate(log, fitted).auc is None


def test_a_wider_prior_follows_the_log_more_closely(log):
    near = fit_weights(log, prior_scale=0.05)
    far = fit_weights(log, prior_scale=3.0)
    assert evaluate(log, far).log_loss < evaluate(log, near).log_loss
    assert np.abs(np.subtract(near.values, W.values)).max() < 0.5


def test_a_fit_needs_to_know_which_reviews_came_later():
    with pytest.raises(ValueError, match="times_ms"):
        fit(histories([0, 2], [3, 3], [0, 1]))


def test_the_minimiser_finds_what_scipy_finds_inside_a_box():
    rng = np.random.default_rng(3)
    a = rng.standard_normal((12, 12))
    matrix, target = a @ a.T + np.eye(12), rng.standard_normal(12) * 3

    def bowl(x):
        gap = x - target
        return 0.5 * float(gap @ matrix @ gap), matrix @ gap

    low, high = np.full(12, -1.0), np.full(12, 1.5)
    ours = _minimise(bowl, np.zeros(12), low, high, 200)
    theirs = minimize(
        bowl, np.zeros(12), jac=True, method="L-BFGS-B", bounds=list(zip(low, high, strict=True))
    )
    assert bowl(ours)[0] == pytest.approx(theirs.fun, rel=1e-5)
    assert np.all((ours >= low) & (ours <= high))


def test_auc_is_the_share_of_pairs_in_the_right_order():
    p = np.array([0.9, 0.8, 0.8, 0.3, 0.6])
    hit = np.array([True, False, True, False, True])
    pairs = [(a > b) + 0.5 * (a == b) for a in p[hit] for b in p[~hit]]
    assert auc(p, hit) == pytest.approx(sum(pairs) / len(pairs))
    assert auc(p, np.ones(5, bool)) is None


def test_a_log_written_in_one_instant_is_judged_without_a_past():
    gaps = np.tile([0, 1, 3, 8, 20], 80)
    ratings = np.tile([3, 3, 1, 3, 2], 80)
    log = histories(np.arange(0, 401, 5), ratings, gaps, times_ms=np.zeros(400, np.int64))
    outcome = fit(log)
    assert outcome.held_out_own.predictions == outcome.predictions == 320
    assert not outcome.kept  # nothing was learned before, so nothing can be better
