"""The descriptor of a converted study: every column and every role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.study.intake.convert import Converted
from helpers.study.intake.mapping import StudyMapping

PERSON = {"name": "id", "type": "string", "title": "Participant", "description": "Code of the participant."}
OF_PERSON = {"fields": ["id"], "reference": {"resource": "participants", "fields": ["id"]}}


def descriptor(mapping: StudyMapping, made: Converted, digests: Mapping[str, str]) -> dict[str, Any]:
    """``datapackage.json`` of a converted study.

    Parameters
    ----------
    digests : mapping of str to str
        Name and SHA-256 of each file that was read; their folders are not told.
    """
    study = mapping["study"]
    resources = [_participants(mapping), _assessments(mapping, made), _analytes(mapping, made)]
    makers = {"below_limit": _below_limit, "replicates": _replicates, "events": _events}
    resources += [make(mapping) for name, make in makers.items() if name in made.tables]
    return {
        "name": study["name"],
        "title": study["title"],
        "description": study.get("description", ""),
        "profile": "tabular-data-package",
        "data_source": "real",
        **({"notice": study["notice"]} if study.get("notice") else {}),
        **({"claims": study["claims"]} if study.get("claims") else {}),
        "sources": [{"title": name, "hash": f"sha256:{digest}"} for name, digest in digests.items()],
        "resources": resources,
        "roles": _roles(mapping, made),
    }


def _resource(name: str, title: str, text: str, fields: list[dict], key: list[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": fields, "primaryKey": key, "missingValues": [""]}
    if name != "participants" and "id" in key:
        schema["foreignKeys"] = [OF_PERSON]
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "title": title,
        "description": text,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _participants(mapping: StudyMapping) -> dict[str, Any]:
    group = mapping["group"]
    fields = [
        {**PERSON, "constraints": {"required": True, "unique": True}},
        {
            "name": "group",
            "type": "string",
            "title": group.get("title", "Group"),
            "description": group.get("description", ""),
            "constraints": {"required": True, "enum": _names(group["levels"])},
            "categoriesLabels": _labels(group["levels"]),
        },
        *(_field(name, spec) for name, spec in mapping["participants"].items()),
    ]
    return _resource("participants", "Participants", "One row a participant.", fields, ["id"])


def _assessments(mapping: StudyMapping, made: Converted) -> dict[str, Any]:
    seen = [v for v in mapping.visits if (made.tables["assessments"]["visit"] == v).any()]
    fields = [_person(), _visit(mapping, seen), *(_field(n, spec) for n, spec in mapping["outcomes"].items())]
    return _resource("assessments", "Assessments", "One row a participant and visit.", fields, ["id", "visit"])


def _analytes(mapping: StudyMapping, made: Converted) -> dict[str, Any]:
    common = mapping["rules"].get("analyte_unit", "")
    fields = [_person(), _visit(mapping, made.visits["analytes"])]
    for name, spec in mapping["analytes"].items():
        unit = spec.get("unit") or spec.get("source_unit") or common
        fields.append(_field(name, {**spec, "type": "number", "unit": unit}))
    text = "One row a participant and blood sample. A value below the detection limit is empty here"
    text += " and named in below_limit." if "below_limit" in made.tables else "; there are none."
    return _resource("analytes", "Analytes", text, fields, ["id", "visit"])


def _below_limit(mapping: StudyMapping) -> dict[str, Any]:
    fields = [
        _person(),
        _visit(mapping, mapping.visits),
        {
            "name": "analyte",
            "type": "string",
            "title": "Analyte",
            "description": "Column of the table of analytes.",
            "constraints": {"required": True, "enum": list(mapping["analytes"])},
        },
        {
            "name": "limit",
            "type": "number",
            "title": "Detection limit",
            "description": "In the unit of the analyte.",
            "constraints": {"required": True, "minimum": 0},
        },
    ]
    text = "One row a value below the detection limit of its assay."
    return _resource("below_limit", "Values below the detection limit", text, fields, ["id", "visit", "analyte"])


def _replicates(mapping: StudyMapping) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {"name": "analyte", "type": "string", "title": "Analyte", "constraints": {"required": True}},
        {"name": "samples", "type": "integer", "title": "Samples", "description": "With two or more readings."},
        {"name": "cv_median", "type": "number", "title": "Median CV", "unit": "%",
         "description": "Standard deviation of a sample’s readings over their mean."},
        {"name": "cv_rms", "type": "number", "title": "CV", "unit": "%", "description": "Root mean square."},
        {"name": "fewer", "type": "integer", "title": "Partly below", "description": "Samples with one reading below."},
    ]  # fmt: skip
    return _resource("replicates", "Readings of the assay", "How well the readings of a sample agree; the study holds "
                     "their mean.", fields, ["analyte"])  # fmt: skip


def _events(mapping: StudyMapping) -> dict[str, Any]:
    ((name, spec),) = mapping["events"].items()
    unit = spec.get("unit") or "exposure"
    fields = [
        _person(),
        {"name": unit, "type": "integer", "title": unit.capitalize(), "description": "Its number, in order.",
         "constraints": {"required": True, "minimum": 0}},
        {"name": name, "type": "integer", "title": spec.get("title", name), "description": spec.get("description", ""),
         "constraints": {"enum": [0, 1]}, "categoriesLabels": {"0": "No", "1": "Yes"}},
    ]  # fmt: skip
    return _resource("events", spec.get("title", name), f"One row a participant and {unit}.", fields, ["id", unit])


def _person() -> dict[str, Any]:
    return {**PERSON, "constraints": {"required": True}}


def _visit(mapping: StudyMapping, used: list[str]) -> dict[str, Any]:
    labels = {visit["name"]: visit["label"] for visit in mapping.document["visits"] if visit["name"] in used}
    return {
        "name": "visit",
        "type": "string",
        "title": "Visit",
        "constraints": {"required": True, "enum": list(labels)},
        "categoriesLabels": labels,
    }


def _field(name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    category = spec.get("type") == "category"
    field: dict[str, Any] = {"name": name, "type": "string" if category else spec.get("type", "number")}
    field["title"] = spec.get("title", name)
    field |= {key: spec[key] for key in ("description", "unit") if spec.get(key)}
    limits = {key: spec[key] for key in ("minimum", "maximum") if key in spec}
    limits |= {"enum": _names(spec["levels"])} if category else {}
    field |= {"constraints": limits} if limits else {}
    return field | ({"categoriesLabels": _labels(spec["levels"])} if category else {})


def _names(levels: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(level["name"] for level in levels.values()))


def _labels(levels: Mapping[str, Any]) -> dict[str, str]:
    return {level["name"]: str(level.get("label", level["name"])) for level in levels.values()}


def _roles(mapping: StudyMapping, made: Converted) -> dict[str, Any]:
    rules, group, first = mapping["rules"], mapping["group"], mapping.visits[0]
    remission = rules.get("remission")
    at_start = [name for name in mapping["outcomes"] if first in made.visits[name]]
    analytes = {"columns": list(mapping["analytes"]), "visits": made.visits["analytes"]}
    analytes |= {"transform": rules.get("analyte_scale", "log"), "panel": rules.get("panel", "")}
    if "below_limit" in made.tables:
        analytes["detection"] = {"table": "below_limit", "rule": "lod_sqrt2"}
    return {
        "identifier": "id",
        "tables": {"participants": "participants", "outcomes": "assessments", "analytes": "analytes"},
        "group": {"column": "group", "compared": group["compared"], "reference": group["reference"]},
        "visits": mapping.document["visits"],
        "outcomes": [_outcome(n, s, made.visits[n]) for n, s in mapping["outcomes"].items()],
        "response": rules["response"],
        "remission": {"visit": rules["response"]["visit"], **remission} if remission else None,
        "analytes": analytes,
        "baseline_table": [{"column": name, "candidate": True} for name in mapping["participants"]]
        + [{"column": name, "candidate": False} for name in at_start],
        **{key: rules.get(key) or [] for key in ("analyte_covariates", "eligibility", "change_regressions")},
        **{key: rules.get(key) for key in ("classification", "mediation")},
        "adverse_events": _event_role(mapping) if "events" in made.tables else None,
    }


def _outcome(name: str, spec: Mapping[str, Any], visits: list[str]) -> dict[str, Any]:
    decimals = spec.get("decimals", 0 if spec.get("type") == "integer" else 1)
    label = spec.get("label") or spec.get("title", name)
    found = {"column": name, "label": label, "visits": visits, "decimals": decimals}
    return found | ({"transform": spec["transform"]} if "transform" in spec else {})


def _event_role(mapping: StudyMapping) -> dict[str, Any]:
    ((name, spec),) = mapping["events"].items()
    return {"table": "events", "column": name, "unit": spec.get("unit") or "exposure", "text": spec.get("text", "")}
