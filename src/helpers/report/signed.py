"""What is shown says which function made it, so that a reader can go from a number to its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from typing import Any


def signed(function: Callable) -> Callable:
    """The function, whose exhibits carry its name as their ``source``; the outermost of several names is kept.

    >>> from helpers.report.exhibit import TextExhibit
    >>> def weather(run) -> TextExhibit:
    ...     return TextExhibit("It rains.")
    >>> signed(weather)(None).source.rpartition(".")[2]
    'weather'
    """

    @wraps(function)
    def shown(*arguments: Any, **named: Any) -> Any:
        made = function(*arguments, **named)
        return replace(made, source=f"{function.__module__}.{function.__name__}") if _signable(made) else made

    return shown


def _signable(made: Any) -> bool:
    return is_dataclass(made) and any(field.name == "source" for field in fields(made))
