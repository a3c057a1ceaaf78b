"""The codebook page, rendered from a study's descriptor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from helpers.analysis.disclosure import Disclosure
from helpers.report.check_page import check_section
from helpers.report.format import listed
from helpers.report.markdown import escaped, paragraphs, pipe_table, small_table
from helpers.report.pages.made import made_section
from helpers.study import Study
from helpers.study.descriptor import Field, Resource
from helpers.study.finding import Finding

# A link that cannot end early or carry markup.
PLAIN_LINK = re.compile(r"https://[^\s<>()\"']+")
TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "yes or no", "date": "date"}


def data_page(study: Study, findings: Sequence[Finding] | None = None, control: Disclosure | None = None) -> str:
    """The page on the data: what the study is, its design, what its check found, every column (Markdown)."""
    descriptor = study.descriptor
    made = "The data are synthetic: no participant in them exists." if descriptor.data_source == "synthetic" else ""
    return paragraphs(
        "# The data",
        f"**{escaped(descriptor.title)}.** {made}".strip(),
        escaped(descriptor.description),
        _provenance(descriptor.raw),
        "## Design",
        _design(study),
        "### Visits",
        _visits(study),
        "### Outcomes and rules",
        _outcomes(study),
        # What the check says counts participants one by one; it stays with the study.
        check_section(findings) if control is None else "",
        *(part for resource in descriptor.resources for part in _codebook(study, resource, control)),
        made_section(study),
    ).rstrip()


def _provenance(raw: dict[str, Any]) -> str:
    sources = [_linked(item) for item in raw.get("sources", ())]
    licences = [escaped(item.get("title") or item.get("name", "")) for item in raw.get("licenses", ())]
    lines = [f"- Sources: {listed(sources)}." if sources else "", f"- Licence: {listed(licences)}." if licences else ""]
    return "\n".join(line for line in lines if line)


def _linked(source: dict[str, str]) -> str:
    title, path = escaped(source.get("title", "")), source.get("path", "")
    return f"[{title}]({path})" if PLAIN_LINK.fullmatch(path) else title


def _design(study: Study) -> str:
    roles = study.roles
    lines = [f"- Groups compared: {listed([escaped(study.group_label(g)) for g in roles.compared])}."]
    reference = "none; comparisons with controls do not apply."
    if roles.reference:
        reference = f"{escaped(study.group_label(roles.reference))}."
    lines.append(f"- Healthy reference group: {reference}")
    rule = roles.classification
    lines.append(
        f"- How the groups are made: {escaped(rule.text.rstrip('.')) + '.' if rule else 'not by a rule on these data.'}"
    )
    if not roles.analytes.columns:
        return "\n".join([*lines, "- Analytes: none; the chapters on them do not apply."])
    panel = escaped(roles.analytes.panel) or "not named"
    scale = "natural logarithm" if roles.analytes.transform == "log" else "as recorded"
    lines.append(f"- Analytes: {len(roles.analytes.columns)}, panel: {panel}; analysed scale: {scale}.")
    return "\n".join(lines)


def _visits(study: Study) -> str:
    sampled = set(study.roles.analytes.visits)
    lines = []
    for visit in study.roles.visits:
        seen = [item.label for item in study.roles.outcomes if visit.name in item.visits]
        lines.append([visit.label, f"{visit.day:g}", listed(seen), "yes" if visit.name in sampled else "no"])
    return pipe_table(["Visit", "Day", "Outcomes", "Blood sample"], lines)


def _outcomes(study: Study) -> str:
    roles, lines = study.roles, []
    for item in roles.outcomes:
        field = study.field("outcomes", item.column)
        scale = "natural logarithm" if item.transform == "log" else "as recorded"
        lines.append([item.label, field.title, _allowed(field), field.unit or "–", scale])
    table = pipe_table(["Outcome", "Name", "Range", "Unit", "Modelled"], lines)
    response, remission = roles.response, roles.remission
    label = {item.column: escaped(item.label) for item in roles.outcomes}
    rule = "Response: the study defines no rule."
    if response:
        rule = (
            f"Response: a fall in {label[response.outcome]} of at least {100 * response.fraction:g} % from baseline at "
            f"{escaped(study.visit_label(response.visit).lower())}. {escaped(response.text)}"
        )
    cut = (
        f"Remission: {label[remission.outcome]} of at most {remission.cutoff:g} at "
        f"{escaped(study.visit_label(remission.visit).lower())}. {escaped(remission.text)}"
        if remission
        else "Remission: the study defines no cut-off."
    )
    return paragraphs(table, f"- {rule.strip()}\n- {cut.strip()}").strip()


def _codebook(study: Study, resource: Resource, control: Disclosure | None) -> Iterator[str]:
    frame = study.tables[resource.name]
    yield f"## Table: {escaped(resource.title)}"
    missing = [f"`{escaped(code)}`" for code in resource.missing_values if code]
    codes = f" Missing values: empty{' or ' + listed(missing) if missing else ''}."
    rows = f", {len(frame)} rows" if control is None else ""
    yield f"`{escaped(resource.path)}`{rows}. {escaped(resource.description)}{codes}"
    below = {field.name: _below(study, resource, field) for field in resource.fields}
    lines = [_codebook_line(field, frame[field.name], below[field.name], control) for field in resource.fields]
    yield small_table(["Column", "Meaning", "Type", "Unit", "Allowed", "Missing"], lines)


def _below(study: Study, resource: Resource, field: Field) -> int:
    """Values of an analyte that are below its limit: empty in the file, and not missing."""
    if resource.name != study.roles.tables.get("analytes"):
        return 0
    return int((study.below_limit["analyte"] == field.name).sum())


def _codebook_line(field: Field, column, below: int, control: Disclosure | None) -> list[str]:
    kind, missing = TYPES[field.type], str(int(column.isna().sum()))
    missing += f"; {below} below the limit" if below else ""
    if control is not None:  # how many would be a count by the column, here and against other tables
        missing = "some" if column.isna().any() else "none"
        missing += "; some below the limit" if below else ""
    meaning = f"{field.title}. {field.description}".strip()
    return [f"`{field.name}`", meaning, kind, field.unit or "–", _allowed(field), missing]


def _allowed(field: Field) -> str:
    limits = field.constraints
    if "enum" in limits:
        return ", ".join(field.label(value) for value in limits["enum"])
    if "minimum" in limits or "maximum" in limits:
        low, high = limits.get("minimum", "any"), limits.get("maximum", "any")
        return f"{low} to {high}"
    return "–"
