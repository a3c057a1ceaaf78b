"""The methods page, written from the settings and results of what ran."""

from __future__ import annotations

from importlib.metadata import version
from platform import python_version_tuple

import pandas as pd

from helpers.analysis.baseline_cytokines import usable_covariates
from helpers.analysis.baseline_table import recorded_covariates
from helpers.analysis.pairs import several
from helpers.analysis.response import endpoint_words
from helpers.analysis.settings import Settings
from helpers.report.format import listed
from helpers.report.markdown import escaped, paragraphs, pipe_table
from helpers.report.words import ADJUSTMENTS, DFS, STRUCTURES
from helpers.study import Study

DF_SOURCES = {
    "satterthwaite": "giesbrecht1985,fai1996",
    "kenward-roger": "kenward1997",
    "residual": "jennrich1986",
}
PYTHON = ".".join(python_version_tuple()[:2])  # whose third number changes no result
SOFTWARE = (
    "numpy",
    "scipy",
    "pandas",
    "statsmodels",
    "pingouin",
    "lifelines",
    "formulaic",
    "seaborn",
    "matplotlib",
    "papermill",
    "snakemake",
    "jupyter-book",
)


PAIRS_AFTER = "then every pair of groups was compared, p adjusted by Bonferroni over the pairs;"


def methods_page(study: Study, settings: Settings, rows: pd.DataFrame) -> str:
    """What was done to these data under this scenario, chapter by chapter (Markdown)."""
    return paragraphs(
        "# Methods",
        "This page is written from the parameters and results of the build it belongs to.",
        "## Cohort",
        _cohort(study, settings, rows),
        "## Efficacy",
        _efficacy(study, settings),
        "## Analytes at baseline",
        _baseline(study, settings),
        "## Analytes over the visits",
        _longitudinal(study, settings),
        "## Change and mediation",
        _change(study, settings),
        "## Where this differs from the paper",
        _differences(settings),
        "## Parameters",
        _parameters(settings),
        "## Software",
        f"Everything was computed with Python {PYTHON}: models with statsmodels {version('statsmodels')} "
        f"{{cite}}`statsmodels`, Pingouin {version('pingouin')} {{cite}}`pingouin` and lifelines "
        f"{version('lifelines')} {{cite}}`lifelines`, the repeated-measures models with the compendium’s own code on "
        "NumPy and SciPy ([compared with R](agreement.md)).",
        pipe_table(["Package", "Version"], [[name, version(name)] for name in SOFTWARE]),
    )


def _cohort(study: Study, settings: Settings, rows: pd.DataFrame) -> str:
    chosen = [escaped(study.field("participants", name).title) for name in recorded_covariates(rows)]
    if settings.covariates == "none":
        covariates = "No covariates entered the models of the clinical outcomes."
    else:
        covariates = (
            f"Candidates with p < {settings.alpha:g} became covariates of the models of the clinical outcomes: "
            f"{listed(chosen) if chosen else 'none did'}."
        )
    test = "by Student’s *t*-test with pooled variance"
    after = ""
    if several(study):
        test, after = "by one-way analysis of variance", f" {PAIRS_AFTER}"
    return (
        f"Continuous variables were compared between the groups {test}, categorical "
        f"ones by Pearson’s chi-square test without continuity correction;{after} "
        f"standardised differences follow Yang and Dalton {{cite}}`yang2012`. {covariates}"
    )


def _efficacy(study: Study, settings: Settings) -> str:
    return (
        f"{_endpoints(study, settings)}Each clinical outcome was modelled over the visits by a "
        "linear model of repeated measures {cite}`laird1982,jennrich1986`, fitted by REML with group, visit, their "
        f"interaction and the covariates, factors coded to sum to zero; covariance of the visits: "
        f"{STRUCTURES[settings.covariance]}. Terms were tested by type III *F* tests with {DFS[settings.df]} "
        f"{{cite}}`{DF_SOURCES[settings.df]}`; groups were compared at each visit and each visit with baseline "
        "within a group, with Bonferroni adjustment over the "
        f"comparisons of one visit ({'all pairs' if several(study) else 'there is one'}) or one group. Cohen’s *d* "
        "used the pooled standard deviation of the visit."
    )


def _endpoints(study: Study, settings: Settings) -> str:
    words = endpoint_words(study, settings)
    if not words:
        return "The study defines no rule of response or remission. "
    rules = "; ".join(f"{name} was {escaped(rule)}" for name, rule in words.items())
    rates, times = "by chi-square with and without Yates’ correction and by Fisher’s exact test", "Student’s *t*-test"
    after = ""
    if several(study):
        rates, times = "by chi-square and by the exact test of Fisher, Freeman and Halton", "analysis of variance"
        after = f" Of both, {PAIRS_AFTER.removesuffix(';')} by the tests of two groups."
    return (
        f"{rules[0].upper()}{rules[1:]}. Rates were compared {rates}. Time to an endpoint was compared by {times}, "
        "patients without the event being given the day of the rule’s visit, and as survival data by Kaplan–Meier "
        f"curves {{cite}}`kaplan1958`, the log-rank test and restricted means {{cite}}`royston2013`.{after} "
    )


def _baseline(study: Study, settings: Settings) -> str:
    if not study.roles.analytes.columns:
        return "The study has no analytes."
    covariates = [escaped(study.field("participants", name).title.lower()) for name in usable_covariates(study)]
    scale = "natural logarithms of the " if study.roles.analytes.transform == "log" else ""
    return (
        f"The {scale}levels of all analytes were compared together by multivariate analysis of covariance with "
        f"{listed(covariates or ['no covariate'])}, then one by one by analysis of covariance (type III), p "
        f"{_over_analytes(settings)}; pairs of groups were compared at the mean of the covariates with Bonferroni "
        "adjustment inside an analyte. Rank correlations (Spearman) of the analytes within each group, and of their "
        "changes since baseline, are of the observed samples, with intervals after {cite}`bonett2000`."
    )


def _over_analytes(settings: Settings) -> str:
    """How p-values were adjusted over the analytes, with the source of the method where it has one in the list."""
    if settings.adjustment == "none":
        return "not adjusted over the analytes"
    source = " {cite}`benjamini1995`" if settings.adjustment == "fdr_bh" else ""
    return f"adjusted over the analytes by {ADJUSTMENTS[settings.adjustment]}{source}"


def _longitudinal(study: Study, settings: Settings) -> str:
    if len(study.roles.analytes.visits) < 2:
        return "The study has no analytes sampled at several visits."
    used = "completed" if settings.imputation == "em" else "observed"
    return (
        "Missing samples were completed, analyte by analyte, by expectation–maximisation {cite}`dempster1977` for a "
        "multivariate normal of the analyte’s visits and the group. Two mixed models were fitted to each analyte: all "
        "visits with group × visit, and the follow-up visits with the baseline level as covariate. This scenario reads "
        f"the {used} samples; the same models on the other version of the data are given beside them."
    )


def _change(study: Study, settings: Settings) -> str:
    if not study.roles.change_regressions and study.roles.mediation is None:
        return "The study’s descriptor asks for no regression of change and names no mediation path."
    text = (
        "The fall in each outcome since baseline was regressed on the fall in each analyte by least squares, within "
        f"group and visit, p {_over_analytes(settings)}."
    )
    if study.roles.mediation is None:
        return text + " The study names no mediation path."
    return (
        f"{text} The mediation path was estimated by least squares; the indirect effect was tested by Sobel’s test "
        f"{{cite}}`sobel1982` and by {settings.bootstrap} bootstrap resamples {{cite}}`preacher2008` (seed "
        f"{settings.seed})."
    )


def _differences(settings: Settings) -> str:
    lines = [
        f"- The paper used SPSS 22, whose mixed models take Satterthwaite’s degrees of freedom{_df_here(settings)}.",
        f"- The paper does not name the covariance structure of its mixed models; {STRUCTURES[settings.covariance]} is "
        "the choice of this scenario, and the [efficacy chapter](notebooks/02_efficacy.ipynb) sets others beside it. "
        "The [conventions](conventions.md) say which software prints what.",
        "- The paper does not say how patients without the event entered the comparison of times; here they are given "
        "the "
        "day of the rule’s visit.",
        "- The paper does not say over which family a false discovery rate was controlled; here it is over the "
        "analytes "
        "within a term, or within an outcome, group and visit.",
        "- PROCESS prints Aroian’s version of the normal test unless told otherwise; Sobel’s and Aroian’s are both "
        "given.",
    ]
    if settings.covariates == "none":
        lines.append("- The paper entered the variables that differed as covariates; this scenario enters none.")
    if settings.imputation != "em":
        lines.append("- The paper imputed missing samples; this scenario analyses the observed ones.")
    return "\n".join(lines)


def _df_here(settings: Settings) -> str:
    return ", as here" if settings.df == "satterthwaite" else f"; this scenario takes {DFS[settings.df]}"


def _parameters(settings: Settings) -> str:
    lines = [[f"`{name}`", _shown(value), settings.allowed()[name]] for name, value in settings.as_dict().items()]
    return pipe_table(["Parameter", "Value", "Allowed"], lines)


def _shown(value) -> str:
    return "the study’s rule" if value is None else str(value)
