"""Differences from R of effect sizes and of comparisons of two groups; called by compare_other."""

import numpy as np
from compare_parts import EXACT, NONCENTRAL, OPTIMISED, p_row, row, table

from helpers import models


def _samples():
    penguins, air = table("other_penguins"), table("other_airquality")
    mass, ozone = penguins.groupby("species")["body_mass_g"], air.groupby("Month")["Ozone"]
    return {
        "penguins": (mass.get_group("Gentoo"), mass.get_group("Adelie")),
        "airquality": (ozone.get_group("Aug"), ozone.get_group("May")),
        "small": (ozone.get_group("Jun"), ozone.get_group("May")),
    }


def _three(effect) -> list[float]:
    return [effect.value, effect.ci_low, effect.ci_high]


def _two(r, reference):
    kinds = {"pooled": {}, "average": {"standardiser": "average"}, "second": {"standardiser": "second"},
             "hedges": {"hedges": True}}  # fmt: skip
    for name, (x, y) in _samples().items():
        expected, label = r["effects"]["two"][name], "airquality, June" if name == "small" else name
        for kind, options in kinds.items():
            ours = _three(models.cohens_d(x, y, interval="noncentral", **options))
            yield row(
                "Cohen's d",
                label,
                f"{kind}, noncentral t",
                f"formula, {reference['R']}",
                ours,
                expected[kind],
                NONCENTRAL,
            )
            yield row("Cohen's d", label, f"{kind}, noncentral t", reference["effectsize"], ours,
                       expected["effectsize"][kind], OPTIMISED)  # fmt: skip
            if kind != "hedges":
                ours = _three(models.cohens_d(x, y, **options))[1:]
                yield row("Cohen's d", label, f"{kind}, large sample", f"formula, {reference['R']}", ours,
                           expected[f"large_{kind}"], EXACT)  # fmt: skip


def _paired(r, reference):
    sleep, expected, formula = table("other_sleep"), r["effects"]["paired"]["sleep"], f"formula, {reference['R']}"
    for kind in ("change", "average", "repeated"):
        options = {"standardiser": kind}
        ours = _three(models.cohens_d_paired(sleep["second"], sleep["first"], **options))
        yield row("Cohen's d, paired", "sleep", f"{kind}, noncentral t", formula, ours, expected[kind], NONCENTRAL)
        if kind == "change":
            yield row("Cohen's d, paired", "sleep", f"{kind}, noncentral t", reference["effectsize"], ours,
                       expected["effectsize"], OPTIMISED)  # fmt: skip
        large = _three(models.cohens_d_paired(sleep["second"], sleep["first"], interval="large-sample", **options))[1:]
        yield row(
            "Cohen's d, paired", "sleep", f"{kind}, large sample", formula, large, expected[f"large_{kind}"], EXACT
        )


def _other_effects(r, reference):
    effects, formula = r["effects"], f"formula, {reference['R']}"
    yield row(
        "Hedges' J", "df 2 to 400", "J", formula, models.hedges_j(effects["j"]["df"]), effects["j"]["value"], EXACT
    )
    given = effects["from_t"]
    ours = _three(models.cohens_d_from_t(given["t"], given["nx"], given["ny"]))
    yield row("Cohen's d from t", "t = 2.13", "d, interval", formula, ours, [given["value"], *given["ci"]], NONCENTRAL)
    given = effects["model"]
    ours = [
        _three(models.cohens_d_from_difference(difference, given["sd"], se, given["df"], sd_df=given["df"]))
        for difference, se in zip(given["difference"], given["se"], strict=True)
    ]
    # emmeans takes the delta method through logarithms, differentiated numerically.
    yield row("Cohen's d, model SD", "airquality", "d, interval", reference["emmeans"], ours,
               np.transpose([given["value"], given["ci_low"], given["ci_high"]]), 1e-6)  # fmt: skip


def _of_f(r, reference):
    given, formula = r["effects"]["f"], f"formula, {reference['R']}"
    tests = list(zip(*(given["tests"][name] for name in ("F", "df1", "df2")), strict=True))
    tables = [models.effects_of_f(*test).set_index("effect") for test in tests]
    residual = [models.effects_of_f(*test, n=test[2]).set_index("effect") for test in tests]
    for ours, theirs in {"partial_eta2": "eta2", "cohens_f": "f"}.items():
        values = [frame.loc[ours, "value"] for frame in tables]
        yield row(
            "Effects of F",
            "6 tests",
            ours,
            reference["effectsize"],
            values,
            [one[theirs] for one in given["rows"]],
            EXACT,
        )
    for ours in ("omega2", "epsilon2"):
        values = [frame.loc[ours, "value"] for frame in tables]
        yield row("Effects of F", "6 tests", ours, formula, values, [one[ours] for one in given["rows"]], EXACT)
        yield row("Effects of F", "6 tests", f"{ours}, cut at 0", reference["effectsize"], np.maximum(values, 0),
                   [one[f"{ours}_truncated"] for one in given["rows"]], EXACT)  # fmt: skip
    ends = ["ci_low", "ci_high"]
    for ours, theirs in {"partial_eta2": "steiger", "cohens_f": "steiger_f"}.items():
        values = [frame.loc[ours, ends] for frame in tables]
        yield row(
            "Effects of F",
            "6 tests",
            f"{ours}, interval",
            formula,
            values,
            [one[theirs] for one in given["rows"]],
            NONCENTRAL,
        )
    values = [frame.loc["partial_eta2", ends] for frame in residual]
    yield row("Effects of F", "6 tests", "partial_eta2, interval with n = df2", formula, values,
               [one["residual"] for one in given["rows"]], NONCENTRAL)  # fmt: skip
    yield row("Effects of F", "6 tests", "partial_eta2, interval with n = df2", reference["effectsize"], values,
               [one["effectsize"][1:] for one in given["rows"]], OPTIMISED)  # fmt: skip


def _describe(r, reference):
    depth, stats = table("other_penguins").groupby("species")["bill_depth_mm"], f"stats, {reference['R']}"
    t = models.student_t(depth.get_group("Gentoo"), depth.get_group("Adelie"))
    theirs = np.delete(r["describe"]["student"], 2)
    yield row(
        "Student's t",
        "penguins",
        "t, df, interval, se",
        stats,
        [t.statistic, t.df, t.ci_low, t.ci_high, t.se],
        theirs,
        EXACT,
    )
    yield p_row("Student's t", "penguins", "p", stats, t.p, r["describe"]["student"][2])
    for name, label in {"chi_square": "airquality", "balanced": "penguins"}.items():
        expected = r["describe"][name]
        chi = models.chi_square(expected["counts"])
        yield row("χ²", label, "χ²", stats, chi.statistic, expected["statistic"], EXACT)
        yield p_row("χ²", label, "p", stats, chi.p, expected["p"])
    # R counts tables as likely as the observed one within 1e-7, relatively.
    for label, name in {"penguins": "balanced", "2 × 3 table": "fisher"}.items():
        expected = r["describe"][name]
        ours, theirs = models.fisher_exact(expected["counts"]).p, expected.get("fisher", expected["p"])
        yield row("Fisher", label, "p", stats, ours, theirs, 1e-7, "absolute")


PARTS = (_two, _paired, _other_effects, _of_f, _describe)
