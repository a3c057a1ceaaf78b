"""Completed samples, against a plain textbook EM."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.analysis import missing_samples
from helpers.analysis.results import pick


def wide(source, levels, analyte: str) -> pd.DataFrame:
    """One row a patient: the analyte's log levels at the visits, and an indicator of the first group."""
    first, second = source.roles["group"]["compared"]
    long = levels(source)
    long = long[long["group"].isin([first, second])]
    table = long.pivot(index="id", columns="visit", values=analyte)[source.roles["analytes"]["visits"]]
    table = table.dropna(how="all")
    groups = source.participants.set_index("id")["group"].reindex(table.index)
    return table.assign(group=(groups == first).astype(float))


def plain_em(values: np.ndarray, steps: int = 3000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Little and Rubin's EM, a row at a time: completed values, mean, covariance."""
    gone = np.isnan(values)
    mean, cov = np.nanmean(values, axis=0), np.diag(np.nanvar(values, axis=0))
    for _ in range(steps):
        filled, extra = values.copy(), np.zeros_like(cov)
        for row, m in zip(filled, gone, strict=True):
            if m.any():
                weights = cov[np.ix_(m, ~m)] @ np.linalg.inv(cov[np.ix_(~m, ~m)])
                row[m] = mean[m] + weights @ (row[~m] - mean[~m])
                extra[np.ix_(m, m)] += cov[np.ix_(m, m)] - weights @ cov[np.ix_(~m, m)]
        new = filled.mean(axis=0)
        spread = (filled - new).T @ (filled - new) / len(filled) + extra / len(filled)
        done = max(abs(new - mean).max(), abs(spread - cov).max()) < 1e-11
        mean, cov = new, spread
        if done:
            break
    return filled, mean, cov


@pytest.mark.parametrize(("name", "analyte"), [("synthetic", "il_6"), ("synthetic", "tnf_a"), ("pbc", "platelets")])
def test_completed_values(name, analyte, raw, levels, studies, all_rows, one):
    frame = wide(raw[name], levels, analyte)
    filled, mean, cov = plain_em(frame.to_numpy())
    completed, _ = missing_samples.completed_samples(studies[name])
    found = completed.pivot(index="id", columns="visit", values=analyte).loc[frame.index, frame.columns[:-1]]
    # The package stops at changes below 1e-8 of a standard deviation, the loop here at 1e-11.
    assert np.allclose(found, filled[:, :-1], atol=1e-6)
    seen = frame.iloc[:, :-1].notna()
    assert np.array_equal(found.to_numpy()[seen], frame.iloc[:, :-1].to_numpy()[seen])
    rows = pick(all_rows[name], analysis="imputation", analyte=analyte)
    assert one(rows, statistic="imputed") == (~seen).sum().sum()
    statistic, df = little(frame.to_numpy(), mean, cov)
    assert one(rows, statistic="little") == pytest.approx(statistic, rel=1e-4)
    assert (one(rows, "df1", statistic="little"), df) == (df, df)
    assert one(rows, "p", statistic="little") == pytest.approx(stats.chi2.sf(statistic, df), rel=1e-3)


def little(values: np.ndarray, mean: np.ndarray, cov: np.ndarray) -> tuple[float, int]:
    """Little's d² pattern by pattern."""
    patterns, total, df = {}, 0.0, -values.shape[1]
    for row in values:
        patterns.setdefault(tuple(~np.isnan(row)), []).append(row)
    for key, rows in patterns.items():
        o = np.array(key)
        gap = np.array(rows)[:, o].mean(axis=0) - mean[o]
        total += len(rows) * gap @ np.linalg.solve(cov[np.ix_(o, o)], gap)
        df += o.sum()
    return total, df


def test_five_samples_of_the_synthetic_cohort(studies, all_rows):
    completed, _ = missing_samples.completed_samples(studies["synthetic"])
    assert len(completed) == 66 * 3
    assert not completed.isna().any().any()
    done = pick(all_rows["synthetic"], analysis="imputation", statistic="imputed")
    assert len(done) == 19
    assert set(zip(done["value"], done["n"], strict=True)) == {(5.0, 198.0)}


def test_analyte_that_cannot_be_completed_keeps_what_was_seen(study_folder, chapter, one):
    """A constant analyte is left as observed, says so, and the others are completed all the same."""
    folder = study_folder()
    folder.keep_analytes("il_2", "il_6", "tnf_a")
    folder.tables["analytes"]["il_2"] = 5.0
    done = chapter("04_longitudinal_cytokines", folder.save())
    rows = pick(done.rows, analysis="imputation", analyte="il_2")
    assert rows["method"].str.startswith("left as observed: ").tolist() == [True]
    assert one(done.rows, analysis="imputation", analyte="il_6", statistic="imputed") == 5
    assert any("left IL-2 as observed" in text for text in done.texts)
    assert "IL-2: left as observed" in done.exhibit("tab-imputation").note
