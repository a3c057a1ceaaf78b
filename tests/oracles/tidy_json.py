"""JSON that a rerun repeats byte for byte: sorted keys, twelve significant digits, one row of numbers a line."""

import json
from pathlib import Path

import numpy as np

DIGITS = 12


def plain(value):
    """Python's own types; numbers rounded to the digits kept, those that are not finite None."""
    if isinstance(value, dict):
        return {str(key): plain(value[key]) for key in sorted(value)}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(f"{value:.{DIGITS}g}") + 0.0 if np.isfinite(value) else None
    return value


def text(value, indent: int = 0) -> str:
    """Objects indented, lists of plain values on one line."""
    pad = " " * (indent + 1)
    if isinstance(value, dict) and value:
        inner = ",\n".join(f"{pad}{json.dumps(key)}: {text(one, indent + 1)}" for key, one in value.items())
        return "{\n" + inner + "\n" + " " * indent + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        return "[\n" + ",\n".join(pad + text(one, indent + 1) for one in value) + "\n" + " " * indent + "]"
    return json.dumps(value, allow_nan=False)


def dump(value, path: Path) -> None:
    path.write_text(text(plain(value)) + "\n", encoding="utf-8")
