"""What is withheld of results rows, and what of it could be computed again."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.analysis.disclosure import WITHHELD, plan_for, read_control, write_control
from helpers.analysis.disclosure.plan import carry_out
from helpers.analysis.results import join, pick, row, to_frame


def flow(**sizes):
    return to_frame([row("flow", "participants", n, group=g, n=n, method="count") for g, n in sizes.items()])


def rates(first, second, n=33):
    cells = {"outcome": "madrs", "visit": "last"}
    made = []
    for group, count in (("a", first), ("b", second)):
        made.append(row("response", "count", count, group=group, n=n, **cells))
        made.append(row("response", "percent", 100 * count / n, group=group, n=n, **cells))
    both = {**cells, "contrast": "a - b", "n": 2 * n}
    made += [
        row("response", "chi_square", 4.06, p=0.04, df1=1, **both),
        row("response", "odds_ratio", 2.8, p=0.05, **both),
    ]
    made += [
        row("time_to_response", "events", count, group=g, n=n, **cells) for g, count in (("a", first), ("b", second))
    ]
    made.append(
        row("time_to_response", "t_events_only", 0.8, p=0.4, df1=1, df2=first + second, **{**both, "n": first + second})
    )
    made.append(row("time_to_response", "log_rank", 4.9, p=0.03, df1=1, **both))
    return to_frame(made)


def controlled(*parts, threshold=5):
    rows = join(*parts)
    return plan_for(rows, threshold).rows(rows)


def shown(rows, **cells):
    return pick(rows, **cells)["value"].tolist()


@pytest.mark.parametrize("few", [1, 4, 29, 32])
def test_few_responders_or_few_others_take_their_percentage_and_tests_along(few):
    made = controlled(flow(a=33, b=33), rates(few, 20))
    assert np.isnan(shown(made, analysis="response", group="a")).all()
    assert shown(made, analysis="response", statistic="count", group="b") == [20]
    tests = made[made["contrast"] == "a - b"]
    assert tests[["value", "p", "df2"]].isna().all().all()
    assert set(tests["method"]) == {WITHHELD}


@pytest.mark.parametrize("count", [0, 5, 28, 33])
def test_none_all_and_enough_are_shown(count):
    made = controlled(flow(a=33, b=33), rates(count, 20))
    assert shown(made, analysis="response", statistic="count", group="a") == [count]
    assert pick(made, analysis="response")["value"].notna().all()


def test_the_only_other_group_goes_where_all_is_told():
    cells = {"outcome": "event"}
    events = [
        row("adverse_event", "count", k, group=g, n=n, **cells)
        for g, k, n in (("", 23, 396), ("a", 3, 198), ("b", 20, 198))
    ]
    made = controlled(flow(a=33, b=33), to_frame(events))
    assert shown(made, analysis="adverse_event")[0] == 23
    assert np.isnan(shown(made, analysis="adverse_event")[1:]).all()


def test_a_second_level_goes_with_a_small_one():
    levels = {"single": 12, "married": 18, "widowed": 3}
    made = controlled(
        flow(a=33),
        to_frame(
            [row("baseline", "count", k, outcome="marital", group="a", contrast=c, n=33) for c, k in levels.items()]
        ),
    )
    assert shown(made, analysis="baseline")[1] == 18
    assert np.isnan(shown(made, analysis="baseline")[0])
    assert np.isnan(shown(made, analysis="baseline")[2])


def test_a_missing_count_is_not_told_by_n_nor_by_its_digits():
    seen = [
        row("observed", "mean", 31.424242, outcome="vas", group=g, visit="v", n=n) for g, n in (("a", 31), ("b", 27))
    ]
    test = row("observed", "t", 2.129798, outcome="vas", visit="v", contrast="a - b", n=58, df1=1, df2=56, p=0.0371234)
    gaps = [
        row("missing", "missing", 33 - n, outcome="vas", group=g, visit="v", n=33) for g, n in (("a", 31), ("b", 27))
    ]
    made = controlled(flow(a=33, b=33), to_frame([*seen, test, *gaps]))
    means = pick(made, analysis="observed", statistic="mean")
    assert means["n"].isna().tolist() == [True, False]
    assert means["value"].iloc[0] == 31.4
    (told,) = pick(made, statistic="t").itertuples()
    assert np.isnan(told.n)
    assert (told.value, told.df2, told.p) == (2.13, 60.0, 0.037)
    assert np.isnan(shown(made, analysis="missing", group="a"))


def test_a_mean_of_few_is_withheld_and_so_is_an_extreme():
    rows = [row("observed", "mean", 3.25, group="c", n=4), row("observed", "max", 57, group="a", n=33)]
    made = controlled(flow(a=33, c=4), to_frame(rows))
    assert np.isnan(shown(made, analysis="observed")).all()
    assert np.isnan(shown(made, analysis="flow", group="c"))


def test_quartiles_need_more_people_than_a_median():
    rows = [row("observed", s, 3.25, group="a", n=12) for s in ("median", "q1")]
    made = controlled(flow(a=12), to_frame(rows))
    assert np.isfinite(shown(made, statistic="median"))
    assert np.isnan(shown(made, statistic="q1"))


def test_a_reason_does_not_tell_a_number():
    made = controlled(
        flow(a=33), to_frame([row("x", "t", np.nan, n=20, method="not computed: 3 values, 4 are needed")])
    )
    assert pick(made, analysis="x")["method"].tolist() == ["not computed."]


def test_rows_that_no_plan_knows_are_withheld_and_checks_of_the_ledger_are_not():
    plan = plan_for(flow(a=33), 5).plan
    new = to_frame([row("new", "count", 40, n=50), row("claims", "emerges", 3, contrast="count", n=9)])
    made = carry_out(new, plan)
    assert np.isnan(made["value"].iloc[0])
    assert made["value"].iloc[1] == 3


def test_a_plan_is_read_as_it_was_written_and_only_where_it_lies(tmp_path):
    rows = join(flow(a=33, b=33), rates(3, 20))
    control = plan_for(rows, 5)
    write_control(control, tmp_path)
    assert read_control(tmp_path).rows(rows).equals(control.rows(rows))
    assert read_control(tmp_path / "elsewhere") is None


def test_control_twice_is_control_once():
    rows = join(flow(a=33, b=33), rates(3, 20))
    control = plan_for(rows, 5)
    once = control.rows(rows)
    assert control.rows(once).equals(once)


def test_who_came_and_was_not_measured_is_a_count_too():
    """Of 95 who came, 92 have the outcome: the three are told by neither count beside the other."""
    cells = {"group": "a", "visit": "v"}
    came = row("flow", "assessed", 95, n=158, **cells)
    gaps = [row("missing", "missing", 158 - n, outcome=o, n=158, **cells) for o, n in (("x", 95), ("y", 92), ("z", 80))]
    means = [row("observed", "mean", 3.2512, outcome=o, n=n, **cells) for o, n in (("x", 95), ("y", 92), ("z", 80))]
    made = controlled(flow(a=158), to_frame([came, *gaps, *means]))
    assert shown(made, analysis="flow", visit="v") == [95]
    assert pick(made, statistic="missing")["value"].isna().tolist() == [False, True, False]
    assert pick(made, statistic="mean")["n"].isna().tolist() == [False, True, False]


def test_a_visit_that_few_missed_is_no_full_one():
    cells = {"group": "a", "visit": "v"}
    came = row("flow", "sampled", 31, n=33, **cells)
    below = [row("detection", "below_limit", k, analyte=x, n=31, **cells) for x, k in (("il_2", 0), ("il_6", 12))]
    made = controlled(flow(a=33), to_frame([came, *below]))
    assert np.isnan(shown(made, analysis="flow", visit="v")).all()
    assert shown(made, analysis="detection") == [0, 12]
    assert pick(made, analysis="detection")["n"].isna().all()
