"""`make bench`: run the parts asked for, and write the results of each when it has ended."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from helpers.cli.errors import UsageError
from helpers.cli.readme import with_block

from . import results
from .choice import PARTS, chosen, lasted, left
from .compare import FailedError
from .machine import load, stamp

ROOT = Path(__file__).parents[1]

KEPT = "what had ended before is written; of the others the earlier results are kept"


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
        wrong = []
        given = {"scaling": {"largest": options.largest}, "book": {"cold": options.cold}}
        before = results.read(folder / "results.json")
        for name, kept, differing in measure(names, given, {name: lasted(part) for name, part in before.items()}):
            results.write(folder, readme, results.read(folder / "results.json") | {name: kept}, list(PARTS))
            wrong += differing
    except UsageError as error:
        return _complain(str(error), 2)
    except FailedError as error:
        return _complain(f"{error}\n{KEPT}", 1)
    except KeyboardInterrupt:
        return _complain(f"interrupted\n{KEPT}", 130)
    print(f"{folder / 'results.md'}\n{folder / 'results.json'}")
    return _complain("\n".join(wrong), 1) if wrong else 0


def measure(
    names: Sequence[str], options: Mapping[str, dict], seconds: Mapping[str, float]
) -> Iterator[tuple[str, dict, list[str]]]:
    """Part after part: its name, its results, and what is wrong with them; ``seconds`` is what each took before."""
    work = ROOT / "build" / "bench"
    work.mkdir(parents=True, exist_ok=True)
    for place, name in enumerate(names):
        print(f"{name}: {PARTS[name]}{left(names[place:], seconds)}", flush=True)
        before, begun = stamp(), time.monotonic()
        with tempfile.TemporaryDirectory(dir=work) as folder:
            part = importlib.import_module(f"benchmarks.parts.{name}")
            items = part.run(Path(folder), **options.get(name, {}))
        took = {"load after": load(), "seconds": round(time.monotonic() - begun, 1)}
        kept = results.part_of(items, before | took)
        print(results.page({name: kept}).partition(f"## {name}\n")[2])
        print(f"  {name}: {took['seconds']:.0f} s", flush=True)
        yield name, kept, [line for item in items for line in item.wrong]


def _complain(text: str, status: int) -> int:
    print(text, file=sys.stderr, flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
