"""What a minute of study is worth, beyond its activity (rule F1).

A minute of new questions is worth 1. Three things change that for other minutes, and the forecast
and the plan take them from here:

* **Second looks** at questions seen before pay once: each further return to the same pool of
  missed questions is worth a fixed share of the one before, so their total is bounded.
* **Content** (reading and video) pays by foundation: more where the learner is far below the
  passing score in an area, less where questions alone would do.
* **A block and its review are one act**: review is worth as much as its questions up to a stated
  multiple of their minutes; what goes beyond is a second look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bounceback.vocabulary import Activity

Floats = NDArray[np.float64]

CONTENT: Final[frozenset[Activity]] = frozenset({"reading", "video"})
"""Activities whose worth depends on the foundation."""


@dataclass(frozen=True, slots=True)
class StudyEffects:
    """Worth of a minute relative to a minute of new questions. All constants are facts.

    Attributes:
        activity: Worth of each activity at the passing score, questions = 1.
        second_look: Worth of the first return to a missed or flagged question.
        second_look_decay: Worth of each further return, as a share of the one before; in (0, 1).
        missed_share: Share of a bank's questions that are missed or guessed at first.
        review_ratio: Minutes of review, for each minute of questions, that belong to the block.
        content_solid: Factor on content at ``content_solid_sds`` above the passing score or more.
        content_gap: Factor on content at ``content_gap_sds`` below it or more; 1 at the mark.
        content_solid_sds: Exam SDs above the passing score, positive.
        content_gap_sds: Exam SDs below it, positive.
    """

    activity: Mapping[Activity, float]
    second_look: float
    second_look_decay: float
    missed_share: float
    review_ratio: float
    content_solid: float
    content_gap: float
    content_solid_sds: float
    content_gap_sds: float

    def of_activity(self, activity: Activity, below_mark_sds: Floats | float = 0.0) -> Floats:
        """Worth of a minute of an activity for a learner or area so far below the passing score.

        Args:
            activity: Second looks go through :meth:`second_look_worth`.
            below_mark_sds: Distance below the passing score in exam SDs, negative above it; any
                shape.

        Returns:
            Worth, same shape as ``below_mark_sds``; never falls as the distance grows.
        """
        worth = np.full(np.shape(below_mark_sds), self.activity[activity])
        if activity in CONTENT:
            worth = worth * self.content_factor(below_mark_sds)
        return np.asarray(worth)

    def content_factor(self, below_mark_sds: Floats | float) -> Floats:
        """Factor on the worth of reading and video: linear between its three stated points."""
        at = (-self.content_solid_sds, 0.0, self.content_gap_sds)
        factor = (self.content_solid, 1.0, self.content_gap)
        return np.asarray(np.interp(below_mark_sds, at, factor))

    def second_look_worth(self, done: Floats | float, pool: Floats | float) -> Floats:
        """Worth of the next minute of second looks after ``done`` minutes of them.

        Args:
            done: Minutes of second looks so far at the same pool of questions.
            pool: Minutes that one look at every missed or flagged question of the pool takes.
                0: there is nothing to return to.
        """
        looks = np.asarray(done, dtype=np.float64) / np.maximum(pool, 1e-9)
        worth = self.second_look * self.second_look_decay**looks
        return np.asarray(np.where(np.asarray(pool) > 0.0, worth, 0.0))

    def second_look_minutes(self, done: Floats | float, pool: Floats | float) -> Floats:
        """What the first ``done`` minutes of second looks are worth, in minutes of new questions.

        The integral of :meth:`second_look_worth`: rises and is concave in ``done``, bounded by
        :meth:`second_look_limit`; rises with the pool.
        """
        size = np.asarray(pool, dtype=np.float64)
        looks = np.asarray(done, dtype=np.float64) / np.maximum(size, 1e-9)
        return np.asarray(self.second_look_limit(size) * -np.expm1(looks * self._log_decay))

    def second_look_limit(self, pool: Floats | float) -> Floats:
        """Most that second looks at a pool can ever be worth, in minutes of new questions."""
        return np.asarray(self.second_look / -self._log_decay * np.asarray(pool, dtype=np.float64))

    def missed_minutes(self, seen_question_minutes: Floats | float) -> Floats:
        """Pool of second looks left by questions that took so many minutes when they were new."""
        return np.asarray(self.missed_share * np.asarray(seen_question_minutes, dtype=np.float64))

    @property
    def second_pass(self) -> float:
        """Worth of a minute of going through a whole bank again, known questions included."""
        return self.second_look * self.missed_share

    @property
    def _log_decay(self) -> float:
        return float(np.log(self.second_look_decay))
