"""Published facts that an interface may quote: names of exams and tests, passing scores, sources.

What these numbers mean for a student is a question for the other services. The functions are those
of ``bounceback.facts``, where each is documented; this list says which of them an interface uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import lazy_imports

if TYPE_CHECKING:
    from bounceback.facts.areas import area_names, report_areas
    from bounceback.facts.attempt_limits import release
    from bounceback.facts.blueprints import blueprint
    from bounceback.facts.catalog import catalog_entry, resource_catalog
    from bounceback.facts.clearance import clearance_rules
    from bounceback.facts.describe import show, showable_ids
    from bounceback.facts.exams import exam, pass_mark
    from bounceback.facts.loading import ids, tables, value
    from bounceback.facts.pass_rates_table import pass_rate
    from bounceback.facts.practice_tests import conversion, form_families, form_family
    from bounceback.facts.sources import source, source_keys
    from bounceback.facts.support import ANYWHERE, instrument, support_lines
    from bounceback.facts.validation import check

__all__ = [
    "ANYWHERE",
    "area_names",
    "blueprint",
    "catalog_entry",
    "check",
    "clearance_rules",
    "conversion",
    "exam",
    "form_families",
    "form_family",
    "ids",
    "instrument",
    "pass_mark",
    "pass_rate",
    "release",
    "report_areas",
    "resource_catalog",
    "show",
    "showable_ids",
    "source",
    "source_keys",
    "support_lines",
    "tables",
    "value",
]

if not TYPE_CHECKING:  # so that a name that is not listed is an error of types
    __getattr__, __dir__ = lazy_imports.on_first_use(
        __name__,
        {
            "areas": ("area_names", "report_areas"),
            "attempt_limits": ("release",),
            "blueprints": ("blueprint",),
            "catalog": ("catalog_entry", "resource_catalog"),
            "clearance": ("clearance_rules",),
            "describe": ("show", "showable_ids"),
            "exams": ("exam", "pass_mark"),
            "loading": ("ids", "tables", "value"),
            "pass_rates_table": ("pass_rate",),
            "practice_tests": ("conversion", "form_families", "form_family"),
            "sources": ("source", "source_keys"),
            "support": ("ANYWHERE", "instrument", "support_lines"),
            "validation": ("check",),
        },
        base="bounceback.facts",
    )
