"""The grid of a multiverse: the values of each choice, read from a file, and the specifications they make."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from helpers.analysis.multiverse.choices import AFTER, ALLOWED, FAMILIES
from helpers.analysis.settings import SettingsError, suggestion
from helpers.analysis.yaml_file import read_yaml

PARTS = ("choices", "families", "curves")


@dataclass(frozen=True)
class Specification:
    """One way of doing one family of analyses.

    Attributes
    ----------
    family : str
    choices : tuple of (str, value)
        A value for every choice that bears on the family, in the family's order.
    """

    family: str
    choices: tuple[tuple[str, Any], ...]

    @property
    def key(self) -> str:
        """What it is in one line, from which it can be read again.

        >>> Specification("baseline_tests", (("pain", None), ("adjustment", "holm"))).key
        'baseline_tests; pain=null; adjustment="holm"'
        """
        return "; ".join([self.family, *(f"{name}={_text(value)}" for name, value in self.choices)])

    @property
    def share(self) -> str:
        """The part of the specification that decides what is fitted."""
        before = [f"{name}={_text(value)}" for name, value in self.choices if name not in AFTER]
        return "; ".join([self.family.partition("_")[0], *before])

    def __getitem__(self, name: str) -> Any:
        return dict(self.choices).get(name)


@dataclass(frozen=True)
class Grid:
    """Values of the choices of each family; the first of each is the paper's.

    Attributes
    ----------
    values : mapping
        Family -> choice -> values.
    curves : tuple of str
        The main claims, of which the book shows every specification.
    """

    values: Mapping[str, Mapping[str, tuple]]
    curves: tuple[str, ...] = ()

    def specifications(self) -> Iterator[Specification]:
        """Every combination, the paper's own first in each family.

        >>> grid = Grid({"baseline_tests": {"pain": (None,), "adjustment": ("fdr_bh", "none")}})
        >>> [specification["adjustment"] for specification in grid.specifications()]
        ['fdr_bh', 'none']
        """
        for family, choices in self.values.items():
            for combination in product(*choices.values()):
                yield Specification(family, tuple(zip(choices, combination, strict=True)))

    def without(self, name: str, values: Sequence) -> Grid:
        """The grid without some values of a choice, for a study that cannot have them.

        >>> Grid({"change": {"pain": (None, {"vas": 4})}}).without("pain", [{"vas": 4}]).values
        {'change': {'pain': (None,)}}
        """
        left = {
            family: {
                choice: tuple(v for v in kept if choice != name or v not in values) for choice, kept in own.items()
            }
            for family, own in self.values.items()
        }
        return Grid(left, self.curves)

    def published(self, family: str) -> Specification:
        """The paper's specification of a family."""
        return Specification(family, tuple((name, values[0]) for name, values in self.values[family].items()))


def read_grid(path: Path) -> Grid:
    """The grid of a YAML file: `choices`, a list of values each, and `families`, lists that differ from those.

    Raises
    ------
    SettingsError
        No such file, not YAML, or a choice, family or value is unknown; the message names them all.
    """
    return grid_of(read_yaml(path), path.name)


def grid_of(found: Any, where: str = "grid") -> Grid:
    """The grid that the content of a file describes; see :func:`read_grid`.

    >>> shared = {name: [None] for name in ("pain", "response", "remission")}
    >>> usual = {"covariance": ["ar1"], "df": ["residual"], "covariates": ["none"], "posthoc": ["none"]}
    >>> analytes = {"transform": ["rank"], "imputation": ["em"], "baseline": ["response"], "adjustment": ["holm"]}
    >>> tests = {"rate_test": ["fisher"], "time_test": ["t"], "indirect_test": ["sobel", "bca"]}
    >>> found = grid_of({"choices": {**shared, **usual, **analytes, **tests}})
    >>> [one["indirect_test"] for one in found.specifications() if one.family == "mediation"]
    ['sobel', 'bca']
    """
    if not isinstance(found, dict) or not isinstance(found.get("choices"), dict):
        raise SettingsError(where, ["expected `choices:` with a list of values for each choice"])
    families = found.get("families") or {}
    if not isinstance(families, dict) or not all(isinstance(own, dict) for own in families.values()):
        raise SettingsError(where, ["families: expected a family's name, and below it lists of values as in `choices`"])
    problems = [*_list_problems("choices", found["choices"]), *_family_problems(found["choices"], families)]
    problems += [f"{name}: expected `choices`, `families` or `curves`" for name in sorted(set(found) - set(PARTS))]
    curves = found.get("curves") or []
    if not isinstance(curves, list) or not all(isinstance(claim, str) for claim in curves):
        problems.append("curves: expected a list of claims by their identifiers")
    if problems:
        raise SettingsError(where, problems)
    merged = {
        family: {name: tuple(families.get(family, {}).get(name, found["choices"].get(name))) for name in bearing}
        for family, bearing in FAMILIES.items()
    }
    return Grid(merged, tuple(curves))


def _list_problems(place: str, lists: Mapping[str, Any]) -> Iterator[str]:
    for name, values in lists.items():
        if name not in ALLOWED:
            yield f"{place}, {name}: no such choice; {suggestion(name, ALLOWED)}"
            continue
        words, accepts = ALLOWED[name]
        if not isinstance(values, list) or not values:
            yield f"{place}, {name}: expected a list of values, each {words}"
            continue
        yield from (f"{place}, {name}: found {v!r}; expected {words}" for v in values if not accepts(v))
        if len({_text(value) for value in values}) < len(values):
            yield f"{place}, {name}: a value stands twice"


def _family_problems(choices: Mapping[str, Any], families: Mapping[str, Any]) -> Iterator[str]:
    for family, own in families.items():
        if family not in FAMILIES:
            yield f"families, {family}: no such family; {suggestion(family, FAMILIES)}"
            continue
        yield from _list_problems(f"families, {family}", own)
        idle = [name for name in own if name in ALLOWED and name not in FAMILIES[family]]
        yield from (f"families, {family}, {name}: has no bearing on this family" for name in idle)
    for family, bearing in FAMILIES.items():
        lost = [name for name in bearing if name not in choices and name not in families.get(family, {})]
        yield from (f"choices, {name}: no values, and {family} needs them" for name in lost)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
