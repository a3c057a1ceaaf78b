"""The page on the data says how the bundled cohort was made, with every choice behind it; of real data, nothing."""

from __future__ import annotations

import dataclasses

from helpers.report.pages.made import PARTS, made_section
from helpers.study.synthetic import parameters


def test_every_choice_of_the_model_is_shown(studies):
    page = made_section(studies["synthetic"])
    for part in PARTS:
        for field in dataclasses.fields(part):
            assert f"| {field.metadata['meaning']} |" in page, field.name
    for name, model in parameters.ANALYTES.items():
        title = studies["synthetic"].field("analytes", name).title
        assert f"| {title} | {model.median:g} | {model.spread:g} |" in page
    assert f"| Patients in each group | {parameters.PATIENTS} |" in page
    assert "never what happened" in page


def test_it_names_the_reading_and_the_seed_of_the_bundled_cohort(studies):
    generator = studies["synthetic"].descriptor.raw["generator"]
    page = made_section(studies["synthetic"])
    assert f"Seed {generator['seed']}." in page
    assert "standardised slope" in page


def test_real_data_were_not_made(studies):
    assert made_section(studies["pbc"]) == ""
