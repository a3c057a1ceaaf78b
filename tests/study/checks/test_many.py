"""A study of a hundred thousand participants: the check ends, and what it says stays short."""

from __future__ import annotations

from helpers.study.finding import SHOWN

TIMES = 1800  # the good study's 56 participants, so often


def copies(study, name: str) -> None:
    """Write a table so often, each time with other codes, without holding it as lists of cells."""
    head, *lines = study.file(name).read_bytes().splitlines()
    whole = [head]
    for turn in range(TIMES):
        whole += [b"K%04d%s" % (turn, line[1:]) for line in lines]
    study.write(name, b"\n".join(whole) + b"\n")


def test_a_hundred_thousand_participants(good, check):
    for name in ("people", "scales", "blood", "doses"):
        copies(good, name)
    # Every age impossible, and every baseline sample of one analyte lost.
    people = good.file("people").read_text().splitlines()
    spoilt = [people[0], *(",".join([*row.split(",")[:2], "173", *row.split(",")[3:]]) for row in people[1:])]
    good.file("people").write_text("\n".join(spoilt) + "\n")
    blood = good.file("blood").read_text().splitlines()
    lost = [",".join([*row.split(",")[:2], "", *row.split(",")[3:]]) if ",baseline," in row else row for row in blood]
    good.file("blood").write_text("\n".join(lost) + "\n")
    done = check(good)
    assert done.status == 2
    found = done.finding("range", file="people.csv", column="age")
    assert (found["count"], len(found["rows"])) == (TIMES * 56, SHOWN)
    assert done.finding("baseline-value", column="il_6")["count"] == TIMES * 48
    assert max(map(len, done.said.splitlines())) < 400
    assert len(done.said) < 5000
    assert len(done.page) < 20_000
