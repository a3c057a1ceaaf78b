"""Everything the synthetic cohort assumes, in one place: counts, levels, effects and correlations.

None of it is data. Counts and directions follow the figures printed by Zhou et al. (2021), doi
10.1186/s12974-021-02245-5; means of the scales are such that the tests of a drawn cohort lie about the printed ones;
plasma levels are of the order a high-sensitivity bead assay gives in healthy people;
the rest (standard deviations, loadings, medication) are round values a clinical sample could have.
"""

from __future__ import annotations

from dataclasses import dataclass

# Patients in each of the two groups; every other count is a share of it.
PATIENTS = 33
CONTROLS = 60

# Counts of the publication, at 33 patients a group. Another size scales them.
RESPONDERS = {"pain": 24, "non_pain": 16}
REMITTERS = {"pain": 17, "non_pain": 9}
LAST_SAMPLE_MISSING = {"pain": 2, "non_pain": 3}
INFUSIONS = 6
INFUSIONS_WITH_PAIN = 76


@dataclass(frozen=True)
class Demography:
    """Means and spreads of what is known at screening; pairs are (mean, standard deviation)."""

    age: tuple[float, float] = (35.0, 11.5)
    female: float = 0.55
    education: tuple[tuple[str, float], ...] = (("pain", 13.3), ("non_pain", 11.4), ("control", 12.8))
    education_sd: float = 2.9
    bmi: tuple[tuple[str, float], ...] = (("pain", 23.6), ("non_pain", 21.6), ("control", 22.3))
    bmi_sd: float = 3.0
    smoking: float = 0.22
    family_history: float = 0.3
    suicidal_ideation: float = 0.6
    duration_years: float = 6.0
    hamd17: tuple[float, float] = (24.5, 4.0)
    main_antidepressant: tuple[tuple[str, float], ...] = (("ssri", 0.5), ("snri", 0.32), ("other_antidepressant", 0.18))
    second_antidepressant: float = 0.2
    added: tuple[tuple[str, float], ...] = (("antipsychotic", 0.5), ("mood_stabiliser", 0.2), ("benzodiazepine", 0.42))


# Of the candidates for covariate exactly these differ between the patient groups. Patients are redrawn until their p is
# below CLEARLY and every other candidate's above UNCLEAR, so that no usual choice of test turns the list round.
DIFFER = ("education", "bmi")
CLEARLY, UNCLEAR = 0.03, 0.08
REDRAWS = 200


@dataclass(frozen=True)
class Depression:
    """MADRS at the eight visits: means by group, spread, and what a patient's values share."""

    means: tuple[tuple[str, tuple[float, ...]], ...] = (
        ("pain", (31.8, 24.4, 19.2, 17.4, 16.4, 15.2, 13.2, 14.2)),
        ("non_pain", (30.2, 24.4, 22.6, 21.4, 20.6, 19.4, 17.4, 18.2)),
    )
    sd: tuple[float, ...] = (5.4, 7.6, 8.6, 8.9, 9.1, 9.2, 9.3, 9.4)
    # Loadings of the standardised score on severity at entry, on benefit from treatment; the rest is noise that
    # carries over from one visit to the next.
    severity: tuple[float, ...] = (0.85, 0.62, 0.55, 0.5, 0.5, 0.5, 0.5, 0.5)
    benefit: tuple[float, ...] = (0.0, 0.55, 0.72, 0.77, 0.79, 0.79, 0.79, 0.73)
    carry_over: float = 0.4
    # Points by which a standard deviation of BMI and of education, inside a group, goes with a higher score.
    covariates: float = 2.4
    # Below 22 half of the baseline score would not leave room for response without remission.
    baseline_floor: int = 22
    # How much of the shift that makes the counts at the rule's visit exact is passed on to each visit.
    pass_on: tuple[float, ...] = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 0.8)


@dataclass(frozen=True)
class Pain:
    """Pain scale (VAS) at the eight visits before rounding, and how the other scales follow it."""

    means: tuple[tuple[str, tuple[float, ...]], ...] = (
        ("pain", (5.4, 2.05, 2.0, 1.95, 1.9, 1.85, -0.1, -0.1)),
        ("non_pain", (0.0, -0.3, -0.3, -0.3, -0.3, -0.3, -0.3, -0.3)),
    )
    sd: tuple[tuple[str, float], ...] = (("pain", 1.0), ("non_pain", 0.75))
    baseline_sd: float = 1.45
    person: float = 0.3
    # Correlation of pain at baseline with the later fall of MADRS: more pain at the start, more to gain.
    baseline_benefit: float = 0.5
    # Points of a scale for one centimetre of VAS, and its own noise.
    scales: tuple[tuple[str, float, float], ...] = (("sensory", 1.0, 4.0), ("affective", 0.65, 2.0), ("ppi", 0.3, 1.1))
    # Noise of the report of pain at an infusion beside the next day's VAS, in centimetres: a headache is reported
    # without other pain, too.
    report_noise: float = 1.6


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

    stable: float = 0.65  # share of the variance that stays with a person from visit to visit
    common: float = 0.35  # share, of the stable and of the passing part alike, common to all analytes
    family: float = 0.15  # share common to the chemokines, or to the interleukins and factors
    age: float = 0.10  # slopes in standard deviations
    bmi: float = 0.12
    male: float = 0.10
    digits: int = 4


CHEMOKINES = ("itac", "fractalkine", "mip_3a", "il_8", "mip_1b")


@dataclass(frozen=True)
class Link:
    """How, in one group, an analyte's fall goes with the falls of pain (VAS) and depression (MADRS)."""

    group: str = "pain"
    analyte: str = "il_6"
    first: tuple[float, float] = (0.35, 0.42)  # weights of the standardised falls at the sixth infusion
    last: tuple[float, float] = (0.36, -0.08)  # and on day 26
