"""Clearance rules are data: scores, counts and days, never a probability."""

from __future__ import annotations

import dataclasses

import pytest

from bounceback import facts
from bounceback.errors import FactError


def test_the_published_rules_keep_their_numbers() -> None:
    nova = facts.clearance_rule("nova-kpcom-level-1")
    assert (nova.families, nova.minimum, nova.max_tries) == (("comsae",), 450, 3)
    vcom = facts.clearance_rule("vcom-level-1")
    assert (vcom.minimum, vcom.conditional_minimum) == (460, 440)
    assert (vcom.block_percent, vcom.block_days) == (65, 14)
    louisville = facts.clearance_rule("louisville-step-1")
    assert (louisville.minimum, louisville.scale, louisville.within_days) == (200, "reported", 14)


def test_two_results_above_72_percent_are_the_publishers_wording() -> None:
    rule = facts.clearance_rule("nbme-two-results")
    assert (rule.minimum, rule.scale, rule.count, rule.strictly_above) == (72, "epc", 2, True)


def test_a_cut_the_school_keeps_to_itself_is_unknown() -> None:
    for rule_id in ("sgu-step-1", "ross-step-1", "lmu-dcom-level-1"):
        rule = facts.clearance_rule(rule_id)
        assert rule.minimum is None
        assert "not public" in rule.note


def test_every_rule_names_families_that_serve_its_exam() -> None:
    for rule in facts.clearance_rules():
        for family in rule.families:
            assert rule.exam in facts.form_family(family).exams


def test_no_rule_uses_a_chance() -> None:
    fields = {f.name for f in dataclasses.fields(facts.ClearanceRule)}
    assert not {name for name in fields if name.startswith("p_") or "probab" in name}
    assert not any(
        "chance" in rule.text or "probab" in rule.text for rule in facts.clearance_rules()
    )


def test_an_unknown_rule_is_refused_with_the_list() -> None:
    with pytest.raises(FactError, match="rules: none, nova-kpcom-level-1"):
        facts.clearance_rule("my-school")
