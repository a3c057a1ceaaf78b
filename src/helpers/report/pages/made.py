"""How the bundled cohort was made: what it aims at, and every choice that is nobody's figure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from helpers.analysis.frames import groups
from helpers.claims.witness import load_readings
from helpers.report.format import listed
from helpers.report.markdown import escaped, paragraphs, pipe_table, small_table
from helpers.study import Study
from helpers.study.synthetic import parameters

MODULE = "helpers.claims.witness"
PARTS = (parameters.Demography, parameters.Depression, parameters.Pain, parameters.Cytokines, parameters.Link)
COUNTS = {
    "PATIENTS": "Patients in each group",
    "CONTROLS": "Controls",
    "RESPONDERS": "Responders",
    "REMITTERS": "Remitters",
    "LAST_SAMPLE_MISSING": "Patients without the last sample",
    "INFUSIONS": "Infusions of each patient",
    "INFUSIONS_WITH_PAIN": "Infusions during which pain was reported",
}


def made_section(study: Study) -> str:
    """Sections for the page on the data; empty for a study that no search made."""
    generator = study.descriptor.raw.get("generator") or {}
    if generator.get("module") != MODULE:
        return ""
    reading = next(item for item in load_readings() if item.name == generator["reading"])
    return paragraphs(
        "## How the tables were made",
        "A seeded model draws a cohort; a seeded search then moves its scores and IL-6 on until printed figures stand "
        f"in them. The figures are read so: {_sentence(reading.text)} Seed {generator['seed']}. "
        "[The chapter on the ledger](notebooks/06_claims.ipynb) lists every target with the printed and the attained "
        "value, what is given up and why, and what no search has seen. A witness shows that figures can stand "
        "together, never what happened.",
        "## What is invented",
        "Targets fix far less than a cohort. The rest is choice: the values below are those of the model that the "
        "cohort is drawn from. None of them is data.",
        "### Counts that are imposed",
        pipe_table(
            ["Choice", "Value"], [[text, _shown(getattr(parameters, n), _names(study))] for n, text in COUNTS.items()]
        ),
        *(text for part in PARTS for text in _part(part, _names(study))),
        "### The panel",
        "Median in controls in pg/mL, spread (SD of the natural logarithm), and effects in spreads: difference from "
        "controls at baseline, and changes to the two later samples.",
        small_table(*_analytes(study)),
    )


def _part(part: type, names: Mapping[str, str]) -> Iterator[str]:
    """A heading, the model's own words, and its choices with their units."""
    yield f"### {part.__name__}"
    yield escaped(" ".join((part.__doc__ or "").split()))
    rows = [[escaped(field.metadata["meaning"]), _shown(field.default, names)] for field in dataclasses.fields(part)]
    yield small_table(["Choice", "Value"], rows)


def _names(study: Study) -> dict[str, str]:
    """What a reader calls the columns and groups that a choice speaks of."""
    fields = {f.name: f.title for resource in study.descriptor.resources for f in resource.fields}
    return fields | {name: study.group_label(name) for name in groups(study)}


def _analytes(study: Study) -> tuple[list[str], list[list[str]]]:
    heads = ["Analyte", "Median", "Spread", "Pain", "No pain", "Change, pain", "Change, no pain"]
    rows = []
    for name, model in parameters.ANALYTES.items():
        changes = [_shown(model.pain_change), _shown(model.non_pain_change)]
        numbers = [_shown(value) for value in (model.median, model.spread, model.pain, model.non_pain)]
        rows.append([study.field("analytes", name).title, *numbers, *changes])
    return heads, rows


def _shown(value: Any, names: Mapping[str, str] | None = None) -> str:
    """A choice as a reader would write it."""
    if isinstance(value, dict):
        return listed([f"{_shown(key, names)} {_shown(item, names)}" for key, item in value.items()])
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "; ".join(
            f"{_shown(first, names)}: {_shown(rest[0] if len(rest) == 1 else rest, names)}" for first, *rest in value
        )
    if isinstance(value, tuple | list):
        return ", ".join(_shown(item, names) for item in value)
    return (
        f"{value:g}".replace("-", "−") if isinstance(value, int | float) else escaped((names or {}).get(value, value))
    )


def _sentence(text: str) -> str:
    return escaped(text.strip())
