"""The results rows of a specification, by the analyses that the notebooks call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd

from helpers.analysis import baseline_table, change, efficacy, response
from helpers.analysis.baseline_cytokines import adjust_over_analytes, baseline_samples, univariate_tests
from helpers.analysis.multiverse.adjusting import with_p_adjusted, with_posthoc
from helpers.analysis.multiverse.fits import Fits, all_visit_fits, fit_rows, follow_up_fits
from helpers.analysis.multiverse.grid import Specification
from helpers.analysis.multiverse.mediating import mediation_rows
from helpers.analysis.multiverse.pooling import pooled_rows
from helpers.analysis.multiverse.samples import sample_tables
from helpers.analysis.multiverse.variants import regrouped, rescaled
from helpers.analysis.results import join, to_frame
from helpers.analysis.settings import Settings
from helpers.study import Study

# Alternative tests stand in the rows that the paper's test has, so that the same claim finds them.
RATE_ROWS = {"chi_square": "chi_square", "chi_square_yates": "chi_square_yates", "fisher": "odds_ratio"}
KEPT = 4  # shares of specifications whose fits are kept: those of a chunk come one after the other


class Evaluation:
    """A study's analyses under one specification after another; what they share is computed once.

    Parameters
    ----------
    study : Study
    settings : Settings
        What no choice of a specification sets: seed, alpha, bootstrap.
    """

    def __init__(self, study: Study, settings: Settings):
        self.study, self.settings = study, settings
        self._cached: dict[Callable, Callable] = {}

    def rows(self, specification: Specification) -> pd.DataFrame:
        """The results rows of the specification's family, as the notebook of that chapter has them."""
        of = {
            "outcome_tests": self._outcomes,
            "outcome_comparisons": self._outcomes,
            "endpoints": self._endpoints,
            "baseline_tests": self._baseline,
            "baseline_comparisons": self._baseline,
            "longitudinal_tests": self._longitudinal,
            "longitudinal_comparisons": self._longitudinal,
            "change": self._change,
            "mediation": self._mediation,
        }
        return of[specification.family](specification)

    def _outcomes(self, wanted: Specification) -> pd.DataFrame:
        found = self._once(self._outcome_rows, wanted["covariance"], wanted["df"], wanted["covariates"], _key(wanted))
        return found if wanted["posthoc"] is None else with_posthoc(found, wanted["posthoc"])

    def _outcome_rows(self, covariance: str, df: str, covariates: str, pain: Any) -> pd.DataFrame:
        study = self._once(self._variant, pain, "described")
        fits = self._once(self._outcome_fits, covariance, covariates, pain)
        return efficacy.outcome_models(study, replace(self.settings, covariance=covariance, df=df), fits)

    def _outcome_fits(self, covariance: str, covariates: str, pain: Any) -> dict:
        study = self._once(self._variant, pain, "described")
        entered = self._once(self._covariates, covariates, pain)
        return efficacy.fit_outcomes(study, replace(self.settings, covariance=covariance), entered)

    def _endpoints(self, wanted: Specification) -> pd.DataFrame:
        study = self._once(self._variant, _key(wanted), "described")
        fraction, cutoff = wanted["response"], wanted["remission"]
        settings = replace(self.settings, responder_fraction=fraction, remission_cutoff=cutoff)
        rates = _in_place(response.response_rates(study, settings), RATE_ROWS[wanted["rate_test"]], "chi_square")
        return join(rates, _in_place(response.time_to_endpoint(study, settings), wanted["time_test"], "t"))

    def _baseline(self, wanted: Specification) -> pd.DataFrame:
        found = self._once(self._baseline_rows, wanted["transform"], wanted["covariates"], _key(wanted))
        if wanted["adjustment"] is not None:
            return adjust_over_analytes(found, replace(self.settings, adjustment=wanted["adjustment"]))
        return with_posthoc(found, wanted["posthoc"], by=("analysis", "statistic"))

    def _baseline_rows(self, transform: str, covariates: str, pain: Any) -> pd.DataFrame:
        study = self._once(self._variant, pain, transform)
        entered = self._once(self._covariates, covariates, pain)
        return univariate_tests(_with_covariates(study, _recorded_of_all(study, entered)), self.settings)

    def _longitudinal(self, wanted: Specification) -> pd.DataFrame:
        fitted = tuple(wanted[name] for name in ("transform", "imputation", "covariates", "covariance"))
        where = wanted["baseline"] or "response"
        found = self._once(self._longitudinal_rows, *fitted, where, wanted["df"], _key(wanted))
        if wanted["adjustment"] is not None:
            settings = replace(self.settings, adjustment=wanted["adjustment"])
            return adjust_over_analytes(found, settings, by=("analysis", "contrast"))
        return with_posthoc(found, wanted["posthoc"])

    def _longitudinal_rows(self, transform, imputation, covariates, covariance, where, df, pain) -> pd.DataFrame:
        study = self._once(self._variant, pain, transform)
        fits = self._once(self._longitudinal_fits, transform, imputation, covariates, covariance, where, pain)
        return to_frame(fit_rows(study, replace(self.settings, covariance=covariance, df=df), fits))

    def _longitudinal_fits(self, transform, imputation, covariates, covariance, where, pain) -> Fits:
        study = self._once(self._variant, pain, transform)
        tables = self._once(self._samples, transform, imputation, pain)
        entered = self._once(self._covariates, covariates, pain)
        fit = all_visit_fits if where == "response" else follow_up_fits
        return fit(study, replace(self.settings, covariance=covariance), tables, entered)

    def _change(self, wanted: Specification) -> pd.DataFrame:
        found = self._once(self._change_rows, wanted["transform"], wanted["imputation"], _key(wanted))
        return with_p_adjusted(found, wanted["adjustment"], ("outcome", "group", "visit"), "beta")

    def _change_rows(self, transform: str, imputation: str, pain: Any) -> pd.DataFrame:
        study = self._once(self._variant, pain, transform)
        tables = self._once(self._samples, transform, imputation, pain)
        parts = [change.change_regressions(study, self.settings, samples) for samples in tables]
        return parts[0] if len(parts) == 1 else pooled_rows(parts)

    def _mediation(self, wanted: Specification) -> pd.DataFrame:
        chosen = wanted["transform"], wanted["imputation"], wanted["covariates"]
        found = self._once(self._mediation_rows, *chosen, _key(wanted))
        return _in_place(found, f"indirect_{wanted['indirect_test']}", "indirect_sobel")

    def _mediation_rows(self, transform: str, imputation: str, covariates: str, pain: Any) -> pd.DataFrame:
        study = self._once(self._variant, pain, transform)
        tables = self._once(self._samples, transform, imputation, pain)
        return mediation_rows(study, self.settings, tables, self._once(self._covariates, covariates, pain))

    def _variant(self, pain: Any, transform: str) -> Study:
        return rescaled(regrouped(self.study, dict(pain) if pain else None), transform)

    def _samples(self, transform: str, imputation: str, pain: Any) -> list:
        return sample_tables(self._once(self._variant, pain, transform), imputation, self.settings.seed)

    def _covariates(self, which: str, pain: Any) -> tuple[str, ...]:
        study = self._once(self._variant, pain, "described")
        named = study.roles.analyte_covariates
        if which in ("none", "named"):
            return named if which == "named" else ()
        settings = replace(self.settings, covariates="differing")
        differing = baseline_table.recorded_covariates(baseline_table.choose(study, settings))
        return differing if which == "differing" else (*named, *(name for name in differing if name not in named))

    def _once(self, function: Callable, *arguments: Any) -> Any:
        """The function's value, computed once while its arguments are among the last few."""
        name = function.__name__
        if name not in self._cached:
            self._cached[name] = lru_cache(maxsize=KEPT)(function)
        return self._cached[name](*arguments)


def _key(wanted: Specification) -> tuple | None:
    """The definition of pain, as something that can be looked up."""
    return tuple(sorted(wanted["pain"].items())) if wanted["pain"] else None


def _in_place(rows: pd.DataFrame, chosen: str, usual: str) -> pd.DataFrame:
    """Rows in which the chosen statistic stands under the name of the usual one."""
    if chosen == usual:
        return rows
    rows = rows[rows["statistic"] != usual].reset_index(drop=True)
    return rows.assign(statistic=rows["statistic"].where(rows["statistic"] != chosen, usual))


def _recorded_of_all(study: Study, covariates: Sequence[str]) -> list[str]:
    """The covariates that vary and that every group has: what controls were not asked would leave them out."""
    samples = baseline_samples(_with_covariates(study, covariates))
    groups = samples.groupby("group", observed=True)
    return [name for name in covariates if samples[name].nunique() > 1 and groups[name].count().min() > 0]


def _with_covariates(study: Study, covariates: Sequence[str]) -> Study:
    roles = replace(study.roles, analyte_covariates=tuple(covariates))
    return Study(replace(study.descriptor, roles=roles), study.tables)
