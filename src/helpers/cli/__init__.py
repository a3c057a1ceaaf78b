"""The commands: ``helpers COMMAND`` or ``python -m helpers.cli COMMAND``."""

from __future__ import annotations

import argparse
import runpy
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers.cli.errors import RunError, UsageError
from helpers.cli.limits import LIMIT
from helpers.cli.stopped import Stopped, listen
from helpers.cli.warm.talk import ask

STUDY, SCENARIO = "data/synthetic", "published"
BUNDLED = ("data/synthetic", "data/pbc")
GRID, PLAN = "scenarios/multiverse.yaml", "scenarios/design.yaml"
TAKEN = {
    "pdf": "the supplement as one PDF",
    "word": "the supplement as one Word file",
    "figures": "every figure as SVG, PDF and PNG, under the paper's names",
    "tables": "every table as CSV and Word file, under the paper's names",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 something failed, 2 asked for something that cannot be."""
    listen()
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(given)
    try:
        status = ask(given)
        if status is not None:
            return status
        options.command(options)
    except RunError as error:
        return _complain(error, 1)
    except OSError as error:
        if not (cause := _refused(error)):
            raise
        return _complain(cause, 1)
    except Exception as error:
        if not _is_for_the_user(error):
            raise
        return _complain(error, 2)
    except Stopped as stop:
        return _complain("stopped; what was complete is kept", stop.status)
    except KeyboardInterrupt:
        return _complain("interrupted; what was complete is kept", 130)
    return 0


def _refused(error: OSError) -> str:
    """What the operating system refused, in words; nothing for another error."""
    from helpers.analysis.places import project_root
    from helpers.cli.trouble import in_words

    return in_words(error, project_root())


def _is_for_the_user(error: Exception) -> bool:
    from helpers.analysis.settings import SettingsError
    from helpers.claims import LedgerError
    from helpers.study.errors import StudyError

    return isinstance(error, UsageError | SettingsError | StudyError | LedgerError)


def _complain(error: object, status: int) -> int:
    print(error, file=sys.stderr, flush=True)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpers", description="From a study folder to a book.", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "book", _book, "run what changed, compile the book, print its path", jobs=True)
    share = _command(commands, "share", _share, "the book, tables and results without participants' values", jobs=True)
    _threshold(share, "5", _two_or_more)
    for kind, text in TAKEN.items():
        _command(commands, kind, _taker(kind), text, jobs=True)
    _command(commands, "check", _check, "check the study, the scenario and the notebooks' parameters; run nothing")
    verified = _command(commands, "verify", _verify, "make the book twice, differently, and compare the bytes")
    verified.add_argument("--alone", action="store_true", help="the book without its PDF and Word file")
    verified.add_argument("--write", action="store_true", help="put the same bytes into MANIFEST.sha256")
    archive = commands.add_parser("archive", help="one zip file of the commit and the bundled studies' books")
    _building(archive)
    archive.set_defaults(command=_archive, scenario=SCENARIO)
    study = commands.add_parser("study", help="start a study from your own files, or convert it", allow_abbrev=False)
    study.add_argument("--from", dest="files", nargs="+", default=[], metavar="FILE", help=".sav, .xlsx or .csv")
    study.add_argument("--study", help="study folder (default: data/own/ and the name of the first file)")
    study.set_defaults(command=_study)
    _command(commands, "claims", _claims, "print the ledger's checks by verdict and put them into the README")
    run = _command(commands, "run", _run, "run one notebook")
    run.add_argument("notebook", type=Path, metavar="NOTEBOOK")
    run.add_argument("--output", type=Path, help="executed copy (default: in the build folder)")
    _limit(run)
    _threshold(run, "0", int)
    compiled = _command(commands, "compile", _compile, "assemble and compile the book from executed notebooks")
    _threshold(compiled, "0", int)
    grid = _many(commands, "multiverse", _multiverse, "every claim under every combination of choices")
    grid.add_argument("--grid", default=GRID, help="values of the choices (default: %(default)s)")
    plan = _many(commands, "design", _design, "power, level, bias and coverage of the tests, by simulation")
    plan.add_argument("--plan", default=PLAN, help="sizes and precision (default: %(default)s)")
    chunk = commands.add_parser("chunk", help="one job of a grid", allow_abbrev=False)
    chunk.add_argument("chunk", metavar="CHUNK")
    chunk.add_argument("--folder", required=True, help="folder of the grid, from the checkout")
    chunk.set_defaults(command=_chunk)
    twin = commands.add_parser("twin", help="make a synthetic twin of a study", allow_abbrev=False)
    twin.add_argument("--study", default=STUDY, help="study folder (default: %(default)s)")
    twin.add_argument("--seed", type=_positive, default=1, help="of the random numbers (default: %(default)s)")
    twin.add_argument("--to", help="the twin's folder (default: data/own/NAME-twin)")
    twin.set_defaults(command=_twin, scenario=SCENARIO)
    for name, module in (("synthetic", "helpers.claims.witness"), ("pbc", "helpers.study.pbc")):
        made = commands.add_parser(name, help=f"make data/{name} again", allow_abbrev=False)
        made.add_argument("folder", nargs="?", help=f"default: data/{name}")
        made.set_defaults(command=_maker(name, module))
    return parser


def _command(commands, name: str, function: Callable, text: str, jobs: bool = False) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.add_argument("--study", default=STUDY, help="study folder (default: %(default)s)")
    parser.add_argument("--scenario", default=SCENARIO, help="scenario, by name or file (default: %(default)s)")
    if jobs:
        _building(parser)
    parser.set_defaults(command=function)
    return parser


def _threshold(parser: argparse.ArgumentParser, default: str, kind: Callable[[str], int]) -> None:
    text = "counts from 1 to one below it are withheld (default: %(default)s)"
    parser.add_argument("--threshold", type=kind, default=default, help=text)


def _building(parser: argparse.ArgumentParser) -> None:
    """What every command takes that brings a book up to date."""
    parser.add_argument("--jobs", type=_positive, help="notebooks side by side (default: one a processor)")
    _limit(parser)


def _limit(parser: argparse.ArgumentParser) -> None:
    text = "seconds that a cell of a notebook may take before it is taken for one that hangs (default: %(default)s)"
    parser.add_argument("--limit", type=_positive, default=LIMIT, help=text)


def _two_or_more(text: str) -> int:
    if not text.isdecimal() or int(text) < 2:
        raise argparse.ArgumentTypeError(f"found {text!r}; expected a whole number, 2 or more")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}; expected a whole number, 1 or more")
    return int(text)


def _book(options: argparse.Namespace) -> None:
    where, started = _place(options), time.monotonic()
    page = _bring_up_to_date(where, options)
    print(f"{_verdicts(where)}{page}\n{time.monotonic() - started:.1f} s")


def _bring_up_to_date(where, options: argparse.Namespace) -> Path:
    from helpers.cli import book, check

    found = check.check_once(where)
    if "Warnings" in found:
        print(found, flush=True)
    print(f"{where.study}, scenario {where.scenario}", flush=True)
    return book.make_book(where, options.jobs or book.default_jobs(), options.limit)


def _taker(kind: str) -> Callable[[argparse.Namespace], None]:
    def take(options: argparse.Namespace) -> None:
        from helpers.cli.supplement.make import find_tools, take_away

        where, tools, started = _place(options), find_tools(kind), time.monotonic()
        _bring_up_to_date(where, options)
        print(f"{take_away(where, kind, tools)}\n{time.monotonic() - started:.1f} s")

    return take


def _share(options: argparse.Namespace) -> None:
    from helpers.cli import book, check
    from helpers.cli.share import make_share

    where, started = _place(options), time.monotonic()
    check.check_once(where)
    print(f"{where.study}, scenario {where.scenario}, threshold {options.threshold}", flush=True)
    folder = make_share(where, options.threshold, options.jobs or book.default_jobs(), options.limit)
    print(f"{folder}\n{folder}.zip\n{time.monotonic() - started:.1f} s")


def _verdicts(where) -> str:
    from helpers.cli.layout import VERDICTS

    path = where.path(VERDICTS)
    return f"\n{path.read_text(encoding='utf-8')}\n" if path.is_file() else ""


def _claims(options: argparse.Namespace) -> None:
    from helpers.cli.readme import write_counts

    where = _place(options)
    print(_verdicts(where).strip() or f"{where.study}: no ledger, or not built yet")
    # A laboratory's own counts do not belong into a file that is committed.
    if (where.study, where.scenario) == (STUDY, SCENARIO):
        write_counts(where)


def _check(options: argparse.Namespace) -> None:
    from helpers.cli import check

    print(check.check(_place(options)))


def _archive(options: argparse.Namespace) -> None:
    from helpers.analysis.places import project_root
    from helpers.cli.archive import ZENODO, clean_commit, make_archive, zenodo_text
    from helpers.cli.layout import place, write_text

    started, root = time.monotonic(), project_root()
    write_text(root / ZENODO, zenodo_text(root))
    clean_commit(root)  # refused now, not after the books
    places = [place(study, SCENARIO, root) for study in BUNDLED]
    for where in places:
        _bring_up_to_date(where, options)
    print(f"{make_archive(root, places)}\n{time.monotonic() - started:.1f} s")


def _verify(options: argparse.Namespace) -> None:
    from helpers.cli.verify.manifest import NAME, write_manifest
    from helpers.cli.verify.run import forget, verify

    where, started = _place(options), time.monotonic()
    # The manifest does not have the PDF.
    further = () if options.alone else ("word",) if options.write else ("pdf", "word")
    found = verify(where, further, lambda line: print(line, flush=True))
    if options.write and not found.between:
        write_manifest(where.root / NAME, where, found.files)
        forget(where)
        print(f"{len(found.files):,} files are in {NAME} now\n{time.monotonic() - started:.1f} s")
        return
    print("\n".join([*found.lines(), f"{time.monotonic() - started:.1f} s"]), flush=True)
    if not found.holds:
        raise RunError("not the same bytes")


def _study(options: argparse.Namespace) -> None:
    from helpers.cli.study import make_study

    print("\n".join(make_study(options.files, options.study).lines))


def _twin(options: argparse.Namespace) -> None:
    from helpers.cli import twin

    print(twin.make(_place(options), options.seed, options.to))


def _run(options: argparse.Namespace) -> None:
    from helpers.cli.run import run_notebook

    where = _place(options, options.threshold)
    output = options.output or where.path("notebooks", options.notebook.name)
    run_notebook(options.notebook, where, output, options.limit)


def _compile(options: argparse.Namespace) -> None:
    from helpers.cli.lost import MARKER
    from helpers.cli.publish import compile_book

    where = _place(options, options.threshold)
    compile_book(where, where.path(MARKER))


def _many(commands, name: str, command: Callable, words: str) -> argparse.ArgumentParser:
    """A command that computes a grid, here or on a cluster."""
    parser = commands.add_parser(name, help=words, allow_abbrev=False)
    parser.add_argument("--study", default=STUDY, help="study folder (default: %(default)s)")
    parser.add_argument("--jobs", type=_positive, help="jobs side by side (default: one a processor)")
    parser.add_argument("--profile", default="", help="Snakemake profile of a cluster (default: run here)")
    parser.add_argument("--seconds", type=_positive, default=60, help="a job should take (default: %(default)s)")
    parser.set_defaults(command=command, scenario=SCENARIO)
    return parser


def _multiverse(options: argparse.Namespace) -> None:
    from helpers.cli.book import default_jobs
    from helpers.cli.kept import keep
    from helpers.cli.many import bring_up_to_date
    from helpers.cli.multiverse import folder_of
    from helpers.cli.shares import in_words

    where, started = _place(options), time.monotonic()
    folder = folder_of(where, options.grid)
    multiverse = folder.load()
    print("\n".join([f"{where.study}, {options.grid}", *(f"  {line}" for line in multiverse.left_out)]), flush=True)
    results = bring_up_to_date(folder, options.jobs or default_jobs(), options.profile, options.seconds)
    print(in_words(keep(results, multiverse.grid, where)))
    print(f"{results.relative_to(where.root)}; of it, the book has a chapter (make book)")
    print(f"{time.monotonic() - started:.1f} s")


def _design(options: argparse.Namespace) -> None:
    from helpers.cli.book import default_jobs
    from helpers.cli.design import folder_of, in_words, keep, simulate

    where, started = _place(options), time.monotonic()
    folder = folder_of(where, options.plan)
    design = folder.load()
    print(f"{where.study}, {options.plan}: {len(design.points)} populations and sizes", flush=True)
    results = simulate(folder, options.jobs or default_jobs(), options.profile, options.seconds)
    print(in_words(keep(results, design, where)))
    print(f"{results.relative_to(where.root)}; of it, the book has a chapter (make book)")
    print(f"{time.monotonic() - started:.1f} s")


def _chunk(options: argparse.Namespace) -> None:
    from helpers.analysis.places import project_root
    from helpers.cli.many.folder import read_folder
    from helpers.cli.many.work import work

    work(read_folder(project_root(), options.folder), options.chunk)


def _place(options: argparse.Namespace, threshold: int = 0):
    from helpers.cli.layout import place

    return place(options.study, options.scenario, threshold=threshold)


def _maker(name: str, module: str) -> Callable[[argparse.Namespace], None]:
    def make(options: argparse.Namespace) -> None:
        from helpers.analysis.places import project_root

        sys.argv = [module, options.folder or str(project_root() / "data" / name)]
        runpy.run_module(module, run_name="__main__")

    return make
