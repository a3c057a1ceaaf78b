"""Writes the worst differences between `helpers.models` and its references, from which the book makes a page.

python tests/oracles/agreement.py --output build/agreement.csv
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

import compare_other
import compare_repeated

# What is nearer than this, or than a tenth of its tolerance, is written as so near: differences of that size are
# those of a double's last digits, worse conditioned or better, and are others on another processor.
NEAREST, SHARE = 1e-8, 10
COLUMNS = ["part", "subject", "data", "quantity", "method", "reference", "worst", "kind", "tolerance", "reason"]


def repeated() -> Iterator[dict]:
    """Every quantity of every case and reference; several of one kind in a case are its worst."""
    for reference in compare_repeated.FILES:
        named = compare_repeated.answers(reference)
        for name in named["cases"]:
            case = compare_repeated.cases()[name]
            for quantity, method, worst in compare_repeated.differences(name, reference):
                tolerance, kind, reason = compare_repeated.TOLERANCES[quantity]
                yield {
                    "part": "repeated", "subject": _structure(case), "data": case["data"], "quantity": quantity,
                    "method": method, "reference": _asked(reference, case, named["versions"]), "worst": worst,
                    "kind": kind, "tolerance": tolerance, "reason": reason,
                }  # fmt: skip


def _structure(case: dict) -> str:
    return f"random_{case['random']}" if case["random"] else case["covariance"]


def _asked(reference: str, case: dict, versions: dict[str, str]) -> str:
    """The programs asked, with their versions."""
    if reference == "dense":
        return "plain dense likelihood"
    programs = ("lme4", "lmerTest", "pbkrtest", "emmeans") if case["random"] else ("nlme",)
    return "R " + ", ".join(f"{program} {versions[program]}" for program in programs)


def other() -> Iterator[dict]:
    """The other statistics, as their own test compares them."""
    for found in compare_other.comparisons():
        yield {"part": "other", "method": "", "reason": "", **found}


def table() -> pd.DataFrame:
    """The worst of each kind, to the next power of ten."""
    rows = pd.DataFrame([*repeated(), *other()], columns=COLUMNS)
    keys = [column for column in COLUMNS if column != "worst"]
    found = rows.groupby(keys, sort=True, as_index=False)["worst"].max()[COLUMNS]
    return found.assign(worst=list(map(bound, found["worst"], found["tolerance"])))


def bound(worst: float, tolerance: float) -> float:
    """The smallest power of ten, from :data:`NEAREST` up, or tolerance that a difference does not exceed.

    >>> bound(3e-15, 1e-6), bound(3.1e-7, 1e-6), bound(3e-7, 5e-7), bound(6e-7, 5e-7), bound(float("nan"), 1)
    (1e-07, 1e-06, 5e-07, 1e-06, inf)
    """
    least = math.ceil(round(math.log10(max(NEAREST, tolerance / SHARE)), 6))
    powers = (float(f"1e{exponent}") for exponent in range(least, 300))
    above = next((power for power in powers if worst <= power), math.inf)
    return min(above, tolerance) if worst <= tolerance else above


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True)
    output = parser.parse_args().output
    started = time.monotonic()
    print("  agreement  started", flush=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(f"{output.name}.part")
    table().to_csv(part, index=False, float_format="%.0e")
    part.replace(output)
    print(f"  agreement  finished in {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    main()
