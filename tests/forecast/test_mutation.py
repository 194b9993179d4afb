"""A sign or constant of the filter changed: the promise named beside it is broken.

Each row is one change of the code and a test of this room that must fail under it. A row that
survives means that the tests would not notice that fault.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from bounceback.forecast import (
    belief,
    checks,
    constants,
    deviations,
    dynamics,
    evidence,
    kalman,
    narrowing,
    normal,
    predict,
    repeaters,
)
from tests.forecast import (
    test_belief,
    test_constants,
    test_deviations,
    test_dynamics,
    test_evidence,
    test_kalman,
    test_narrowing,
    test_normal,
    test_particles,
    test_predict,
    test_ranks,
    test_repeaters,
)
from tests.forecast.mutants import mutant

STEP_1_RANKS = test_ranks.CELLS[0]


def brute() -> None:
    test_kalman.test_scores_and_work_agree_with_brute_force_to_four_digits()


def points() -> None:
    for score in (150.0, 230.0):
        test_kalman.test_a_score_wrong_by_points_moves_the_level_as_brute_force_does(score, 0.1)


def brute_failure() -> None:
    test_kalman.test_a_result_without_a_number_moves_the_belief_as_brute_force_does(
        4.57, float("inf")
    )


def brute_interval() -> None:
    test_kalman.test_a_result_without_a_number_moves_the_belief_as_brute_force_does(4.57, 4.70)


def brute_pass() -> None:
    test_kalman.test_a_result_without_a_number_moves_the_belief_as_brute_force_does(
        float("-inf"), 4.57
    )


def matrix_filter() -> None:
    test_kalman.test_level_and_gap_agree_with_a_matrix_filter_a_node()


def brute_gap() -> None:
    test_kalman.test_an_outcome_moves_the_gap_as_brute_force_over_level_and_gap_does(
        (4.57, float("inf"))
    )


def unknown_before() -> None:
    test_belief.test_a_form_without_a_score_before_the_sitting_leaves_the_standing_where_it_was(150)


def ranks() -> None:
    test_ranks.test_ranks_of_total_rate_areas_and_score_are_uniform(*STEP_1_RANKS)


def particles() -> None:
    test_particles.test_level_rate_and_chance_agree_with_particles(
        "a failing number, forms, and a long pause"
    )


def outlier() -> None:
    test_particles.test_a_contradicting_form_moves_the_level_as_the_robust_likelihood_does(30.0)


def published_rates() -> None:
    off = [c.name for c in checks.checks() if c.holds is False]
    assert off == []


def drawn_learners() -> None:
    test_predict.test_the_chance_is_that_of_learners_drawn_from_the_belief_and_the_plan()


def beta_moments() -> None:
    test_belief.test_the_nodes_of_adherence_have_the_moments_of_the_beta(5.6, 2.4)


def day_luck() -> None:
    test_predict.test_the_luck_of_a_day_widens_ability_and_moves_no_mean()


def integral() -> None:
    test_kalman.test_the_chance_of_a_sitting_is_the_integral_over_level_and_points()


def drawn_form() -> None:
    test_narrowing.test_the_promised_width_is_what_such_forms_leave_on_average(3)


def repeat_rate() -> None:
    test_predict.test_with_too_little_data_a_typical_retake_is_told_the_groups_repeat_rate_and_a_wide_range(
        "usmle-step-1", "us-md"
    )


def untimed() -> None:
    test_evidence.test_conditions_widen_and_never_raise_what_a_form_says(
        {"timed": False}, "untimed"
    )


def repeated() -> None:
    test_evidence.test_conditions_widen_and_never_raise_what_a_form_says(
        {"repeat": True}, "taken before"
    )


def interrupted() -> None:
    test_evidence.test_conditions_widen_and_never_raise_what_a_form_says(
        {"interrupted": True}, "interrupted"
    )


def more_work() -> None:
    test_predict.test_more_planned_work_never_lowers_the_mean_or_the_chance_at_a_date()


def same_points() -> None:
    from tests.forecast.test_constants import test_noise_is_the_same_points_along_the_scale

    test_noise_is_the_same_points_along_the_scale()


def grid_median() -> None:
    test_repeaters.test_the_median_of_the_grid_is_the_one_asked_for()


Mutant = tuple[ModuleType, str, str, Callable[[], None]]

MUTANTS: list[Mutant] = [
    # kalman: days pass
    (kalman, "- kappa * rate * effort[:, None]", "+ kappa * rate * effort[:, None]", brute),
    (kalman, "- typical * guess_mean[:, None]", "+ typical * guess_mean[:, None]", brute),
    (kalman, "(total.mean - base) * keep\n", "(total.mean - base) / keep\n", brute),
    (kalman, "total.variance * keep**2\n", "total.variance * keep\n", matrix_filter),
    (
        kalman,
        "+ typical**2 * guess_variance[:, None]",
        "- typical**2 * guess_variance[:, None]",
        brute,
    ),
    (
        kalman,
        "+ drift_variance_per_day * days[:, None]",
        "- drift_variance_per_day * days[:, None]",
        ranks,
    ),
    (
        kalman,
        "np.exp(-forgetting_per_day * unworked_days)",
        "np.exp(forgetting_per_day * unworked_days)",
        brute,
    ),
    (kalman, "total.covariance *= keep", "total.covariance *= -keep", matrix_filter),
    # kalman: a score
    (kalman, "total.mean += towards / own * move", "total.mean -= towards / own * move", brute),
    (
        kalman,
        "total.gap_mean += gap_towards / own * move",
        "total.gap_mean -= gap_towards / own * move",
        matrix_filter,
    ),
    (
        kalman,
        "total.variance -= gain * trust * towards",
        "total.variance += gain * trust * towards",
        brute,
    ),
    (
        kalman,
        "total.covariance -= gain * trust * gap_towards",
        "total.covariance += gain * trust * gap_towards",
        particles,
    ),
    (
        kalman,
        "total.gap_variance -= gap_gain * trust * gap_towards",
        "total.gap_variance += gap_gain * trust * gap_towards",
        matrix_filter,
    ),
    (
        kalman,
        "fit -= 0.5 * np.log1p(own / noise)",
        "fit += 0.5 * np.log1p(own / noise)",
        test_kalman.test_nodes_of_different_spread_are_weighed_by_the_likelihood_of_the_score,
    ),
    (kalman, "-0.5 * t * t, outlier_sds", "0.5 * t * t, outlier_sds", brute),
    (
        kalman,
        "np.maximum(np.abs(surprise), 1e-12))[:, None]",
        "np.maximum(size, 1e-12))",
        test_kalman.test_a_better_score_makes_no_line_less_likely_however_far_it_lies,
    ),
    (
        belief,
        "alone = not practice and not beside",
        "alone = False",
        lambda: (
            test_belief.test_the_number_of_a_lone_sitting_moves_the_mean_in_full_however_far_from_the_group(
                150.0
            )
        ),
    ),
    (kalman, "np.sign(t) * outlier_sds", "-np.sign(t) * outlier_sds", outlier),
    (kalman, "at = np.where(calm, at, edge)", "at = at", outlier),
    (kalman, "(at - mean) / variance - short", "(at - mean) / variance + short", points),
    (kalman, "np.expm1(shown - at)", "shown - at", points),
    (kalman, "move - 0.5 * (3.0", "move + 0.5 * (3.0", points),
    (kalman, "total.mean - total.gap_mean", "total.mean + total.gap_mean", matrix_filter),
    (
        kalman,
        "towards = total.variance - total.covariance",
        "towards = total.variance + total.covariance",
        particles,
    ),
    (kalman, "- 2.0 * total.covariance", "+ 2.0 * total.covariance", matrix_filter),
    # kalman: the chance of a sitting
    (kalman, "surprise - 0.5 * variance * there", "surprise + 0.5 * variance * there", integral),
    (kalman, "surprise = (at - mean)", "surprise = (mean - at)", integral),
    # kalman: an outcome
    (
        kalman,
        "total.log_weight += np.where(here_k, log_mass, 0.0)",
        "total.log_weight -= np.where(here_k, log_mass, 0.0)",
        test_belief.test_a_second_failure_lowers_the_rate_and_the_chance_of_the_same_further_work,
    ),
    (
        kalman,
        "mean_shift = density_lo - density_hi",
        "mean_shift = density_hi - density_lo",
        brute_failure,
    ),
    (kalman, "mean_shift = density_lo - density_hi", "mean_shift = density_lo", brute_interval),
    (kalman, "mean_shift**2 - (", "mean_shift**2 + (", brute_failure),
    (kalman, "np.where(flip, -mean_shift, mean_shift)", "mean_shift", brute_pass),
    (kalman, "total.variance *= 1.0 - shrink", "total.variance *= 1.0 + shrink", brute_failure),
    (kalman, "slope * gain * mean_shift, 0.0)", "-slope * gain * mean_shift, 0.0)", brute_gap),
    (kalman, "gain = total.variance / s\n", "gain = total.variance / s**2\n", brute_failure),
    (kalman, "np.sqrt(total.variance + var)", "np.sqrt(total.variance)", brute_failure),
    # prediction
    (predict, "np.exp(-pace.reshape", "np.exp(pace.reshape", drawn_learners),
    (
        predict,
        "+ c.drift_variance_per_day * work.days",
        "- c.drift_variance_per_day * work.days",
        drawn_learners,
    ),
    (predict, "luck = c.day_sd**2", "luck = -(c.day_sd**2)", drawn_learners),
    (predict, "level + 0.5 * (lasting - variance)", "level", day_luck),
    (
        predict,
        'np.exp(-c.parameter["forgetting_per_day"]',
        'np.exp(c.parameter["forgetting_per_day"]',
        drawn_learners,
    ),
    (predict, "c.day_sd**2 + c.sitting_sd**2 + c.mark_sd**2", "c.mark_sd**2", drawn_learners),
    (
        predict,
        "math.exp(c.log_mark) - np.exp(log_distance)",
        "np.exp(log_distance) - math.exp(c.log_mark)",
        drawn_learners,
    ),
    (
        predict,
        "mixture_quantile(f, HIGH), mixture_quantile(f, LOW)",
        "mixture_quantile(f, LOW), mixture_quantile(f, HIGH)",
        drawn_learners,
    ),
    (
        predict,
        "np.exp(f.mean + 0.5 * f.variance)",
        "np.exp(f.mean - 0.5 * f.variance)",
        drawn_learners,
    ),
    (
        predict,
        "(1.0 - dynamics_law.spill_over) * work.effort",
        "(1.0 + dynamics_law.spill_over) * work.effort",
        drawn_learners,
    ),
    (predict, "own + dynamics_law.spill_over", "own - dynamics_law.spill_over", drawn_learners),
    (predict, "np.tile(alpha_weight, k)", "np.tile(alpha_weight, k) * 0.9", drawn_learners),
    # belief
    (belief, "total.mean + gained - c.base", "total.mean - gained - c.base", unknown_before),
    (
        belief,
        "1.0 - c.law.spill_over",
        "-1.0 + c.law.spill_over",
        lambda: test_belief.test_work_on_one_area_raises_it_above_the_others(),
    ),
    (belief, "retaker=failed)\n    names", "retaker=False)\n    names", repeat_rate),
    (
        belief,
        "self.constants.ceiling - float(distance",
        "self.constants.ceiling + float(distance",
        lambda: test_belief.test_every_exam_and_group_has_a_belief_without_any_form(
            "usmle-step-1", "us-md"
        ),
    ),
    (
        belief,
        "s * (1.0 - share)",
        "s * (1.0 + share)",
        lambda: test_belief.test_every_exam_and_group_has_a_belief_without_any_form(
            "usmle-step-1", "us-md"
        ),
    ),
    (
        belief,
        "done / unit",
        "-0.3 * done / unit",
        test_belief.test_ticks_of_the_plan_move_the_expected_adherence,
    ),
    (
        belief,
        "k * (k + a - 1.0)",
        "k * (k + a + 1.0)",
        beta_moments,
    ),
    # evidence
    (evidence, 'bias += p["untimed_bias"]', 'bias -= p["untimed_bias"]', untimed),
    (evidence, 'sd *= p["untimed_widening"]', 'sd /= p["untimed_widening"]', untimed),
    (evidence, 'sd *= p["interrupted_widening"]', 'sd /= p["interrupted_widening"]', interrupted),
    (evidence, 'bias += p["repeat_bias"]', 'bias -= p["repeat_bias"]', repeated),
    (evidence, 'sd *= p["repeat_widening"]', 'sd /= p["repeat_widening"]', repeated),
    (
        evidence,
        "out.low, out.high, out.variance = -math.inf, line, variance",
        "out.low, out.high, out.variance = line, math.inf, variance",
        test_evidence.test_a_pass_is_the_other_side_of_the_same_line,
    ),
    (
        evidence,
        "* weeks_of_bank[bank]",
        "",
        test_evidence.test_weeks_of_one_bank_together_never_say_more_than_its_bias_allows,
    ),
    (
        evidence,
        "constants.log_distance(mark - 0.5)",
        "constants.log_distance(mark + 5.0)",
        test_evidence.test_distances_of_a_failing_report_are_neighbours_without_gap_or_overlap,
    ),
    (
        evidence,
        "weighted[place] += (total_percent - 100.0 * fraction)",
        "weighted[place] -= (total_percent - 100.0 * fraction)",
        test_evidence.test_area_results_are_told_against_the_forms_own_total,
    ),
    (
        evidence,
        'return 0.0, p["waiting_effort_sd"], 1.0, False',
        'return 0.0, p["waiting_effort_sd"], 0.0, False',
        test_evidence.test_weeks_of_waiting_are_without_work_and_weeks_before_a_sitting_are_not,
    ),
    (
        evidence,
        'silent < p["typical_retake_days"]',
        'silent > p["typical_retake_days"]',
        test_evidence.test_a_long_silence_holds_the_level_and_widens_it,
    ),
    (
        evidence,
        "variance += sd**2 * correlated",
        "variance -= sd**2 * correlated",
        test_evidence.test_a_gap_of_a_few_days_in_a_log_is_rest_and_a_long_one_is_unknown,
    ),
    (
        evidence,
        "* normal.quantile(clipped)",
        "* -normal.quantile(clipped)",
        test_evidence.test_a_printed_chance_is_used_only_without_a_total,
    ),
    # areas
    (
        deviations,
        "deviations.mean += gain * (y",
        "deviations.mean -= gain * (y",
        test_deviations.test_a_weaker_area_is_further_from_the_ceiling_and_a_noisier_result_says_less,
    ),
    (
        deviations,
        "1.0 - 2.0 * exam_weight +",
        "1.0 + 2.0 * exam_weight +",
        test_deviations.test_areas_correlate_as_stated_before_any_report,
    ),
    (
        deviations,
        "(1.0 / correlation - 1.0)",
        "(1.0 / correlation + 1.0)",
        test_deviations.test_areas_correlate_as_stated_before_any_report,
    ),
    (
        deviations,
        "deviations.variance *= 1.0 - gain",
        "deviations.variance *= 1.0 + gain",
        test_deviations.test_the_total_is_the_weighted_mean_and_no_spread_grows,
    ),
    (
        deviations,
        "relative / (",
        "relative * (",
        test_deviations.test_the_total_is_the_weighted_mean_and_no_spread_grows,
    ),
    # how study moves the score
    (
        dynamics,
        "np.expm1(-m / s) / m",
        "np.expm1(-m / s)",
        test_dynamics.test_ten_hours_of_questions_are_one_effective_day,
    ),
    (
        dynamics,
        "1.0 - average / self.holding_minutes",
        "1.0 + average / self.holding_minutes",
        test_dynamics.test_an_hour_a_day_over_a_week_holds_what_is_known_and_idle_weeks_forget,
    ),
    (
        dynamics,
        "(1.0 - lam) * left + lam",
        "(1.0 - lam) * left - lam",
        test_dynamics.test_the_gain_of_the_next_day_is_the_slope_of_the_distance,
    ),
    (
        dynamics,
        "own + lam * e.sum",
        "own - lam * e.sum",
        test_dynamics.test_work_in_proportion_to_the_exam_is_the_published_growth,
    ),
    # constants
    (constants, "np.exp(-2.0 * relative)", "np.exp(2.0 * relative)", same_points),
    (
        constants,
        "(normal.quantile(float(passing)) - asked)",
        "(normal.quantile(float(passing)) + asked)",
        test_constants.test_a_prior_gives_back_the_share_it_was_made_from,
    ),
    (constants, 'row["score_sd"] ** 2 - day', 'row["score_sd"] ** 2 + 4 * day', published_rates),
    (constants, "x**shape * np.exp(-x)", "x**(shape - 1.0) * np.exp(-x)", grid_median),
    (
        constants,
        "log_mark=math.log(ceiling - mark + 0.5)",
        "log_mark=math.log(ceiling - mark + 15.5)",
        published_rates,
    ),
    # repeaters, narrowing, the normal
    (
        repeaters,
        "present *= (1.0 - chance) * retake.return_share",
        "present *= chance * retake.return_share",
        lambda: test_repeaters.test_the_rates_on_file_are_those_the_fit_finds(
            "usmle-step-1", "us-md", 0.70
        ),
    ),
    (
        repeaters,
        "np.cumsum(c.rate_weight) - 0.5 * c.rate_weight",
        "np.cumsum(c.rate_weight)",
        grid_median,
    ),
    (narrowing, "now**2 - shared**2", "now**2 + shared**2", drawn_form),
    (narrowing, "level = f.lasting[0]", "level = 2.0 * f.lasting[0]", drawn_form),
    (
        normal,
        "0.5 * _erfc(-_SQRT_HALF * a)",
        "0.5 * _erfc(_SQRT_HALF * a)",
        test_normal.test_every_region_and_its_borders_agree_with_the_standard_library,
    ),
]


@pytest.mark.parametrize(
    ("module", "old", "new", "promise"),
    MUTANTS,
    ids=[
        f"{m.__name__.rsplit('.', 1)[-1]}: {old.strip()[:50]} → {new.strip()[:50]}"
        for m, old, new, _ in MUTANTS
    ],
)
def test_a_change_of_the_code_breaks_the_promise_named_beside_it(
    module: ModuleType, old: str, new: str, promise: Callable[[], None]
) -> None:
    with (
        mutant(module, old, new),
        # Or numpy's own word for the root of a variance that a sign has made negative.
        pytest.raises((AssertionError, RuntimeWarning)),
    ):
        promise()


@pytest.mark.parametrize(
    "promise", list(dict.fromkeys(row[3] for row in MUTANTS)), ids=lambda p: p.__name__
)
def test_without_a_change_every_such_promise_is_kept(promise: Callable[[], None]) -> None:
    promise()


def test_a_mutant_is_gone_when_it_was_tried() -> None:
    before = kalman.observe.__code__
    with mutant(kalman, "total.mean += towards / own", "total.mean -= towards / own"):
        assert kalman.observe.__code__ is not before
    assert kalman.observe.__code__ is before


def test_a_place_that_is_not_in_the_code_once_is_refused() -> None:
    with pytest.raises(ValueError, match="0 times"), mutant(kalman, "no such piece", ""):
        pass
