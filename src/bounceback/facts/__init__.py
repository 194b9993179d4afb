"""What is published about exams, scores, outcomes and the match, as in force on a day.

Every number of the world is data in ``facts/data/`` with its unit, its first day in force, its
source and a confidence (``official``, ``reported`` or ``inferred``). Nothing here reads a clock:
``on`` and ``today`` are arguments. What nobody publishes raises ``FactUnknown`` with the reason.

Names are loaded when first used, so that asking one question reads one small file::

    >>> from datetime import date
    >>> from bounceback import facts
    >>> mark = facts.pass_mark("usmle-step-2-ck", date(2027, 1, 20))
    >>> mark.value, mark.in_force_from, mark.status
    (218.0, datetime.date(2025, 7, 1), 'reported')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import lazy_imports

if TYPE_CHECKING:
    from bounceback.facts.areas import AreaMatch, area_names, map_area, report_areas, resolve_area
    from bounceback.facts.attempt_limits import (
        AttemptRules,
        Fee,
        Release,
        StateLimit,
        attempt_rules,
        fees,
        release,
        release_is_paused,
        state_limit,
    )
    from bounceback.facts.blueprints import Category, blueprint, exam_weights
    from bounceback.facts.catalog import (
        BankFilters,
        CatalogEntry,
        bank_filters,
        catalog_entry,
        nearest_entries,
        resource_catalog,
    )
    from bounceback.facts.clearance import ClearanceRule, clearance_rule, clearance_rules
    from bounceback.facts.describe import show, showable_ids
    from bounceback.facts.evidence_tables import Evidence, evidence, evidence_on
    from bounceback.facts.exams import (
        BlockRhythm,
        Exam,
        Norms,
        PassMark,
        block_rhythm,
        exam,
        measurement_error,
        norms,
        pass_mark,
        percentile,
        rehearsal_rhythm,
    )
    from bounceback.facts.loading import ids, table, tables, value
    from bounceback.facts.model_parameters import adopt, adopted, parameters
    from bounceback.facts.models import Sourced
    from bounceback.facts.pass_rates_table import PassRate, pass_rate, pass_rates
    from bounceback.facts.practice_tests import (
        Conversion,
        FormFamily,
        conversion,
        form_families,
        form_family,
    )
    from bounceback.facts.sources import Source, source
    from bounceback.facts.support import (
        Instrument,
        SupportLine,
        country_of_zone,
        instrument,
        instruments,
        support_lines,
    )
    from bounceback.facts.testing_days import ClosedDay, closed_day
    from bounceback.facts.time_needed import TimeNeededLevel, time_needed_guide
    from bounceback.facts.validation import check

__all__ = [
    "AreaMatch",
    "AttemptRules",
    "BankFilters",
    "BlockRhythm",
    "CatalogEntry",
    "Category",
    "ClearanceRule",
    "ClosedDay",
    "Conversion",
    "Evidence",
    "Exam",
    "Fee",
    "FormFamily",
    "Instrument",
    "Norms",
    "PassMark",
    "PassRate",
    "Release",
    "Source",
    "Sourced",
    "StateLimit",
    "SupportLine",
    "TimeNeededLevel",
    "adopt",
    "adopted",
    "area_names",
    "attempt_rules",
    "bank_filters",
    "block_rhythm",
    "blueprint",
    "catalog_entry",
    "check",
    "clearance_rule",
    "clearance_rules",
    "closed_day",
    "conversion",
    "country_of_zone",
    "evidence",
    "evidence_on",
    "exam",
    "exam_weights",
    "fees",
    "form_families",
    "form_family",
    "ids",
    "instrument",
    "instruments",
    "map_area",
    "measurement_error",
    "nearest_entries",
    "norms",
    "parameters",
    "pass_mark",
    "pass_rate",
    "pass_rates",
    "percentile",
    "rehearsal_rhythm",
    "release",
    "release_is_paused",
    "report_areas",
    "resolve_area",
    "resource_catalog",
    "show",
    "showable_ids",
    "source",
    "state_limit",
    "support_lines",
    "table",
    "tables",
    "time_needed_guide",
    "value",
]

__getattr__, __dir__ = lazy_imports.on_first_use(
    __name__,
    {
        "areas": ("AreaMatch", "area_names", "map_area", "report_areas", "resolve_area"),
        "blueprints": ("Category", "blueprint", "exam_weights"),
        "catalog": (
            "BankFilters",
            "CatalogEntry",
            "bank_filters",
            "catalog_entry",
            "nearest_entries",
            "resource_catalog",
        ),
        "validation": ("check",),
        "clearance": ("ClearanceRule", "clearance_rule", "clearance_rules"),
        "model_parameters": ("adopt", "adopted", "parameters"),
        "exams": (
            "BlockRhythm",
            "Exam",
            "Norms",
            "PassMark",
            "block_rhythm",
            "exam",
            "measurement_error",
            "norms",
            "pass_mark",
            "percentile",
            "rehearsal_rhythm",
        ),
        "evidence_tables": ("Evidence", "evidence", "evidence_on"),
        "practice_tests": (
            "Conversion",
            "FormFamily",
            "conversion",
            "form_families",
            "form_family",
        ),
        "pass_rates_table": ("PassRate", "pass_rate", "pass_rates"),
        "attempt_limits": (
            "AttemptRules",
            "Fee",
            "Release",
            "StateLimit",
            "attempt_rules",
            "fees",
            "release",
            "release_is_paused",
            "state_limit",
        ),
        "loading": ("ids", "table", "tables", "value"),
        "describe": ("show", "showable_ids"),
        "sources": ("Source", "source"),
        "support": (
            "Instrument",
            "SupportLine",
            "country_of_zone",
            "instrument",
            "instruments",
            "support_lines",
        ),
        "testing_days": ("ClosedDay", "closed_day"),
        "time_needed": ("TimeNeededLevel", "time_needed_guide"),
        "models": ("Sourced",),
    },
)
