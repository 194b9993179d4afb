"""Practice tests: every owned one gets a day or a reason, and what stands in where they are few."""

from bounceback.planning.practice_tests.history import (
    FREE_SAMPLE,
    TIMED_BLOCKS,
    FormSize,
    FormsState,
    days_taken,
    form_size,
    forms_state,
    has_extra_time,
    is_avoided,
    latest_evidence,
    times_put_off,
)
from bounceback.planning.practice_tests.placement import (
    PlacementProblem,
    Room,
    can_sit,
    place_forms,
)

__all__ = [
    "FREE_SAMPLE",
    "TIMED_BLOCKS",
    "FormSize",
    "FormsState",
    "PlacementProblem",
    "Room",
    "can_sit",
    "days_taken",
    "form_size",
    "forms_state",
    "has_extra_time",
    "is_avoided",
    "latest_evidence",
    "place_forms",
    "times_put_off",
]
