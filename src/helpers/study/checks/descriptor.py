"""What the descriptor leaves open that a check needs."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.study.checks.view import View
from helpers.study.finding import WARNING, Finding
from helpers.study.spelling import folded


def findings(view: View) -> Iterator[Finding]:
    """Outcomes without a range, analytes without a unit, lists of values in which one is there in two spellings."""
    advice = "give constraints.minimum and constraints.maximum, so that impossible values are seen"
    for column in view.values("outcomes"):
        limits = view.resource("outcomes").field(column).constraints
        if "minimum" not in limits or "maximum" not in limits:
            yield Finding(WARNING, "range-open", "the descriptor gives no whole range of the scale", "", advice,
                          view.resource("outcomes").path, column)  # fmt: skip
    # Without a panel the list is empty.
    unitless = [name for name in view.values("analytes") if not view.resource("analytes").field(name).unit]
    if unitless:
        listed = ", ".join(unitless[:5]) + (f" and {len(unitless) - 5} more" if len(unitless) > 5 else "")
        yield Finding(WARNING, "unit-open", f"the descriptor gives no unit: {listed}", "", "name the unit of each",
                      view.resource("analytes").path, count=len(unitless))  # fmt: skip
    for resource in view.descriptor.resources:
        for field in resource.fields:
            values = [str(value) for value in field.constraints.get("enum", ())]
            if len({folded(value) for value in values}) < len(values):
                yield Finding(WARNING, "spelling-enum", "two values of constraints.enum differ in spelling only", "",
                              "keep one, and write the cells so", resource.path, field.name)  # fmt: skip
