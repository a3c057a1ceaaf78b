"""What an entry of a ledger may hold: the schema beside this module, and its complaints in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def schema() -> Mapping[str, Any]:
    """The JSON schema of one entry.

    >>> sorted(schema()["properties"])[:3]
    ['basis', 'id', 'kind']
    """
    return json.loads((Path(__file__).parent / "ledger.schema.json").read_text(encoding="utf-8"))


def allowed(key: str) -> tuple[str, ...]:
    """The values that a key of an entry may have.

    >>> allowed("sign")
    ('', 'positive', 'negative')
    """
    return tuple(schema()["properties"][key]["enum"])


@cache
def _validator():
    # Imported here so that a notebook of a study without a ledger does not pay for it.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema())


def problems(entry: Mapping[str, Any]) -> list[str]:
    """What is wrong with an entry, one sentence a key: what was found and what was expected.

    >>> entry = {"id": "a", "kind": "count", "place": "Methods", "statement": "Patients", "notebook": "01_cohort",
    ...          "row": {"analysis": "flow", "statistic": "participants"}}
    >>> problems(entry | {"printed": "66"})
    []
    >>> problems(entry | {"printed": "6.6"})
    ["`printed` is '6.6'; expected a whole number, as the statement is a count"]
    """
    # Rules for every entry come before those for its kind, which often only say the same again.
    errors = sorted(_validator().iter_errors(entry), key=lambda error: error.absolute_schema_path[0] == "allOf")
    found: dict[str, str] = {}
    for error in errors:
        for key, text in _said(error):
            found.setdefault(key, text)
    return list(found.values())


def _said(error) -> Iterator[tuple[str, str]]:
    """The keys that a complaint is about, each with a sentence."""
    where = ".".join(str(part) for part in error.absolute_path if isinstance(part, str))
    if error.validator == "required":
        for name in (name for name in error.validator_value if name not in error.instance):
            yield name, f"`{name}` is missing; expected {_expected(error, name)}"
    elif error.validator == "additionalProperties":
        for name in sorted(set(error.instance) - set(error.schema["properties"]), key=str):
            known = ", ".join(error.schema["properties"])
            yield (
                str(name),
                f"{'results have no column' if where else 'there is no key'} `{name}`; expected one of {known}",
            )
    else:
        yield where, f"`{where}` is {error.instance!r}; expected {_expected(error, where)}"


def _expected(error, name: str) -> str:
    if error.validator == "enum":
        options = [option or "nothing" for option in error.validator_value]
        return f"one of {', '.join(options)}"
    rule = error.schema if "expected" in error.schema else schema()["properties"].get(name, {})
    return rule.get("expected", error.message)
