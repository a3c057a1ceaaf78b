"""Every figure, on both bundled studies: what it says, and whether it repeats itself."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from helpers.analysis.frames import groups

STUDIES = ("synthetic", "pbc")
NAMES = (
    "fig-flow",
    "fig-missing",
    "fig-missing-patterns",
    "fig-outcomes",
    "fig-time-to-endpoint",
    "fig-effects",
    "fig-baseline-cytokines",
    "fig-baseline-differences",
    "fig-correlations-baseline",
    "fig-cytokine-changes",
    "fig-cytokine-volcano",
    "fig-cytokine-trajectories",
    "fig-correlations-changes",
    "fig-change-regressions",
    "fig-change-scatter",
    "fig-mediation",
    "fig-diagnostics-outcomes",
)


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("name", NAMES)
def test_figure_is_complete(drawn, rows, study, name):
    (made, _), run = drawn(study, name), rows[study]["run"]
    ElementTree.fromstring(made.svg)
    assert made.name == name
    assert made.caption.startswith("**")
    for text in (made.caption, made.alt):
        assert "\n" not in text
        assert "  " not in text
        assert not re.search(r"\bnan\b|None|inf\b|\d\.\d{4,}(?!\d*e)", text), text
    assert name not in made.alt
    assert len(made.svg) < 600_000
    assert ("Synthetic cohort." in made.caption) is run.synthetic


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("name", NAMES[:-1])
def test_alternative_text_names_the_groups(drawn, rows, study, name):
    roles = rows[study]["run"].study.roles
    one_group = name in ("fig-change-scatter", "fig-mediation")
    for group in [roles.mediation.group] if one_group else roles.compared:
        assert rows[study]["run"].study.group_label(group) in drawn(study, name)[0].alt


@pytest.mark.parametrize("name", NAMES)
def test_same_call_gives_the_same_bytes(draw, drawn, rows, name):
    assert draw(rows["synthetic"], name).svg == drawn("synthetic", name)[0].svg


@pytest.mark.parametrize("name", NAMES)
def test_numpys_random_state_neither_matters_nor_moves(draw, drawn, rows, name):
    expected = drawn("synthetic", name)[0].svg
    before = np.random.get_state()
    try:
        np.random.seed(7)
        seeded = np.random.get_state()[1].tolist()
        assert draw(rows["synthetic"], name).svg == expected
        assert np.random.get_state()[1].tolist() == seeded
    finally:
        np.random.set_state(before)


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("name", NAMES)
def test_stamp_stands_on_synthetic_data_only(drawn, rows, study, name):
    _, texts = drawn(study, name)
    assert ("Synthetic cohort" in texts) is rows[study]["run"].synthetic
    assert not [text for text in texts if "nan" in text]


def test_flow_shows_the_groups_and_who_was_lost(drawn, rows):
    _, texts = drawn("synthetic", "fig-flow")
    study = rows["synthetic"]["run"].study
    assert {study.group_label(group) for group in groups(study)} <= set(texts)
    assert {"2 no sample", "3 no sample", "n = 126"} <= set(texts)
