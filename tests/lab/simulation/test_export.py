"""A population on disk: a case a line, an outcome a row."""

import csv
import json

from bounceback.records import parse_case
from bounceback_lab.simulation import digest, simulate, write_population


def test_cases_and_outcomes_come_back_as_they_were(tmp_path):
    population = simulate(30, 9)
    told = []
    cases, outcomes, about = write_population(population, tmp_path / "new", told.append)
    lines = cases.read_text(encoding="utf-8").splitlines()
    assert [parse_case(line, json=True).record for line in lines] == list(population.records())
    rows = list(csv.DictReader(outcomes.read_text(encoding="utf-8").splitlines()))
    assert [row["outcome"] == "pass" for row in rows] == population.outcomes.passed.tolist()
    assert [int(row["score"]) for row in rows] == population.outcomes.score.astype(int).tolist()
    assert [row["as_of"] for row in rows] == [str(population.as_of(i)) for i in range(30)]
    held = json.loads(about.read_text(encoding="utf-8"))
    assert held["digest"] == digest()
    assert held["learners"] == 30
    assert held["seed"] == 9
