"""Everything the synthetic cohort assumes, in one place: counts, levels, effects and correlations.

None of it is data. Counts and directions follow the figures printed by Zhou et al. (2021), doi
10.1186/s12974-021-02245-5; means of the scales are such that the tests of a drawn cohort lie about the printed ones;
plasma levels are of the order a high-sensitivity bead assay gives in healthy people;
the rest (standard deviations, loadings, medication) are round values a clinical sample could have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Patients in each of the two groups; every other count is a share of it.
PATIENTS = 33
CONTROLS = 60

# Counts of the publication, at 33 patients a group. Another size scales them.
RESPONDERS = {"pain": 24, "non_pain": 16}
REMITTERS = {"pain": 17, "non_pain": 9}
LAST_SAMPLE_MISSING = {"pain": 2, "non_pain": 3}
INFUSIONS = 6
INFUSIONS_WITH_PAIN = 76


def _choice(meaning: str, value: Any) -> Any:
    """A field with its value, and what it is with its unit: the book shows both."""
    return field(default=value, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Demography:
    """Means and spreads of what is known at screening; pairs are (mean, standard deviation)."""

    age: tuple[float, float] = _choice("Age, years: mean and SD", (35.0, 11.5))
    female: float = _choice("Share of women", 0.55)
    education: tuple[tuple[str, float], ...] = _choice(
        "Education, years: mean", (("pain", 13.3), ("non_pain", 11.4), ("control", 12.8))
    )
    education_sd: float = _choice("Education, years: SD in every group", 2.9)
    bmi: tuple[tuple[str, float], ...] = _choice(
        "Body mass index, kg/m²: mean", (("pain", 23.6), ("non_pain", 21.6), ("control", 22.3))
    )
    bmi_sd: float = _choice("Body mass index, kg/m²: SD in every group", 3.0)
    smoking: float = _choice("Share of smokers", 0.22)
    family_history: float = _choice("Share of patients with a family history", 0.3)
    suicidal_ideation: float = _choice("Share of patients with suicidal ideation", 0.6)
    duration_years: float = _choice("Duration of illness, years: median (log-normal)", 6.0)
    hamd17: tuple[float, float] = _choice("HAMD-17, points: mean and SD", (24.5, 4.0))
    main_antidepressant: tuple[tuple[str, float], ...] = _choice(
        "Share of patients by main antidepressant", (("ssri", 0.5), ("snri", 0.32), ("other_antidepressant", 0.18))
    )
    second_antidepressant: float = _choice("Share of patients with a second one", 0.2)
    added: tuple[tuple[str, float], ...] = _choice(
        "Share of patients with a medication besides",
        (("antipsychotic", 0.5), ("mood_stabiliser", 0.2), ("benzodiazepine", 0.42)),
    )


# Of the candidates for covariate exactly these differ between the patient groups. Patients are redrawn until their p is
# below CLEARLY and every other candidate's above UNCLEAR, so that no usual choice of test turns the list round.
DIFFER = ("education", "bmi")
CLEARLY, UNCLEAR = 0.03, 0.08
REDRAWS = 200


@dataclass(frozen=True)
class Depression:
    """MADRS at the eight visits: means by group, spread, and what a patient's values share."""

    means: tuple[tuple[str, tuple[float, ...]], ...] = _choice(
        "MADRS, points: mean at each visit",
        (
            ("pain", (31.8, 24.4, 19.2, 17.4, 16.4, 15.2, 13.2, 14.2)),
            ("non_pain", (30.2, 24.4, 22.6, 21.4, 20.6, 19.4, 17.4, 18.2)),
        ),
    )
    sd: tuple[float, ...] = _choice("MADRS, points: SD at each visit", (5.4, 7.6, 8.6, 8.9, 9.1, 9.2, 9.3, 9.4))
    severity: tuple[float, ...] = _choice(
        "Loading of the standardised score on severity at entry, by visit", (0.85, 0.62, 0.55, 0.5, 0.5, 0.5, 0.5, 0.5)
    )
    benefit: tuple[float, ...] = _choice(
        "Loading on the benefit from treatment, by visit", (0.0, 0.55, 0.72, 0.77, 0.79, 0.79, 0.79, 0.73)
    )
    carry_over: float = _choice("Correlation of the remaining noise from one visit to the next", 0.4)
    covariates: float = _choice("Points that go with one SD of body mass index, and of education, in a group", 2.4)
    # Below 22 half of the baseline score would not leave room for response without remission.
    baseline_floor: int = _choice("Lowest MADRS at baseline, points", 22)
    pass_on: tuple[float, ...] = _choice(
        "Share of the shift that makes the counts exact passed on to each visit",
        (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 0.8),
    )


@dataclass(frozen=True)
class Pain:
    """Pain scale (VAS) at the eight visits before rounding, and how the other scales follow it."""

    means: tuple[tuple[str, tuple[float, ...]], ...] = _choice(
        "VAS, cm: mean at each visit",
        (
            ("pain", (5.4, 2.05, 2.0, 1.95, 1.9, 1.85, -0.1, -0.1)),
            ("non_pain", (0.0, -0.3, -0.3, -0.3, -0.3, -0.3, -0.3, -0.3)),
        ),
    )
    sd: tuple[tuple[str, float], ...] = _choice("VAS, cm: SD after baseline", (("pain", 1.0), ("non_pain", 0.75)))
    baseline_sd: float = _choice("VAS, cm: SD at baseline, with pain", 1.45)
    person: float = _choice("Loading of a patient’s later values on what they share", 0.3)
    # More pain at the start, more to gain.
    baseline_benefit: float = _choice("Correlation of pain at baseline with the later fall of MADRS", 0.5)
    scales: tuple[tuple[str, float, float], ...] = _choice(
        "Other scales: points for 1 cm of VAS, and SD of their own noise",
        (("sensory", 1.0, 4.0), ("affective", 0.65, 2.0), ("ppi", 0.3, 1.1)),
    )
    # A headache is reported without other pain, too.
    report_noise: float = _choice("Noise of the report of pain at an infusion beside the next day’s VAS, cm", 1.6)


@dataclass(frozen=True)
class Analyte:
    """One cytokine: level and effects.

    ``median`` of controls in pg/mL and ``spread`` (standard deviation of its natural log); in units of that spread, the
    difference of each patient group from controls at baseline and the changes to the sixth infusion and to day 26.
    """

    median: float
    spread: float
    pain: float = 0.0
    non_pain: float = 0.0
    pain_change: tuple[float, float] = (0.0, 0.0)
    non_pain_change: tuple[float, float] = (0.0, 0.0)


# The few sizes that the panel's pattern is made of, in spreads: raised with depression, more so with pain; a fall that
# shows soon or late, with pain, without, or slightly in both.
RAISED, MORE, LOWERED = 0.85, 0.75, -0.8
SOON, LATE, SLIGHT = -0.5, -0.6, -0.15
BOTH_UP = {"pain": RAISED, "non_pain": RAISED}
FALLS_LATE = {"pain_change": (0.0, LATE), "non_pain_change": (0.0, SLIGHT)}
PAIN_ONLY = {"pain_change": (0.0, LATE)}

ANALYTES = {
    "itac": Analyte(22, 0.60),
    "gm_csf": Analyte(45, 0.55, RAISED + MORE, RAISED, **PAIN_ONLY),
    "fractalkine": Analyte(85, 0.50, **BOTH_UP, **PAIN_ONLY),
    "ifn_gamma": Analyte(9.5, 0.60, **FALLS_LATE),
    "il_10": Analyte(8.0, 0.60, **BOTH_UP, **FALLS_LATE),
    "mip_3a": Analyte(9.0, 0.60, **BOTH_UP, **FALLS_LATE),
    "il_12p70": Analyte(2.3, 0.55, **FALLS_LATE),
    "il_13": Analyte(3.8, 0.75, **BOTH_UP),
    "il_17a": Analyte(6.5, 0.60, **BOTH_UP, **FALLS_LATE),
    "il_1b": Analyte(1.2, 0.50, **PAIN_ONLY),
    "il_2": Analyte(1.9, 0.55, **BOTH_UP, **FALLS_LATE),
    "il_4": Analyte(28, 0.70, LOWERED, LOWERED, **FALLS_LATE),
    "il_23": Analyte(240, 0.65, **FALLS_LATE),
    "il_5": Analyte(1.6, 0.60, **FALLS_LATE),
    "il_6": Analyte(1.4, 0.90, RAISED + MORE, RAISED, pain_change=(SOON, LATE)),
    "il_7": Analyte(8.5, 0.50, 0.0, LOWERED, **FALLS_LATE),
    "il_8": Analyte(3.2, 0.45, pain_change=(0.0, SLIGHT), non_pain_change=(0.0, SLIGHT)),
    "mip_1b": Analyte(14, 0.45, **BOTH_UP, **FALLS_LATE),
    "tnf_a": Analyte(4.0, 0.40, pain_change=(SOON, LATE), non_pain_change=(SOON, LATE)),
}


@dataclass(frozen=True)
class Cytokines:
    """What the analytes share. Variances are shares of an analyte's own, on the log scale."""

    stable: float = _choice("Share of the variance that stays with a person from visit to visit", 0.65)
    common: float = _choice("Share common to all analytes, of the stable and of the passing part alike", 0.35)
    family: float = _choice("Share common to the chemokines, or to the interleukins and factors", 0.15)
    age: float = _choice("Slope on age, SD for one SD", 0.10)
    bmi: float = _choice("Slope on body mass index, SD for one SD", 0.12)
    male: float = _choice("Difference of men from women, SD", 0.10)
    digits: int = _choice("Significant digits that are kept", 4)


CHEMOKINES = ("itac", "fractalkine", "mip_3a", "il_8", "mip_1b")


@dataclass(frozen=True)
class Link:
    """How, in one group, an analyte's fall goes with the falls of pain (VAS) and depression (MADRS)."""

    group: str = _choice("Group", "pain")
    analyte: str = _choice("Analyte", "il_6")
    first: tuple[float, float] = _choice(
        "Weights of the standardised falls of VAS and MADRS, sixth infusion", (0.35, 0.42)
    )
    last: tuple[float, float] = _choice("The same, day 26", (0.36, -0.08))
