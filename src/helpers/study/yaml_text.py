"""YAML that people write: only plain values, no aliases, and one exception for whatever is wrong with the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import yaml

# The same safe reader, compiled where PyYAML was built with libyaml: in a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Besides its own errors PyYAML lets those of Python through: 2021-02-30 is a date to it, and !!int of nothing a number.
_WRONG = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError)
_ALIAS = re.compile(r"(?:^|[\s\[{,:])\*\S", re.MULTILINE)
T = TypeVar("T")


class YamlTextError(ValueError):
    """A text is not YAML that is read here; ``line`` is where, 0 when it is not known."""

    def __init__(self, what: str, line: int = 0):
        self.what, self.line = what, line
        super().__init__(f"line {line}: {what}" if line else what)


def parse_yaml(text: str) -> Any:
    """What a text says; None for an empty one.

    Raises
    ------
    YamlTextError
        Not YAML, an alias, or a tag that asks for an object.

    Examples
    --------
    >>> parse_yaml("n: [15, 33]")
    {'n': [15, 33]}
    >>> parse_yaml("born: 2021-02-30")
    Traceback (most recent call last):
    ...
    helpers.study.yaml_text.YamlTextError: not readable as YAML: day is out of range for month
    """
    refuse_aliases(text)
    return reading(lambda: yaml.load(text, LOADER))


def reading(read: Callable[[], T]) -> T:
    """What `read` returns, with its exceptions as `YamlTextError`.

    >>> reading(lambda: int("3"))
    3
    """
    try:
        return read()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise YamlTextError(f"not readable as YAML: {what}", mark.line + 1 if mark else 0) from None
    except RecursionError:
        raise YamlTextError("not readable as YAML: lists within lists without end") from None
    except _WRONG as error:
        raise YamlTextError(f"not readable as YAML: {error}") from None


def refuse_aliases(text: str) -> None:
    """A few lines of aliases of aliases stand for more than any memory holds, and one of itself for no value at all.

    >>> refuse_aliases("a: [1, '*b']")
    >>> refuse_aliases("a: &x [1]\\nb: *x")
    Traceback (most recent call last):
    ...
    helpers.study.yaml_text.YamlTextError: line 2: the alias *x; write out what it stands for
    """
    if not _ALIAS.search(text):
        return

    def first() -> Any:
        return next((event for event in yaml.parse(text, LOADER) if isinstance(event, yaml.AliasEvent)), None)

    alias = reading(first)
    if alias is not None:
        raise YamlTextError(f"the alias *{alias.anchor}; write out what it stands for", alias.start_mark.line + 1)
