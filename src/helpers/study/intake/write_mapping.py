"""The text of ``mapping.yaml``: what was proposed, why, and what a person must decide, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.study.intake.assay import Assay, propose_flags
from helpers.study.intake.proposal import Proposal, Variable
from helpers.study.intake.read import sha256

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ ./()%²µ-]*")
RESERVED = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
HEAD = """\
# How your files become a study. Written by `make study`; read it, correct what is wrong, run `make study` again.
#
# - A value that begins with DECIDE asks you something that the files do not say. Put the answer in its place.
# - `from` names columns of your files as they are there. The entry's own name is the study's; change it freely.
# - A comment says what each entry was inferred from. Move an entry to another section, or to `ignored`, if it is wrong.
# - Your files are only read. No participant's value is in here: codes, names of columns and of categories only.
"""


def mapping_text(proposal: Proposal) -> str:
    """The mapping file of a proposal (YAML)."""
    lines = [HEAD, "version: 1", "", *_study(proposal), "", *_sources(proposal), "", *_group(proposal), ""]
    lines += [*_visits(proposal), "", "# One value a participant; these rows describe the groups at baseline."]
    lines += _variables(proposal, "participants")
    lines += ["", "# Scales and other outcomes at visits. The order is the order of the book."]
    lines += _variables(proposal, "outcomes")
    lines += ["", *ANALYTES, *_variables(proposal, "analytes")]
    lines += ["", "# Yes or no at numbered exposures, such as an adverse event at each infusion; one entry at most."]
    lines += _variables(proposal, "events")
    lines += ["", *_rules(proposal), "", "# Columns that are not used, and why.", *_ignored(proposal)]
    return "\n".join(lines) + "\n"


ANALYTES = (
    "# Concentrations. `source_unit` is the unit in your file, `unit` the one in the study; pint converts, or refuses.",
    "# Several columns at one visit, [first, second], are readings of one sample: the study has their mean.",
    "# `below` lists codes that mean below the detection limit, `limit` is that limit: a number or a column.",
    "# Cells such as <0.13 need neither. A value under the limit counts as below it. Analyses use limit/√2 there.",
)


def _study(proposal: Proposal) -> Iterator[str]:
    yield "study:"
    yield f"  name: {scalar(proposal.name)}  # small letters, digits, hyphens"
    title = proposal.name.replace("-", " ").replace("_", " ").capitalize()
    yield f"  title: {scalar(title)}  # as the book's cover has it"
    yield '  description: ""'
    yield "  claims: null  # zhou2021 sets the figures printed there beside yours; visits and columns need its names"


def _sources(proposal: Proposal) -> Iterator[str]:
    yield "# The files as they were when this was written; a later change is noticed by the digest."
    yield "sources:"
    for path in dict.fromkeys(table.path for table in proposal.tables):
        yield f"  - file: {scalar(str(path))}"
        yield f"    sha256: {sha256(path)}"
        tables = [table for table in proposal.tables if table.path == path]
        yield from (f"    {key}: {scalar(value)}" for key, value in tables[0].options.items())
        yield "    tables:"
        for table in tables:
            yield from _table(proposal, table)


def _table(proposal: Proposal, table) -> Iterator[str]:
    layout = proposal.layouts.get(table.alias)
    sheet = f"  # sheet {table.sheet}" if table.sheet else ""
    if layout is None:
        yield f"      # {table.alias}: not used; no column looks like an identifier{sheet}"
        return
    yield f"      {table.alias}:{sheet}"
    many = {
        "wide": f"one row a participant, {len(table.frame)} rows",
        "long": "one row a participant and visit",
        "assay": f"one row an analyte of a participant{' and visit' if layout.visit else ''}, {len(table.frame)} rows",
    }[layout.kind]
    yield f"        layout: {layout.kind}  # {many}"
    yield f"        identifier: {scalar(layout.identifier)}"
    if layout.visit:
        yield f"        visit: {scalar(layout.visit)}"
        yield f"        visit_values: {flow(proposal.long_visits[table.alias])}"
    if layout.reading:
        yield f"        reading: {scalar(layout.reading)}"
    if layout.assay:
        yield from _assay(proposal, table, layout.assay)


def _assay(proposal: Proposal, table, assay: Assay) -> Iterator[str]:
    """The columns of an export with one row an analyte; an analyte's `from` is its name in the column of analytes."""
    yield f"        analyte: {scalar(assay.analyte)}  # under analytes, `from` is a name in this column"
    yield f"        result: {scalar(assay.result)}"
    if assay.unit:
        yield f"        unit: {scalar(assay.unit)}"
    if assay.flag:
        yield f"        flag: {scalar(assay.flag)}"
        flags = propose_flags(table, assay)
        yield "        flags:  # used, below (the detection limit) or missing" if flags else "        flags: {}"
        yield from (f"          {scalar(flag)}: {scalar(meaning)}" for flag, meaning in flags.items())


def _group(proposal: Proposal) -> Iterator[str]:
    group = proposal.group
    yield "# The groups. All analyses compare those under `compared`, two or more; `reference` are healthy controls."
    yield "group:"
    yield f"  from: {scalar(group['from'])}  # from {proposal.group_why}"
    if group["missing"]:
        yield f"  missing: {flow(group['missing'])}"
    yield "  levels:" if group["levels"] else "  levels: {}"
    yield from (f"    {scalar(code)}: {flow(level)}" for code, level in group["levels"].items())
    yield f"  compared: {flow(group['compared'])}"
    yield f"  reference: {scalar(group['reference'])}"


def _visits(proposal: Proposal) -> Iterator[str]:
    yield "# Visits in their order; the first is the baseline, and days rise."
    yield "visits:"
    for visit in proposal.visits:
        yield f"  - {flow({'name': visit.name, 'label': visit.label, 'day': visit.day})}  # {visit.why}"


def _variables(proposal: Proposal, section: str) -> Iterator[str]:
    variables = proposal.section(section)
    yield f"{section}:" if variables else f"{section}: {{}}"
    for variable in variables:
        yield f"  # {_comment(variable.why)}"
        yield f"  {scalar(variable.name)}:"
        yield from _from(variable)
        yield from _keys(variable.entry)


def _from(variable: Variable) -> Iterator[str]:
    if not isinstance(variable.source, Mapping):
        yield f"    from: {flow(variable.source)}"
        return
    yield "    from:"
    yield from (f"      {scalar(visit)}: {flow(columns)}" for visit, columns in variable.source.items())


def _keys(entry: Mapping[str, Any]) -> Iterator[str]:
    for key, value in entry.items():
        if key == "levels":
            yield "    levels:"
            yield from (f"      {scalar(code)}: {flow(level)}" for code, level in value.items())
        else:
            yield f"    {key}: {flow(value)}"


def _rules(proposal: Proposal) -> Iterator[str]:
    rules = proposal.rules
    yield "# Rules of the analysis. What is null or empty does not apply, and the book says so."
    yield "rules:"
    for key in ("response", "remission"):
        if not rules[key]:
            yield f"  {key}: null"
            continue
        yield f"  {key}:"
        yield from (f"    {name}: {flow(value)}" for name, value in rules[key].items())
    yield f"  analyte_scale: {rules['analyte_scale']}  # log or none"
    if "analyte_unit" in rules:
        yield f"  analyte_unit: {scalar(rules['analyte_unit'])}"
    yield f"  panel: {scalar(rules['panel'])}  # the assay's name"
    yield f"  analyte_covariates: {flow(rules['analyte_covariates'])}"
    yield "  change_regressions:" if rules["change_regressions"] else "  change_regressions: []"
    yield from (f"    - {flow(item)}" for item in rules["change_regressions"])
    yield "  eligibility: []  # - {column: age, minimum: 18, maximum: 65, groups: [a, b], text: Age 18 to 65}"
    yield "  classification: null  # {visit: baseline, any_above: {vas: 0}, yes: pain, no: no_pain, text: Pain above 0}"
    yield "  mediation: null  # {group: pain, visit: day_13, x: il_6, m: vas, y: madrs}"


def _ignored(proposal: Proposal) -> Iterator[str]:
    yield "ignored:" if proposal.ignored else "ignored: {}"
    yield from (f"  {scalar(ref)}: {scalar(why)}" for ref, why in proposal.ignored.items())


def _comment(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def flow(value: Any) -> str:
    """A value on one line (YAML flow style).

    Examples
    --------
    >>> flow({"name": "no", "label": "No pain"}), flow(["IL6_1", "999"])
    ('{name: "no", label: No pain}', '[IL6_1, "999"]')
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def scalar(value: Any) -> str:
    """One value as YAML; text is quoted unless it is plainly text."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.15g}"
    text = str(value)
    plain = PLAIN.fullmatch(text) and text.lower() not in RESERVED and not text.endswith(" ")
    return text if plain else json.dumps(text, ensure_ascii=False)


def default_name(path: Path) -> str:
    """The name of the study that a file starts.

    Examples
    --------
    >>> default_name(Path("My Trial (final).sav"))
    'my-trial-final'
    """
    return re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "study"
