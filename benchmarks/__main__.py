"""`make bench`: run the parts asked for, and write the results when all of them are there."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.cli.errors import UsageError
from helpers.cli.readme import with_block

from . import results
from .compare import FailedError
from .machine import load, stamp

ROOT = Path(__file__).parents[1]
# Part -> what it measures.
PARTS = {
    "fits": "repeated-measures models of one outcome, one and many",
    "bootstrap": "10,000 resamples of a mediation",
    "analytes": "the longitudinal models of every analyte",
    "book": "make book, beside the papermill command",
    "imports": "start of a kernel, and imports by cause",
    "scaling": "the grid engine: 100, 1,000 and 10,000 specifications, one worker and two",
}


def main(arguments: Sequence[str] | None = None, folder: Path | None = None, readme: Path | None = None) -> int:
    """Measure and write; return the exit status: 0, 1 where results differ or a program failed, 2 for a mistake."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__, allow_abbrev=False)
    parser.add_argument("parts", nargs="?", default="", help="names with commas; all when not given")
    most = "of specifications that the part scaling tries (default: %(default)s)"
    parser.add_argument("--largest", type=int, default=10_000, metavar="NUMBER", help=most)
    parser.add_argument("--cold", type=int, default=3, metavar="NUMBER", help="of cold books (default: %(default)s)")
    folder, readme = folder or Path(__file__).parent, readme or ROOT / "README.md"
    options = parser.parse_args(arguments)
    try:
        names = chosen(options.parts)
        with_block(readme, "bench", "")  # a README without the block is refused now, not after all the measuring
        measured, wrong = measure(names, {"scaling": {"largest": options.largest}, "book": {"cold": options.cold}})
        results.write(folder, readme, results.read(folder / "results.json") | measured, list(PARTS))
    except UsageError as error:
        return _complain(str(error), 2)
    except FailedError as error:
        return _complain(f"{error}\nnothing was written; the earlier results are kept", 1)
    except KeyboardInterrupt:
        return _complain("interrupted; nothing was written, the earlier results are kept", 130)
    print(f"{folder / 'results.md'}\n{folder / 'results.json'}")
    return _complain("\n".join(wrong), 1) if wrong else 0


def chosen(text: str) -> list[str]:
    """Names of parts, in their own order.

    Raises
    ------
    UsageError
        There is no such part.

    >>> chosen("bootstrap,fits"), len(chosen(""))
    (['fits', 'bootstrap'], 6)
    """
    asked = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in asked if name not in PARTS]
    if unknown:
        known = "\n".join(f"  {name:<10} {what}" for name, what in PARTS.items())
        raise UsageError(f"BENCH={text}: no part is called {', '.join(unknown)}; there are\n{known}")
    return [name for name in PARTS if not asked or name in asked]


def measure(names: Sequence[str], options: Mapping[str, dict]) -> tuple[dict[str, dict], list[str]]:
    """Results by part, and what is wrong with them."""
    found, wrong = {}, []
    work = ROOT / "build" / "bench"
    work.mkdir(parents=True, exist_ok=True)
    for name in names:
        print(f"{name}: {PARTS[name]}", flush=True)
        before, begun = stamp(), time.monotonic()
        with tempfile.TemporaryDirectory(dir=work) as folder:
            part = importlib.import_module(f"benchmarks.parts.{name}")
            items = part.run(Path(folder), **options.get(name, {}))
        kept = results.part_of(items, before | {"load after": load()})
        for item in items:
            wrong += item.wrong
        print(results.page({name: kept}).partition(f"## {name}\n")[2])
        print(f"  {name}: {time.monotonic() - begun:.0f} s", flush=True)
        found[name] = kept
    return found, wrong


def _complain(text: str, status: int) -> int:
    print(text, file=sys.stderr, flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
