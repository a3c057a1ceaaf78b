"""The choices an analysis leaves open: names, types, allowed values, and a refusal that helps."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

ADJUSTMENTS = ("none", "bonferroni", "holm", "fdr_bh", "fdr_by")
# Covariance structures of the visits, from few parameters to many.
STRUCTURES = (
    "identity",
    "diagonal",
    "compound_symmetry",
    "heterogeneous_cs",
    "ar1",
    "heterogeneous_ar1",
    "toeplitz",
    "heterogeneous_toeplitz",
    "unstructured",
)
COVARIANCES = (*STRUCTURES, "random_intercept", "random_slope", "auto")
DFS = ("satterthwaite", "kenward-roger", "residual")
IMPUTATIONS = ("em", "none")
COVARIATES = ("differing", "none")


class SettingsError(ValueError):
    """A parameter is unknown, of the wrong type, or outside its allowed values; ``problems`` lists them all."""

    def __init__(self, where: str, problems: list[str]):
        self.where, self.problems = where, tuple(problems)
        super().__init__("\n".join([f"{where}: {len(problems)} problem(s)", *(f"  - {line}" for line in problems)]))


def _setting(default: Any, allowed: str, accepts: Callable[[Any], bool]) -> Any:
    return field(default=default, metadata={"allowed": allowed, "accepts": accepts})


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _one_of(options: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in options


@dataclass(frozen=True)
class Settings:
    """A scenario's choices.

    Examples
    --------
    >>> Settings.from_mapping({"alpha": 0.01}).alpha
    0.01
    >>> Settings.from_mapping({"alhpa": 0.01})
    Traceback (most recent call last):
    helpers.analysis.settings.SettingsError: parameters: 1 problem(s)
      - alhpa: no such parameter; did you mean alpha?
    """

    seed: int = _setting(20210823, "a whole number from 0 to 4294967295", _whole(0, 2**32 - 1))
    alpha: float = _setting(0.05, "a number above 0 and below 0.5", lambda v: _number(v) and 0 < v < 0.5)
    adjustment: str = _setting("fdr_bh", "one of " + ", ".join(ADJUSTMENTS), _one_of(ADJUSTMENTS))
    covariance: str = _setting("compound_symmetry", "one of " + ", ".join(COVARIANCES), _one_of(COVARIANCES))
    df: str = _setting("satterthwaite", "one of " + ", ".join(DFS), _one_of(DFS))
    covariates: str = _setting("differing", "one of " + ", ".join(COVARIATES), _one_of(COVARIATES))
    imputation: str = _setting("em", "one of " + ", ".join(IMPUTATIONS), _one_of(IMPUTATIONS))
    bootstrap: int = _setting(5000, "a whole number from 200 to 1000000", _whole(200, 1_000_000))
    responder_fraction: float | None = _setting(
        None,
        "null (the study's rule), or a number above 0, at most 1",
        lambda v: v is None or (_number(v) and 0 < v <= 1),
    )
    remission_cutoff: float | None = _setting(
        None, "null (the study's rule), or a number", lambda v: v is None or (_number(v) and abs(v) < float("inf"))
    )

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], where: str = "parameters") -> Settings:
        """Settings from plain values; ``SettingsError`` names everything unknown or not allowed, at once."""
        problems = [*_problems(values)]
        if problems:
            raise SettingsError(where, problems)
        return cls(**values)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The parameters a scenario may set."""
        return tuple(f.name for f in fields(cls))

    @classmethod
    def allowed(cls) -> dict[str, str]:
        """Each parameter's allowed values, in words."""
        return {f.name: f.metadata["allowed"] for f in fields(cls)}

    def as_dict(self) -> dict[str, Any]:
        """Plain values, in the order of the fields."""
        return asdict(self)

    def differences(self, other: Settings) -> dict[str, Any]:
        """The values of ``self`` that are not those of ``other``."""
        mine, theirs = self.as_dict(), other.as_dict()
        return {name: value for name, value in mine.items() if value != theirs[name]}


def _problems(values: Mapping[str, Any]) -> Iterator[str]:
    known = {f.name: f for f in fields(Settings)}
    for name, value in values.items():
        if name not in known:
            yield f"{name}: no such parameter; {suggestion(name, known)}"
        elif not known[name].metadata["accepts"](value):
            yield f"{name}: found {value!r}; expected {known[name].metadata['allowed']}"


def suggestion(name: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """The nearest name, or all of them when none is near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]}?" if near else "there are " + ", ".join(known)
