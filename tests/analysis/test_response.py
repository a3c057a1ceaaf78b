"""Response, remission and the time to each, recomputed from the files by plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from helpers.analysis import response
from helpers.analysis.results import pick
from helpers.analysis.settings import Settings
from helpers.study import load_study

ENDPOINTS = [("synthetic", "response"), ("synthetic", "remission"), ("pbc", "response")]


def patients(source, name: str, **rule) -> list[dict]:
    """One dict a patient: group, whether the endpoint is met at the rule's visit, time and event."""
    rule = {**source.roles[name], **rule}
    days = {visit["name"]: visit["day"] for visit in source.roles["visits"]}
    visits = [v for v in days if 0 < days[v] <= days[rule["visit"]]]
    scores = source.outcomes.set_index(["id", "visit"])[rule["outcome"]].dropna().to_dict()
    found = []
    for person in source.participants.itertuples():
        base = scores.get((person.id, "baseline"))
        seen = [visit for visit in visits if (person.id, visit) in scores]
        if person.group not in source.roles["group"]["compared"] or base is None:
            continue
        hits = []
        for visit in seen:
            value = scores[person.id, visit]
            if (value <= rule["cutoff"]) if name == "remission" else (base - value >= rule["fraction"] * base):
                hits.append(visit)
        found.append({
            "group": person.group,
            "met": (rule["visit"] in hits) if rule["visit"] in seen else None,
            "time": days[hits[0]] if hits else days[seen[-1]] if seen else None,
            "event": bool(hits),
        })  # fmt: skip
    return found


def split(source, found: list[dict], key: str) -> list[list]:
    return [
        [p[key] for p in found if p["group"] == g and p[key] is not None] for g in source.roles["group"]["compared"]
    ]


def survival(times, events) -> list[tuple[float, float, int, int]]:
    """Kaplan-Meier by hand: time, survival just after it, events, at risk."""
    steps, alive = [], 1.0
    for time in sorted(set(times)):
        at_risk = sum(t >= time for t in times)
        died = sum(t == time and e for t, e in zip(times, events, strict=True))
        alive *= 1 - died / at_risk
        steps.append((time, alive, died, at_risk))
    return steps


def restricted(times, events, tau: float) -> tuple[float, float]:
    """Area under the curve to tau, and its standard error by Greenwood's sum."""
    steps = survival(times, events)

    def area(start: float) -> float:
        total, last, alive = 0.0, start, 1.0
        for time, after, _, _ in steps:
            if time <= start:
                alive = after
            elif time < tau:
                total, last, alive = total + alive * (time - last), time, after
        return total + alive * (tau - last)

    variance = sum(area(t) ** 2 * d / (n * (n - d)) for t, _, d, n in steps if t < tau and d and n > d)
    return area(0.0), variance**0.5


@pytest.mark.parametrize(("name", "endpoint"), ENDPOINTS)
def test_rates(name, endpoint, raw, all_rows, one):
    source, rows = raw[name], pick(all_rows[name], analysis=endpoint)
    met = split(source, patients(source, endpoint), "met")
    for group, part in zip(source.roles["group"]["compared"], met, strict=True):
        assert one(rows, statistic="count", group=group) == sum(part)
        assert one(rows, "n", statistic="count", group=group) == len(part)
        assert one(rows, statistic="percent", group=group) == pytest.approx(100 * sum(part) / len(part))
    table = [[sum(part), len(part) - sum(part)] for part in met]
    for statistic, correction in (("chi_square", False), ("chi_square_yates", True)):
        test = stats.chi2_contingency(table, correction=correction)
        assert one(rows, statistic=statistic) == pytest.approx(test.statistic)
        assert one(rows, "p", statistic=statistic) == pytest.approx(test.pvalue)
    exact = stats.fisher_exact(table)
    assert one(rows, statistic="odds_ratio") == pytest.approx(exact.statistic)
    assert one(rows, "p", statistic="odds_ratio") == pytest.approx(exact.pvalue)


@pytest.mark.parametrize(
    ("endpoint", "group", "count"),
    [("response", "pain", 24), ("response", "non_pain", 16), ("remission", "pain", 17), ("remission", "non_pain", 9)],
)
def test_counts_of_the_synthetic_cohort(endpoint, group, count, all_rows, one):
    rows = pick(all_rows["synthetic"], analysis=endpoint)
    assert (one(rows, statistic="count", group=group), one(rows, "n", statistic="count", group=group)) == (count, 33)
    # Both published tables of counts give the same chi-square.
    assert round(one(rows, statistic="chi_square"), 3) == 4.062


@pytest.mark.parametrize(("name", "endpoint"), ENDPOINTS)
def test_time_as_t_test(name, endpoint, raw, all_rows, one):
    source, rows = raw[name], pick(all_rows[name], analysis=f"time_to_{endpoint}")
    found = [p for p in patients(source, endpoint) if p["time"] is not None]
    horizon = next(v["day"] for v in source.roles["visits"] if v["name"] == source.roles[endpoint]["visit"])
    coded = [{**p, "time": p["time"] if p["event"] else horizon} for p in found]
    for statistic, chosen in (("t", coded), ("t_events_only", [p for p in found if p["event"]])):
        first, second = split(source, chosen, "time")
        test = stats.ttest_ind(second, first)
        ci = test.confidence_interval()
        assert one(rows, statistic=statistic) == pytest.approx(test.statistic)
        assert one(rows, "p", statistic=statistic) == pytest.approx(test.pvalue)
        assert one(rows, "df2", statistic=statistic) == len(first) + len(second) - 2
        gap = f"{statistic}_difference"
        assert one(rows, statistic=gap) == pytest.approx(np.mean(second) - np.mean(first))
        assert (one(rows, "ci_low", statistic=gap), one(rows, "ci_high", statistic=gap)) == pytest.approx(tuple(ci))


@pytest.mark.parametrize(("name", "endpoint"), ENDPOINTS)
def test_time_as_survival(name, endpoint, raw, all_rows, one):
    source, rows = raw[name], pick(all_rows[name], analysis=f"time_to_{endpoint}")
    found = [p for p in patients(source, endpoint) if p["time"] is not None]
    times, events = split(source, found, "time"), split(source, found, "event")
    horizon = next(v["day"] for v in source.roles["visits"] if v["name"] == source.roles[endpoint]["visit"])
    means = []
    for group, t, e in zip(source.roles["group"]["compared"], times, events, strict=True):
        value, se = restricted(t, e, horizon)
        means.append((value, se))
        assert one(rows, statistic="events", group=group) == sum(e)
        assert one(rows, statistic="restricted_mean", group=group) == pytest.approx(value)
        low = one(rows, "ci_low", statistic="restricted_mean", group=group)
        assert low == pytest.approx(value - stats.norm.ppf(0.975) * se)
    (a, sa), (b, sb) = means
    z = (a - b) / np.hypot(sa, sb)
    assert one(rows, statistic="restricted_mean_difference") == pytest.approx(a - b)
    assert one(rows, "p", statistic="restricted_mean_difference") == pytest.approx(2 * stats.norm.sf(abs(z)))
    first, second = (
        stats.CensoredData.right_censored(t, [not x for x in e]) for t, e in zip(times, events, strict=True)
    )
    test = stats.logrank(first, second)
    assert one(rows, statistic="log_rank") == pytest.approx(test.statistic**2)
    assert one(rows, "p", statistic="log_rank") == pytest.approx(test.pvalue)


@pytest.mark.parametrize(("name", "endpoint"), ENDPOINTS)
def test_survival_curves(name, endpoint, raw, studies):
    source = raw[name]
    curves = response.survival_curves(studies[name], Settings())
    found = [p for p in patients(source, endpoint) if p["time"] is not None]
    for group in source.roles["group"]["compared"]:
        mine = [p for p in found if p["group"] == group]
        steps = survival([p["time"] for p in mine], [p["event"] for p in mine])
        curve = curves[(curves["endpoint"] == endpoint) & (curves["group"] == group)]
        assert curve["time"].tolist() == [0, *(time for time, *_ in steps)]
        assert curve["survival"].tolist() == pytest.approx([1, *(alive for _, alive, _, _ in steps)])


@pytest.mark.parametrize("alpha", [0.01, 0.2])
def test_intervals_follow_alpha(alpha, studies):
    """Every interval of the times has the scenario's level, those of the curves and of one group too."""
    study, rows = (
        studies["synthetic"],
        {a: response.time_to_endpoint(studies["synthetic"], Settings(alpha=a)) for a in (0.05, alpha)},
    )
    widths = {a: (frame["ci_high"] - frame["ci_low"]).dropna() for a, frame in rows.items()}
    assert len(widths[alpha]) == 10
    assert ((widths[alpha] > widths[0.05]) == (alpha < 0.05)).all()
    curves = [response.survival_curves(study, Settings(alpha=a)) for a in (0.05, alpha)]
    usual, other = ((c["ci_high"] - c["ci_low"])[c["survival"].between(0.01, 0.99)] for c in curves)
    assert ((other > usual) == (alpha < 0.05)).all()


@pytest.mark.parametrize("fraction", [0.25, 0.8, 1.0])
def test_responder_fraction(fraction, raw, studies, one):
    settings = Settings(responder_fraction=fraction)
    rows = response.response_rates(studies["synthetic"], settings)
    met = split(raw["synthetic"], patients(raw["synthetic"], "response", fraction=fraction), "met")
    counts = [one(rows, analysis="response", statistic="count", group=g) for g in ("pain", "non_pain")]
    assert counts == [sum(part) for part in met]
    usual = response.response_rates(studies["synthetic"], Settings())
    remission = [pick(table, analysis="remission").reset_index(drop=True) for table in (rows, usual)]
    assert remission[0].equals(remission[1])
    assert f"{100 * fraction:g} %" in response.endpoint_words(studies["synthetic"], settings)["response"]


@pytest.mark.parametrize("cutoff", [0, 7, 12.5])
def test_remission_cutoff(cutoff, raw, studies, one):
    rows = response.response_rates(studies["synthetic"], Settings(remission_cutoff=cutoff))
    met = split(raw["synthetic"], patients(raw["synthetic"], "remission", cutoff=cutoff), "met")
    counts = [one(rows, analysis="remission", statistic="count", group=g) for g in ("pain", "non_pain")]
    assert counts == [sum(part) for part in met]
    usual = response.response_rates(studies["synthetic"], Settings())
    assert pick(rows, analysis="response").equals(pick(usual, analysis="response"))
    # A study without remission does not acquire it by a scenario's cut-off.
    assert pick(response.response_rates(studies["pbc"], Settings(remission_cutoff=cutoff)), analysis="remission").empty


def test_a_baseline_of_zero_cannot_respond(study_folder):
    """Nothing falls by a fraction of zero: such patients are left out of response, and stay in remission."""
    folder = study_folder()
    table = folder.tables["assessments"]
    first = table["id"].isin(table["id"].unique()[:3]) & (table["visit"] == "baseline")
    table.loc[first, "madrs"] = 0
    study = load_study(folder.save())
    falls, low = response.endpoints(study, Settings())
    sizes = [len(response.endpoint_status(study, endpoint)) for endpoint in (falls, low)]
    assert sizes[1] - sizes[0] == 3
