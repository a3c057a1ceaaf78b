"""Patterns of visits and samples, counted again from the tables, and nobody told by one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from helpers.analysis.missing_patterns import missing_patterns
from helpers.analysis.results import pick
from helpers.study import load_study

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def pbc():
    return load_study(DATA / "pbc")


def plain_patterns() -> Counter:
    people = pd.read_csv(DATA / "pbc" / "participants.csv")
    seen = {}
    for name, values in (("laboratory", ["bilirubin", "alkaline_phosphatase", "edema"]), ("analytes", None)):
        table = pd.read_csv(DATA / "pbc" / f"{name}.csv")
        values = values or [column for column in table if column not in ("id", "visit")]
        seen[name] = set(table.dropna(subset=values, how="all")[["id", "visit"]].itertuples(index=False, name=None))
    visits = ["baseline", "month_6", "month_12", "month_24", "month_36"]
    found = Counter()
    for person in people.itertuples():
        first = "".join("x" if (person.id, v) in seen["laboratory"] else "-" for v in visits)
        second = "".join("x" if (person.id, v) in seen["analytes"] else "-" for v in visits if v != "month_6")
        found[f"{first}/{second}", person.group] += 1
    return found


def test_every_common_pattern_is_counted_by_group(pbc):
    rows, plain = pick(missing_patterns(pbc), statistic="participants"), plain_patterns()
    totals = Counter()
    for (pattern, _), count in plain.items():
        totals[pattern] += count
    common = {pattern for pattern, count in totals.items() if count >= 5}
    assert common == set(rows["contrast"]) - {"other"}
    for part in rows[rows["contrast"] != "other"].itertuples():
        assert part.value == plain[part.contrast, part.group]
    assert rows["value"].sum() == 312
    other = pick(missing_patterns(pbc), statistic="patterns")["value"].item()
    assert other == sum(count < 5 for count in totals.values()) > 0


def test_no_row_stands_for_fewer_than_five(pbc):
    rows = pick(missing_patterns(pbc), statistic="participants")
    named = rows[rows["contrast"] != "other"]
    assert named.groupby("contrast")["value"].sum().min() >= 5
    text = rows.to_csv()
    assert not any(name in text for name in pbc.participants["id"])


def test_a_whole_study_has_one_pattern_a_schedule(pbc):
    study = load_study(DATA / "synthetic")
    rows = pick(missing_patterns(study), statistic="participants")
    # Five patients gave no last sample; everybody was seen at every visit.
    assert rows.groupby("contrast")["value"].sum().to_dict() == {"xxxxxxxx/xxx": 61, "xxxxxxxx/xx-": 5}
