"""Units of concentration: read from labels, converted by pint, or refused."""

from __future__ import annotations

import re
from functools import cache

MASSES = {"fg": "fg", "pg": "pg", "ng": "ng", "µg": "µg", "μg": "µg", "ug": "µg", "mcg": "µg", "mg": "mg", "g": "g"}
VOLUMES = {"ul": "µL", "µl": "µL", "μl": "µL", "ml": "mL", "dl": "dL", "l": "L"}
AMOUNTS = {"fmol": "fmol", "pmol": "pmol", "nmol": "nmol", "µmol": "µmol", "umol": "µmol", "mmol": "mmol", "mol": "mol"}
ACTIVITIES = {"iu": "IU", "u": "U", "miu": "mIU"}
TOPS = {**MASSES, **AMOUNTS, **ACTIVITIES}


def _any(words) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


TIMES = re.compile(r"[(\[]\s*(?:in\s+)?(year|month|week|day)s?\s*[)\]]\s*$", re.IGNORECASE)
FOUND = re.compile(rf"(?<![^\W_])({_any(TOPS)})\s*(?:/|per|\s)\s*({_any(VOLUMES)})(?![^\W_])", re.IGNORECASE)


class UnitError(ValueError):
    """A unit that is not known, or that cannot become the one asked for."""


def unit_in(text: str) -> str:
    """The unit of concentration that a label names, in one spelling; empty when it names none.

    Examples
    --------
    >>> unit_in("IL-6 PG/ML at day 13"), unit_in("CRP (mg/l)"), unit_in("IL-6")
    ('pg/mL', 'mg/L', '')
    """
    found = FOUND.search(text)
    return f"{TOPS[found[1].lower()]}/{VOLUMES[found[2].lower()]}" if found else ""


def time_unit(text: str) -> str:
    """The unit of time that a label ends with in brackets; empty when it names none.

    >>> time_unit("Duration of illness (months)"), time_unit("Duration of illness")
    ('months', '')
    """
    found = TIMES.search(text)
    return f"{found[1].lower()}s" if found else ""


@cache
def _registry():
    import pint

    return pint.UnitRegistry()


def factor(source: str, target: str) -> float:
    """What a value in ``source`` is multiplied by to be in ``target``.

    Raises
    ------
    UnitError
        A unit is not known, or the two measure different things: mass against amount of substance needs a molar mass,
        and activity (IU) a standard, which are not guessed.

    Examples
    --------
    >>> factor("ng/L", "pg/mL"), factor("ng/mL", "pg/mL")
    (1.0, 1000.0)
    >>> factor("pmol/L", "pg/mL")
    Traceback (most recent call last):
    helpers.study.intake.units.UnitError: 'pmol/L' cannot become 'pg/mL': the molar mass is not guessed; give a mass
    """
    import pint

    source, target = spelled(source), spelled(target)
    if source == target:
        return 1.0
    try:
        units = [_registry().Unit(text.replace("µ", "u")) for text in (source, target)]
    except (pint.UndefinedUnitError, pint.errors.DefinitionSyntaxError, ValueError, AttributeError, TypeError):
        known = "expected one such as pg/mL, ng/L or mg/L"
        raise UnitError(f"{source!r} or {target!r} is no unit that is known; {known}") from None
    try:
        value = _registry().convert(1.0, units[0], units[1])
    except pint.DimensionalityError:
        raise UnitError(_mismatch(source, target)) from None
    return float(f"{value:.12g}")


def spelled(unit: str) -> str:
    """A unit in the spelling used here, when it is one of the usual concentrations; else as it is."""
    return unit_in(unit) or unit.strip()


def _mismatch(source: str, target: str) -> str:
    tops = {text.split("/")[0].strip() for text in (source, target)}
    if tops & set(AMOUNTS.values()):
        why = "the molar mass is not guessed; give a mass"
    elif tops & set(ACTIVITIES.values()):
        why = "the standard that links activity to mass is not guessed"
    else:
        why = "they measure different things"
    return f"{source!r} cannot become {target!r}: {why}"
