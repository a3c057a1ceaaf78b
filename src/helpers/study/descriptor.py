"""What a study is: its tables, columns and the roles they play, read from ``datapackage.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Field:
    """One column of a table, as the codebook describes it."""

    name: str
    type: str
    title: str
    description: str = ""
    unit: str = ""
    constraints: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_category(self) -> bool:
        """True for columns with a closed list of values, and for yes/no columns."""
        return "enum" in self.constraints or self.type == "boolean"

    @property
    def heading(self) -> str:
        """Title with its unit: ``Age (years)``."""
        return f"{self.title} ({self.unit})" if self.unit and self.unit not in self.title.lower() else self.title

    def label(self, value: Any) -> str:
        """The name a reader sees for one of the column's values, in one line."""
        key = str(value).lower() if self.type == "boolean" else str(value)
        return self.labels.get(key, {"true": "Yes", "false": "No"}.get(key, " ".join(str(value).splitlines())))


@dataclass(frozen=True)
class Resource:
    """One table of the study."""

    name: str
    path: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    missing_values: tuple[str, ...]

    def field(self, name: str) -> Field:
        """The column called ``name``; ``KeyError`` when there is none."""
        return next((f for f in self.fields if f.name == name), None) or _no_field(self.name, name)


def _no_field(table: str, name: str) -> Field:
    raise KeyError(f"table {table} has no column {name}")


@dataclass(frozen=True)
class Visit:
    """A planned visit and the day it is due, counted from baseline (day 0)."""

    name: str
    label: str
    day: float


@dataclass(frozen=True)
class Outcome:
    """A clinical outcome, with the visits at which the protocol measures it and the scale it is modelled on."""

    column: str
    label: str
    visits: tuple[str, ...]
    decimals: int = 1
    transform: str = "none"


@dataclass(frozen=True)
class ResponseRule:
    """Response: a fall of at least ``fraction`` of the baseline value at ``visit``."""

    outcome: str
    fraction: float
    visit: str
    text: str = ""


@dataclass(frozen=True)
class RemissionRule:
    """Remission: a value of at most ``cutoff`` at ``visit``."""

    outcome: str
    cutoff: float
    visit: str
    text: str = ""


@dataclass(frozen=True)
class Detection:
    """The table that names the values below the detection limit, and the rule that stands in for them."""

    table: str
    rule: str


@dataclass(frozen=True)
class Analytes:
    """The assay panel: columns, sampling visits and the scale they are analysed on; empty for a study without one."""

    columns: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    transform: str = "none"
    panel: str = ""
    detection: Detection | None = None


@dataclass(frozen=True)
class BaselineVariable:
    """A row of the baseline table; a ``candidate`` that differs between groups becomes a covariate."""

    column: str
    candidate: bool = False


@dataclass(frozen=True)
class Criterion:
    """An eligibility limit that the data can show."""

    column: str
    text: str
    minimum: float | None = None
    maximum: float | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Classification:
    """The rule that makes two of the groups: any listed outcome above its limit at ``visit``."""

    visit: str
    any_above: Mapping[str, float]
    yes: str
    no: str
    text: str


@dataclass(frozen=True)
class AdverseEvents:
    """A table with one row an exposure and a yes/no column for the event."""

    table: str
    column: str
    unit: str
    text: str = ""


@dataclass(frozen=True)
class ChangeRegression:
    """An outcome whose change is regressed on each analyte's change, in the groups named."""

    outcome: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class MediationPath:
    """Change in analyte ``x`` → change in outcome ``m`` → change in outcome ``y``, in one group at one visit."""

    group: str
    visit: str
    x: str
    m: str
    y: str
    note: str = ""


@dataclass(frozen=True)
class Roles:
    """The parts the tables play in the analysis."""

    identifier: str
    tables: Mapping[str, str]
    group_column: str
    compared: tuple[str, ...]
    reference: str | None
    visits: tuple[Visit, ...]
    outcomes: tuple[Outcome, ...]
    response: ResponseRule | None
    remission: RemissionRule | None
    analytes: Analytes
    baseline_table: tuple[BaselineVariable, ...]
    analyte_covariates: tuple[str, ...] = ()
    eligibility: tuple[Criterion, ...] = ()
    classification: Classification | None = None
    adverse_events: AdverseEvents | None = None
    change_regressions: tuple[ChangeRegression, ...] = ()
    mediation: MediationPath | None = None


@dataclass(frozen=True)
class Descriptor:
    """``datapackage.json`` as an object; ``raw`` is the document itself."""

    name: str
    title: str
    description: str
    data_source: str
    notice: str
    claims: str | None
    resources: tuple[Resource, ...]
    roles: Roles
    raw: Mapping[str, Any] = field(repr=False, default_factory=dict)

    def resource(self, name: str) -> Resource:
        """The table called ``name``; ``KeyError`` when there is none."""
        for resource in self.resources:
            if resource.name == name:
                return resource
        raise KeyError(f"study {self.name} has no table {name}")
