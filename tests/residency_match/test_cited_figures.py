"""Figures that may not stand together are refused; numbers come from figures alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback.errors import FactError
from bounceback.residency_match import Figure, MixedFiguresError, sentence
from bounceback.residency_match.cited_figures import half_up

SENIORS = Figure(
    value=93.5,
    unit="of-100",
    year=2026,
    applicant_type="us-md-senior",
    metric="pgy-1",
    regime="step-1-pass-fail",
    source="NRMPSIM",
    confidence="reported",
    cell="match_rates|2026|us-md-senior|All specialties|pgy-1|percent",
)


@pytest.mark.parametrize(
    "other",
    [
        {"applicant_type": "us-md-prior-graduate"},
        {"metric": "placed-after-soap"},
        {"regime": "step-1-numeric"},
        {"year": 2018},
    ],
)
def test_figures_of_another_kind_year_or_era_do_not_share_a_sentence(
    other: dict[str, object],
) -> None:
    mixed = replace(SENIORS, **other)  # type: ignore[arg-type]
    for pair in ((SENIORS, mixed), (mixed, SENIORS)):
        with pytest.raises(MixedFiguresError, match=next(iter(other))):
            sentence("{0} and {1}.", *pair)


kinds = st.sampled_from(("us-md-senior", "us-do-senior", "us-img", "non-us-img"))
figures = st.builds(
    lambda kind, metric, regime, year: replace(
        SENIORS, applicant_type=kind, metric=metric, regime=regime, year=year
    ),
    kinds,
    st.sampled_from(("pgy-1", "placed-after-soap")),
    st.sampled_from(("step-1-pass-fail", "step-1-numeric", "across-the-change")),
    st.sampled_from((2018, 2026)),
)


@given(st.lists(figures, min_size=1, max_size=4))
def test_a_sentence_is_made_of_alike_figures_or_not_at_all(some: list[Figure]) -> None:
    def about(f: Figure) -> tuple[object, ...]:
        return f.applicant_type, f.metric, f.regime, f.year

    alike = all(about(a) == about(b) for a, b in combinations(some, 2))
    template = " ".join(f"{{{i}}}" for i in range(len(some))) + "."
    if alike:
        assert sentence(template, *some).figures == tuple(some)
    else:
        with pytest.raises(MixedFiguresError):
            sentence(template, *some)


def test_an_inferred_figure_cannot_be_made() -> None:
    with pytest.raises(FactError, match="inferred"):
        replace(SENIORS, confidence="inferred")


def test_a_figure_without_a_source_cannot_be_made() -> None:
    with pytest.raises(FactError, match="source"):
        replace(SENIORS, source=" ")


def test_a_number_of_the_template_is_refused_and_the_name_of_an_exam_is_not() -> None:
    with pytest.raises(FactError, match="number of its own"):
        sentence("About 94 of 100 matched.")
    assert sentence("Level 2-CE and Step 2 CK.").text == "Level 2-CE and Step 2 CK."


def test_a_sentence_ends_with_publisher_year_and_age() -> None:
    old = replace(SENIORS, year=2025, edition="one-edition-old")
    said = sentence("{0} matched.", old)
    assert said.text == (
        "About 94 of 100 matched (NRMP summaries in a public repository, 2025, one edition old)."
    )
    assert said.to_briefing()["year"] == 2025
    assert said.to_briefing()["source"] == "NRMPSIM"


@given(st.floats(0, 100))
def test_a_share_is_said_in_whole_people(share: float) -> None:
    said = replace(SENIORS, value=share).words
    assert said == f"about {half_up(share)} of 100"
    assert abs(half_up(share) - share) <= 0.5
