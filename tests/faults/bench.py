"""A checkout with small notebooks that can be broken at a chosen place, and what is then asked of it.

Every notebook, the comparison with other programs and the compiler run what an environment variable tells them, so
that a fault needs no change of a file. The compiler is a stand-in for Jupyter Book, which takes seconds and has no part
in how its pages are put in place.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from helpers.cli.layout import digest_of

from ..cli.conftest import Tree
from .rows import record, row_of

COMMAND = ("book", "--study", "data/pbc", "--jobs", "1")
OLD, NEW = "the last book, whole", "the new book, whole"
PATIENCE = 180  # seconds that a build may take to come to its fault

BODY = 'fault = __import__("os").environ.get("FAULT_{name}", "")\nexec(fault)'
SCRIPT = """\
import os, sys
from pathlib import Path
exec(os.environ.get("FAULT_agreement", ""))
Path(sys.argv[2]).write_text("part\\n")
"""
# Stops the process that comes to an operation on a file, before it is carried out.
STOPPER = """\
import os, sys, time
if "FAULT_AT" in os.environ:
    wanted, ending, flag = os.environ["FAULT_AT"].split("|")
    def stop(event, arguments):
        if event == wanted and any(str(a).endswith(ending) for a in arguments[:2]):
            os.close(os.open(flag, os.O_CREAT | os.O_WRONLY))
            time.sleep(600)
    sys.addaudithook(stop)
"""
COMPILER = """\
import html, os, shutil, sys
from pathlib import Path
def main():
    source, made = Path(sys.argv[2]), Path(sys.argv[sys.argv.index("--path-output") + 1], "_build", "html")
    (made / "_static").mkdir(parents=True)
    exec(os.environ.get("FAULT_compile", ""))
    (made / "_static" / "book.css").write_text("")
    shutil.copytree(source / "published", made / "published")
    for page in [*source.rglob("*.md"), *source.rglob("*.ipynb")]:
        target = made / page.relative_to(source).with_name(page.stem + ".html")
        target.parent.mkdir(exist_ok=True)
        target.write_text("<pre>" + html.escape(page.read_text()) + "</pre>")
    (made / "index.html").write_text("<p>A book</p>")
"""
STACK = ("papermill", "ipykernel.kernelapp", "ipykernel.ipkernel", "helpers.cli.run", "helpers.cli.publish",
         "helpers.study.check")  # fmt: skip


class FaultTree(Tree):
    """The checkout."""

    def __init__(self, root: Path):
        super().__init__(root)
        for name in self.names:
            self.write_notebook(name, BODY.format(name=name))
        source = root / "src"
        (root / "tests" / "oracles" / "agreement.py").write_text(SCRIPT, encoding="utf-8")
        (source / "sitecustomize.py").write_text(STOPPER, encoding="utf-8")
        (source / "jupyter_book" / "cli").mkdir(parents=True)
        for name in ("__init__.py", "cli/__init__.py"):
            (source / "jupyter_book" / name).touch()
        (source / "jupyter_book" / "cli" / "main.py").write_text(COMPILER, encoding="utf-8")
        stack = source / "helpers" / "cli" / "warm" / "stack.py"
        text = stack.read_text(encoding="utf-8")
        begin, end = text.index("MODULES = ("), text.index("def load")
        stack.write_text(f"{text[:begin]}MODULES = {STACK!r}\n\n\n{text[end:]}", encoding="utf-8")

    def copy(self, root: Path) -> FaultTree:
        """The same checkout elsewhere, the times of its files too."""
        shutil.copytree(self.root, root, symlinks=True)
        other = object.__new__(FaultTree)
        other.root = root
        return other

    @property
    def build(self) -> Path:
        return self.root / "build" / "pbc" / "published"

    def digest(self) -> str:
        """What the published book holds, without its record of what it was made from: not every edit changes it."""
        book = (self.build / "html").resolve()
        names = sorted(path.relative_to(book).as_posix() for path in book.rglob("*") if path.is_file())
        pages = [name for name in names if not name.startswith(("ro-crate-", "workflow/"))]
        return digest_of(book, pages)

    def touch(self, *names: str) -> None:
        """Have notebooks run again."""
        for name in names:
            os.utime(self.root / "notebooks" / f"{name}.ipynb")

    def edit(self) -> None:
        """A change that the next book shows."""
        with (self.root / "book" / "references.md").open("a", encoding="utf-8") as page:
            page.write("\nA new sentence.\n")

    def book(self, *options: str, wrapped: tuple[str, ...] = (), **variables: str) -> Build:
        """Make the book; the build that has ended."""
        return self.start(*options, wrapped=wrapped, **variables).ended()

    def start(self, *options: str, wrapped: tuple[str, ...] = (), **variables: str) -> Build:
        """Begin to make the book, in a process group of its own; the variables are faults."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src"), **variables}
        command = [*wrapped, sys.executable, "-m", "helpers.cli", *COMMAND, *options]
        process = subprocess.Popen(
            command,
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Whoever runs the tests in the background may have them ignore Ctrl-C, and what they start with them.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        return Build(self, process)

    def stopping(self, stage: str) -> dict[str, str]:
        """The fault that makes a build wait to be killed: in what a step runs, or before an operation on a file."""
        self.flag.unlink(missing_ok=True)
        if "|" in stage:
            return {"FAULT_AT": f"{stage}|{self.flag}"}
        return {f"FAULT_{stage}": f"import pathlib, time\npathlib.Path({str(self.flag)!r}).touch()\ntime.sleep(600)"}

    @property
    def flag(self) -> Path:
        """Is there when a build has come to its fault."""
        return self.root / "reached"


@dataclass
class Build:
    """A build under way, and later what it said."""

    tree: FaultTree
    process: subprocess.Popen[str]
    out: str = ""
    err: str = ""

    def ended(self) -> Build:
        """Wait for its end."""
        self.out, self.err = self.process.communicate(timeout=PATIENCE)
        return self

    def reached(self) -> Build:
        """Wait until it has come to its fault."""
        end = time.monotonic() + PATIENCE
        while not self.tree.flag.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise AssertionError(f"never came to its fault\n{self.out}\n{self.err}\n{self.log}")
            time.sleep(0.05)
        return self

    def kill(self, number: signal.Signals = signal.SIGKILL, *, alone: bool = False) -> Build:
        """Send a signal to all of its processes, or to the command alone, and wait for its end."""
        if self.process.poll() is None:
            (os.kill if alone else os.killpg)(self.process.pid, number)
        return self.ended()

    @property
    def status(self) -> int:
        return self.process.returncode

    @property
    def log(self) -> str:
        log = self.tree.build / "workflow.log"
        return log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""

    def named(self, what: str) -> list[str]:
        """The steps that have ``started`` or ``finished``, in order."""
        lines = (line.split() for line in self.out.splitlines() if line.startswith("  "))
        return [words[0] for words in lines if len(words) > 1 and words[1] == what]


@dataclass
class Bench:
    """A broken checkout, and the digests of the book before the change and after it."""

    tree: FaultTree
    old: str
    new: str

    def found(self) -> str:
        """The state of the published book."""
        return {self.old: OLD, self.new: NEW}.get(self.tree.digest(), "a damaged book")

    def finish(self, case: tuple[str, str], after: str, broken: Build | None = None, ok: bool = True) -> Build:
        """Build again and record the row: what was found, and whether the build went on from where it stopped."""
        found = self.found()
        again = self.tree.book()
        self.judge(case, f"{found}; {after}" if after else found, again, broken, ok and "damaged" not in found)
        return again

    def judge(self, case: tuple[str, str], found: str, again: Build, broken: Build | None, ok: bool = True) -> None:
        """Record the row of a fault after which a build has ended."""
        started, done = again.named("started"), broken.named("finished") if broken else []
        whole = again.status == 0 and self.tree.digest() == self.new
        twice = sorted(set(done) & set(started) - {"book"})
        left = f"; kept {said(done)}" if done else ""
        holds = ok and whole and not twice
        went_on = f"ran {said(started)}" if started else "nothing to do"
        row = row_of(case, found, went_on + left, holds)
        assert holds, f"{row}\nrun twice: {twice}\n{again.out}\n{again.err}\n{again.log}"
        record(row)


def said(steps: list[str]) -> str:
    """Steps in short: chapters by number.

    >>> said(["04_longitudinal_cytokines", "book"])
    '04, book'
    """
    return ", ".join(name[:2] if name[0].isdigit() else name for name in steps)


def explains(broken: Build, *texts: str, status: int = 1) -> bool:
    """Whether a build has ended with this status and named the cause, without a traceback."""
    talk = broken.out + broken.err
    assert broken.status == status, f"status {broken.status}\n{talk}\n{broken.log}"
    for text in texts:
        assert text in talk, f"{text!r} is not in\n{talk}\n{broken.log}"
    assert "Traceback" not in talk, talk
    return True
