"""Worst differences between helpers.models and R for MANOVA, Box's M, EM, pooling, mediation, effect sizes, two groups.

`comparisons` is what the test asserts and what the book's table of worst errors is made from.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parent))  # its neighbours are scripts, not a package

import compare_effects
from compare_parts import EM, EXACT, SQUARED, answers, named, p_row, row, table

from helpers import models

MANOVAS = {
    "airquality": (["Ozone", "Wind", "Temp"], "~ Month + Day", "Ozone", "Month"),
    "penguins": (
        ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"],
        "~ species + island + year",
        "bill_depth_mm",
        "species",
    ),
}


def _manova(r, reference):
    car, emmeans = reference["car"], reference["emmeans"]
    for name, (outcomes, formula, one, factor) in MANOVAS.items():
        data, expected = table(f"other_{name}"), r["manova"][name]
        found = models.manova(data, outcomes, formula).set_index("statistic")
        yield row("MANOVA", name, "rows, terms", car, [found["n"].iloc[0], len(found) / 4],
                   [expected["n"], len(expected["term"])], 0.0)  # fmt: skip
        for statistic in ("pillai", "wilks", "hotelling", "roy"):
            ours, theirs = found.loc[[statistic]], expected[statistic]
            numbers = ["value", "F", "df1", "df2"]
            yield row(
                "MANOVA", name, statistic, car, ours[numbers], np.transpose([theirs[n] for n in numbers]), SQUARED
            )
            yield p_row("MANOVA", name, f"{statistic} p", car, ours["p"], theirs["p"])
        complete = data.dropna(subset=outcomes)
        single = models.ancova(complete, one, formula)
        yield row("ANCOVA, type III", name, "F", car, single["F"], expected["ancova"]["F"], EXACT)
        yield p_row("ANCOVA, type III", name, "p", car, single["p"], expected["ancova"]["p"])
        pairs, theirs = models.adjusted_pairs(complete, one, formula, factor), expected["pairs"]
        numbers = {
            "estimate": "estimate",
            "se": "SE",
            "df": "df",
            "t": "t.ratio",
            "ci_low": "lower.CL",
            "ci_high": "upper.CL",
        }
        yield row("Adjusted pairs", name, "estimate, se, df, t, interval", emmeans, pairs[list(numbers)],
                   np.transpose([theirs[n] for n in numbers.values()]), EXACT)  # fmt: skip
        yield p_row("Adjusted pairs", name, "p, Bonferroni", emmeans, pairs["p_adjusted"], theirs["p.value"])


BOXES = {
    "penguins": ("other_penguins", None, ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"], "species"),
    "two_groups": ("three_groups", "group != 'control'", ["y1", "y2"], "group"),
    "airquality": ("other_airquality", None, ["Ozone", "Wind", "Temp"], "Month"),
    "three_groups": ("three_groups", None, [f"y{number}" for number in range(1, 6)], "group"),
    "three_groups_cells": ("three_groups", None, ["y1", "y2"], ["group", "sex"]),
}


def _box_m(r, reference):
    for name, (file, kept, outcomes, group) in BOXES.items():
        data, expected = table(file), r["box_m"][name]
        found = models.box_m(data.query(kept) if kept else data, outcomes, group)
        numbers = ["M", "chi2", "F", "df1", "df2"]
        label = name.replace("_", " ")
        yield row("Box's M", label, "M, χ², F, df", f"formula, {reference['R']}", [getattr(found, n) for n in numbers],
                   [expected[n] for n in numbers], EXACT)  # fmt: skip
        yield p_row(
            "Box's M",
            label,
            "p",
            f"formula, {reference['R']}",
            [found.p, found.p_chi2],
            [expected["p"], expected["p_chi2"]],
        )


EMS = {
    "airquality": ("other_airquality", ["Ozone", "Solar.R", "Wind", "Temp"]),
    "incomplete": ("incomplete", list("abcd")),
}


def _em(r, reference):
    for name, (file, columns) in EMS.items():
        frame, expected, lavaan = table(file)[columns], r["em"][name], reference["lavaan"]
        fit, data = models.impute_em(frame), "simulated, 66 × 4" if name == "incomplete" else name
        gaps = np.where(frame.isna().T, fit.completed.T, np.nan).ravel()
        yield row("EM", data, "means", lavaan, fit.mean, expected["mean"], EM)
        yield row("EM", data, "covariances", lavaan, fit.covariance, expected["covariance"], EM)
        yield row("EM", data, "conditional means", lavaan, gaps[~np.isnan(gaps)], expected["imputed"], EM)
        # The log-likelihood is flat at its maximum: the error of the estimates enters squared.
        yield row("EM", data, "log-likelihood", lavaan, fit.loglik, expected["loglik"], 1e-8, "absolute")
        little = expected["little"]
        ours = [fit.little.statistic, fit.little.df]
        yield row("Little's test", data, "χ², df", lavaan, ours, [little["statistic"], little["df"]], EM)
        yield row("Little's test", data, "p", lavaan, fit.little.p, little["p"], 1e-6, "absolute")


def _pool(r, reference):
    expected, mice = r["pool"], reference["mice"]
    found = models.pool(expected["estimates"], expected["variances"], expected["df"])
    numbers = ["estimate", "se", "t", "ci_low", "ci_high", "within", "between", "total", "riv", "lambda", "fmi"]
    yield row("Rubin's rules", "airquality, 20 imputations", "estimates, variances, riv, lambda, fmi", mice,
               found[numbers].T, [expected[n] for n in numbers], EXACT)  # fmt: skip
    yield row("Rubin's rules", "airquality, 20 imputations", "df (Barnard and Rubin)", mice, found["df"],
               expected["df_pooled"], EXACT)  # fmt: skip
    yield p_row("Rubin's rules", "airquality, 20 imputations", "p", mice, found["p"], expected["p"])
    one = models.pool(np.array(expected["estimates"])[:, 1], np.array(expected["variances"])[:, 1])
    theirs = expected["infinite"]
    yield row("Rubin's rules", "airquality, 20 imputations", "total, df, fmi without complete-data df", mice,
               one[["total", "df", "fmi"]], [theirs["total"], theirs["df"], theirs["fmi"]], EXACT)  # fmt: skip


def _mediation(r, reference):
    lm, boot, lavaan = f"lm, {reference['R']}", reference["boot"], reference["lavaan"]
    for name, file in {"simulated": "other_mediation", "mtcars": "other_mtcars"}.items():
        expected, data = r["mediation"][name], table(file)
        x, m, y, covariates = (expected["names"][key] for key in ("x", "m", "y", "covariates"))
        fit, label = models.mediate(data, x, m, y, covariates), "simulated, n = 33" if name == "simulated" else name
        for path in ("a", "b", "direct", "total"):
            ours = getattr(fit, path)
            numbers = [ours.estimate, ours.se, ours.statistic, ours.ci_low, ours.ci_high, ours.df]
            theirs = np.delete(expected[path], 3)
            yield row("Mediation", label, f"path {path}: estimate, se, t, interval, df", lm, numbers, theirs, EXACT)
            yield p_row("Mediation", label, f"path {path}: p", lm, ours.p, expected[path][3])
        for test in ("sobel", "aroian"):
            ours = getattr(fit, test)
            yield row("Mediation", label, f"{test.title()}: se, z", lm, [ours.se, ours.z], expected[test][:2], EXACT)
            yield p_row("Mediation", label, f"{test.title()}: p", lm, ours.p, expected[test][2])
        # lavaan maximises numerically; its estimate is that of least squares to its own tolerance.
        yield row("Mediation", label, "ab", lavaan, fit.indirect.estimate, expected["lavaan"][0], 1e-5)
        yield from _bootstrap(
            data[[x, m, y, *covariates]].to_numpy(float), expected, label, boot, fit.indirect.estimate
        )


def _bootstrap(values, expected, label, boot, estimate):
    indices = np.array(expected["indices"]) - 1
    draws = models.bootstrap_indirect(values, indices)
    speed = models.acceleration(models.jackknife_indirect(values))
    yield row("Bootstrap", label, f"ab in {len(draws)} given resamples", boot, draws, expected["draws"], SQUARED)
    yield row("Bootstrap", label, "acceleration", boot, speed, expected["acceleration"], SQUARED)
    intervals = {"percentile": (), "bias_corrected": (estimate,), "bca": (estimate, speed)}
    for kind, given in intervals.items():
        ours = models.bootstrap_interval(draws, 0.05, *given, quantiles="normal")
        yield row("Bootstrap", label, f"{kind.replace('_', '-')} interval", boot, ours, expected[kind], SQUARED)


PARTS = (_manova, _box_m, _em, _pool, _mediation, *compare_effects.PARTS)


def comparisons() -> list[dict]:
    """One row a group of numbers: subject, data, quantity, reference, worst, kind, tolerance."""
    r = answers()
    return [one for part in PARTS for one in part(r, named(r["versions"]))]
