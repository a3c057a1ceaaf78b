"""Which entries of the ledger of Zhou et al. 2021 say what other entries, or other strings of the audit, say too."""

from __future__ import annotations

from collections.abc import Mapping

# The test or estimate a statement rests on, and the results that answer to it, as analysis and statistic.
TESTS: Mapping[str, frozenset[tuple[str, str]]] = {
    "count": frozenset({
        ("flow", "participants"),
        ("flow", "assessed"),
        ("flow", "sampled"),
        ("classification", "recorded"),
        ("eligibility", "outside"),
        ("missing", "missing"),
        ("imputation", "imputed"),
        ("covariate", "selected"),
        ("adverse_event", "count"),
    }),
    "percentage": frozenset({
        ("classification", "percent"),
        ("response", "percent"),
        ("remission", "percent"),
        ("adverse_event", "percent"),
    }),
    "Student's t": frozenset({("baseline", "t"), ("time_to_response", "t"), ("time_to_remission", "t")}),
    "Pearson's chi-square": frozenset({
        ("baseline", "chi_square"),
        ("response", "chi_square"),
        ("remission", "chi_square"),
    }),
    "Cohen's d": frozenset({("observed", "cohens_d")}),
    "type III F of the mixed model": frozenset({("mixed_model", "F")}),
    "type III F of the mixed model, false discovery rate": frozenset({("cytokine_all_visits", "F")}),
    "pairwise comparison, Bonferroni": frozenset({
        ("mixed_model", "change"),
        ("mixed_model", "mean_difference"),
        ("ancova", "mean_difference"),
        ("cytokine_all_visits", "change"),
    }),
    "multivariate analysis of covariance": frozenset({("mancova", "pillai_F")}),
    "analysis of covariance, false discovery rate": frozenset({("ancova", "F")}),
    "simple regression": frozenset({("change_regression", "beta")}),
    "least-squares path": frozenset({("mediation", "direct")}),
    "product of least-squares paths": frozenset({("mediation", "indirect")}),
    "Sobel's test": frozenset({("mediation", "indirect_sobel")}),
}  # fmt: skip
ADJUSTED = ("Bonferroni", "false discovery rate")
# What sort of figure is printed of each; the others are named for their p values alone.
FIGURE_KINDS: Mapping[str, tuple[str, ...]] = {
    "": ("count", "design"),
    "count": ("count", "design"),
    "percentage": ("proportion",),
    "Student's t": ("statistic",),
    "Pearson's chi-square": ("statistic",),
    "type III F of the mixed model": ("statistic",),
    "Cohen's d": ("effect_size",),
    "simple regression": ("effect_size",),
    "least-squares path": ("effect_size",),
    "product of least-squares paths": ("effect_size",),
}
WITHOUT_P = ("count", "percentage", "Cohen's d", "product of least-squares paths")

# Entries whose figure stands in the audit under another key: the same number, perhaps said of another row.
FIGURES: Mapping[str, str] = {
    "samples-missing-percent": "missing-percent",
    "n-non-pain": "n-pain",
    "assessed": "n-pain",
    "sampled": "n-pain",
    "sampled-controls": "n-controls",
    "planned-vas": "n-pain",
    "planned-sf-mpq": "n-pain",
    "madrs-d-largest": "madrs-d-third",
    "response-non-pain": "response-pain",
    "remission-non-pain": "remission-pain",
}

# Entries that state how long a list of the audit is, less another.
SIZES: Mapping[str, tuple[str, ...]] = {
    "matched": ("list-matched",),
    "analytes": ("list-measured",),
    "baseline-differing": ("list-baseline-differing",),
    "other-analytes": ("list-measured", "list-higher-with-pain"),
}

# Entries over a list of the audit, less another: column, list, list left out.
LISTS: Mapping[str, tuple[str, ...]] = {
    "sf-mpq-falls": ("outcome", "list-sf-mpq"),
    "sf-mpq-no-difference": ("outcome", "list-sf-mpq"),
    "planned-sf-mpq": ("outcome", "list-sf-mpq"),
    "baseline-differs": ("analyte", "list-baseline-differing"),
    "baseline-alike": ("analyte", "list-measured", "list-baseline-differing"),
    "baseline-higher-pain": ("analyte", "list-baseline-higher"),
    "baseline-higher-non-pain": ("analyte", "list-baseline-higher"),
    "baseline-il-4-lower": ("analyte", "list-baseline-lower"),
    "baseline-il-7-lower": ("analyte", "list-baseline-lower-non-pain"),
    "baseline-higher-with-pain": ("analyte", "list-higher-with-pain"),
    "baseline-no-difference": ("analyte", "list-measured", "list-higher-with-pain"),
    "time-effect": ("analyte", "list-time-effects"),
    "time-alike": ("analyte", "list-measured", "list-time-effects"),
    "interaction-effect": ("analyte", "list-interactions"),
    "interaction-alike": ("analyte", "list-measured", "list-interactions"),
    "no-group-effect": ("analyte", "list-measured"),
    "lower-day-13-pain": ("analyte", "list-lower-day-13"),
    "unchanged-day-13-pain": ("analyte", "list-measured", "list-lower-day-13"),
    "lower-day-26-pain": ("analyte", "list-lower-day-26"),
    "unchanged-day-26-pain": ("analyte", "list-measured", "list-lower-day-26"),
    "missing": ("analyte", "list-measured"),
    "missing-pain": ("analyte", "list-measured"),
    "missing-non-pain": ("analyte", "list-measured"),
    "non-pain-null": ("analyte", "list-measured"),
    "again-elevated": ("analyte", "list-discussed-higher"),
    "again-il-4": ("analyte", "list-discussed-decreased"),
    "again-higher-with-pain": ("analyte", "list-discussed-higher-with-pain"),
    "again-higher-before": ("analyte", "list-discussed-higher-with-pain"),
    "again-lower-pain": ("analyte", "list-discussed-lower"),
    "again-unchanged-day-13-pain": ("analyte", "list-discussed-lower", "list-lower-day-13"),
    "again-anti-inflammatory-lower": ("analyte", "list-discussed-elevated-pain"),
}

# Entries that share the members of a column out: column, entries, entries that hold the whole, members set aside.
PARTITIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    ("visit", ("planned-vas",), ("assessed",), ()),
    ("visit", ("madrs-d-third", "madrs-d-largest"), ("assessed",), ()),
    ("visit", ("madrs-falls",), ("assessed",), ("baseline",)),
    ("visit", ("vas-falls",), ("assessed",), ("baseline",)),
    ("visit", ("madrs-lower-with-pain", "madrs-first-alike"), ("assessed",), ("baseline",)),
    ("visit", ("vas-differs", "vas-late-alike"), ("assessed",), ("baseline",)),
    ("visit", ("sf-mpq-falls",), ("planned-sf-mpq",), ("baseline",)),
    ("visit", ("sf-mpq-no-difference",), ("planned-sf-mpq",), ("baseline",)),
    ("visit", ("sampled", "samples-day-26-pain"), ("planned-sf-mpq",), ()),
    ("visit", ("lower-non-pain",), ("planned-sf-mpq",), ("baseline",)),
    ("visit", ("unchanged-non-pain",), ("planned-sf-mpq",), ("baseline",)),
    ("visit", ("non-pain-null",), ("planned-sf-mpq",), ("baseline",)),
    ("visit", ("pain-null",), ("planned-sf-mpq",), ("baseline",)),
    ("group", ("n-pain", "n-non-pain"), ("patients",), ()),
    ("group", ("n-pain", "n-non-pain"), ("assessed",), ()),
    ("group", ("n-pain", "n-non-pain"), ("sampled",), ()),
    ("group", ("n-pain", "n-non-pain"), ("planned-vas",), ()),
    ("group", ("n-pain", "n-non-pain"), ("planned-sf-mpq",), ()),
    ("group", ("n-pain", "n-non-pain"), ("madrs-falls",), ()),
    ("outcome", ("vas-falls", "planned-sf-mpq"), ("pain-scales-p",), ()),
    ("outcome", ("madrs-falls", "pain-scales-p"), ("model-significant",), ()),
    ("outcome", ("madrs-falls", "vas-falls"), ("pain-null",), ()),
    ("outcome", ("bmi-differs", "education-differs"), ("covariates-entered",), ()),
    ("contrast", ("madrs-group-f", "madrs-time-f", "madrs-interaction-f"), ("model-significant",), ()),
    ("contrast", ("madrs-group-f", "madrs-time-f", "madrs-interaction-f"), ("pain-scales-p",), ()),
    ("contrast", ("baseline-higher-pain", "baseline-higher-non-pain"), ("baseline-il-4-lower",), ()),
    ("analyte", ("baseline-higher-pain", "baseline-il-4-lower", "baseline-il-7-lower"), ("baseline-differs",), ()),
    ("analyte", ("unchanged-non-pain", "lower-non-pain"), ("no-group-effect",), ()),
    ("analyte", ("pain-null", "il6-significant-vas"), ("no-group-effect",), ()),
)

# Entries that take the rows of others: all of them, or some.
SAME_ROWS: Mapping[str, tuple[str, ...]] = {
    "response-p": ("response-chi-square",),
    "remission-p": ("remission-chi-square",),
    "time-response-p": ("time-response-t",),
    "time-remission-p": ("time-remission-t",),
    "madrs-group-p": ("madrs-group-f",),
    "madrs-time-p": ("madrs-time-f",),
    "madrs-interaction-p": ("madrs-interaction-f",),
    "il6-vas-day-13-p": ("il6-vas-day-13",),
    "il6-madrs-day-13-p": ("il6-madrs-day-13",),
    "il6-vas-day-26-p": ("il6-vas-day-26",),
    "il6-significant-vas": ("il6-vas-day-13",),
    "il6-significant-madrs": ("il6-madrs-day-13",),
    "il6-significant-day-26": ("il6-vas-day-26",),
    "direct-p": ("direct-effect",),
    "direct-significant": ("direct-p",),
    "indirect-significant": ("indirect-p",),
    "again-superior": ("madrs-group-p", "madrs-interaction-p"),
    "again-severity": ("madrs-baseline",),
    "again-half": ("percent-pain",),
    "again-response": ("response-p", "remission-p"),
    "again-time": ("time-response-p", "time-remission-p"),
    "again-elevated": ("baseline-higher-pain", "baseline-higher-non-pain"),
    "again-il-4": ("baseline-il-4-lower",),
    "again-il-7": ("baseline-il-7-lower",),
    "again-higher-with-pain": ("baseline-higher-with-pain",),
    "again-higher-before": ("baseline-higher-with-pain",),
    "again-no-group-effect": ("no-group-effect",),
    "again-time-effect": ("time-effect",),
    "again-lower-pain": ("lower-day-26-pain",),
    "again-lower-non-pain": ("lower-non-pain",),
    "again-unchanged-non-pain": ("unchanged-non-pain",),
    "again-il-6-vas": ("il6-significant-vas",),
    "again-il-6-madrs": ("il6-significant-madrs",),
    "again-mediated": ("indirect-significant",),
}
SOME_ROWS: Mapping[str, tuple[str, ...]] = {
    "il-4-elevated": ("baseline-il-4-lower",),
    "il-10-elevated": ("baseline-higher-pain",),
    "again-unchanged-day-13-pain": ("unchanged-day-13-pain",),
    "again-anti-inflammatory-lower": ("lower-day-26-pain",),
}
# The one place where the paper says the opposite of what it says elsewhere.
CONTRADICTS = ("il-4-elevated",)

# Sections of the paper with a chapter of their own; the others are on who took part and what was done.
CHAPTERS: Mapping[str, str] = {
    "Efficacy": "02_efficacy",
    "Differences in cytokine levels at baseline": "03_baseline_cytokines",
    "Changes of cytokine after ketamine treatment": "04_longitudinal_cytokines",
    "Clinical effects and inflammatory cytokine alterations": "05_regression_mediation",
}
