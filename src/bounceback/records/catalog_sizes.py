"""What a case leaves out of a resource, taken from the catalog entry that it names.

The record keeps what the learner wrote: sizes are filled in where they are used, so that a catalog
that is read anew reaches every case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bounceback import facts
from bounceback.errors import FactError
from bounceback.records.models import Resource


def with_catalog_sizes(resources: Sequence[Resource]) -> tuple[Resource, ...]:
    """The resources with units, minutes and strand from the catalog where the case has none.

    A published count that the learner has already gone beyond is no size: units stay unknown.
    An entry that a newer catalog no longer has adds nothing; reading a case refuses such an id.
    """
    return tuple(one if one.catalogue is None else _filled(one, one.catalogue) for one in resources)


def _filled(resource: Resource, entry_id: str) -> Resource:
    try:
        entry = facts.catalog_entry(entry_id)
    except FactError:
        return resource
    if entry.kind != resource.kind:
        return resource  # units of another kind say nothing about this one
    units, minutes = resource.units, resource.minutes_per_unit
    if units is None and entry.plannable_units is not None:
        units = entry.plannable_units if resource.done <= entry.plannable_units else None
    return replace(
        resource,
        units=units,
        minutes_per_unit=entry.minutes_per_unit if minutes is None else minutes,
        strand=entry.strand if resource.strand is None else resource.strand,
    )
