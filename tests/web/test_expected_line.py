"""A score against what was expected: no label collides, whatever the numbers."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounceback_web.pages import expected_line
from tests.web.test_date_line import assert_legible

scores = st.floats(1, 300)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(score=scores, low=st.none() | scores, wide=st.floats(0.5, 60), passing=scores)
def test_no_two_labels_collide(
    score: float, low: float | None, wide: float, passing: float
) -> None:
    picture = expected_line.Expected(
        score=score,
        low=low,
        high=None if low is None else low + wide,
        passing=passing,
        unit="",
        title="t",
        score_label=f"You: {score:.1f}",
        passing_label=f"passing score {passing:.0f}",
        expected_label="expected 100 to 200",
        step=20.0,
    )
    for width in (358.0, 720.0):
        drawing = expected_line.draw(picture, width)
        assert_legible(drawing.boxes, width)
        assert drawing.markup.count("ex-band") == (low is not None)
