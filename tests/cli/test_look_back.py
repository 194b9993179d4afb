"""bounceback lookback: the day before the failed sitting, seen again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bounceback.cli import main
from bounceback.services import lookback, lookback_to_json
from tests.services.builders import CASES, known


@pytest.mark.parametrize("name", CASES)
def test_the_page_sets_the_evidence_beside_the_decision(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lookback", str(CASES[name])]) == 0
    page = capsys.readouterr().out
    assert page.index("What your results showed before the exam") < page.index("What was decided")
    assert max(map(len, page.splitlines())) <= 80


@pytest.mark.parametrize("name", CASES)
def test_json_is_what_python_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookback", str(CASES[name]), "--json"]) == 0
    ours = json.loads(json.dumps(lookback_to_json(lookback(known()[name]))))
    assert json.loads(capsys.readouterr().out) == ours


def test_without_a_failed_sitting_the_record_is_asked_for_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "me.toml"
    path.write_text(
        'schema = 1\n[learner]\ngroup = "us-md"\ntime_zone = "UTC"\n[exam]\nid = "usmle-step-1"\n',
        encoding="utf-8",
    )
    assert main(["lookback", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "no failed attempt" in err
