"""Can the constraints of a column be met by values of its type? Sentences for those that cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpers.study.descriptor import Field, Resource

NUMBERS = ("integer", "number")
KINDS = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "date": str}


def limit_problems(resource: Resource) -> Iterator[str]:
    """Everything wrong with the constraints of a table's columns, one sentence a problem."""
    for field in resource.fields:
        where = f"resources.{resource.name}.{field.name}.constraints"
        for problem in _problems(field):
            yield f"{where}.{problem}"


def _problems(field: Field) -> Iterator[str]:
    limits = field.constraints
    for key in ("minimum", "maximum"):
        if key in limits and field.type not in NUMBERS:
            yield f"{key}: the column is of type {field.type}; limits are for integer and number"
    if limits.get("minimum", 0) > limits.get("maximum", float("inf")):
        yield f"minimum: {limits['minimum']:g} is above the maximum, {limits['maximum']:g}"
    if "pattern" in limits:
        yield from _pattern_problems(field)
    wrong = [value for value in limits.get("enum", ()) if not _is_of(value, field.type)]
    if wrong:
        yield f"enum: {wrong[0]!r} is not of type {field.type}, the column's own"


def _pattern_problems(field: Field) -> Iterator[str]:
    if field.type != "string":
        yield f"pattern: the column is of type {field.type}; patterns are for string"
    try:
        re.compile(field.constraints["pattern"])
    except re.error as error:
        yield f"pattern: not a regular expression ({error})"


def _is_of(value: object, kind: str) -> bool:
    return isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))
