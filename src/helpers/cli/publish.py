"""Compile the book with warnings as errors, and put it in place of the last one in a single step."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from helpers.cli import notes
from helpers.cli.assemble import assemble
from helpers.cli.crate.write import add_crate
from helpers.cli.environment import job_environment
from helpers.cli.errors import RunError
from helpers.cli.layout import NOTEBOOKS, Place, write_text
from helpers.cli.links import dead_links
from helpers.cli.notes import tree_digest
from helpers.cli.phone import for_phones, style
from helpers.cli.run import say, shown
from helpers.cli.supplement.offered import add_word_files

JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"


def compile_book(where: Place, marker: Path) -> None:
    """Assemble, compile and publish the book of a run; ``marker`` is written last.

    Raises
    ------
    RunError
        The book has a warning, does not compile, or has a link that leads nowhere. The last good book stays.
    """
    started = time.monotonic()
    failure = where.path("failed", "book.txt")
    failure.unlink(missing_ok=True)
    before = notes.reads(where, notes.BOOK)
    say("book  started")
    try:
        html = _compile(where, assemble(where))
        _tidy(where, html)
        add_word_files(where, html)
        add_crate(where, html)
        _refuse_dead_links(html)
    except RunError as error:
        say(f"book  failed after {time.monotonic() - started:.1f} s")
        with contextlib.suppress(OSError):  # on a full disk the message is all there is
            write_text(failure, f"{error}\n")
        raise
    digest = publish(html, where.html)
    notes.write(where, notes.BOOK, before)
    write_text(marker, f"{digest}\n")
    say(f"book  finished in {time.monotonic() - started:.1f} s")


def _compile(where: Place, source: Path) -> Path:
    built = where.path("book-build")
    shutil.rmtree(built, ignore_errors=True)
    options = ["-W", "-n", "--keep-going", "--path-output", str(built)]
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(source), *options]
    environment = job_environment(where.root)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    log = where.path("book.log")
    write_text(log, done.stdout + done.stderr)
    if done.returncode:
        lines = complaints(done.stderr) or done.stderr.splitlines()[-8:]
        raise RunError("\n  ".join(["book: it did not compile without a warning", *lines, shown(log, where.root)]))
    return built / "_build" / "html"


def complaints(log: str) -> list[str]:
    """The lines of Sphinx's log that name a warning or an error, without colour codes.

    Examples
    --------
    >>> complaints("reading\\n\\x1b[31mintro.md:3: WARNING: no such label\\x1b[39;49;00m\\n")
    ['intro.md:3: WARNING: no such label']
    """
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log)
    found = [line for line in plain.splitlines() if re.search(r"\b(WARNING|ERROR|CRITICAL)\b", line)]
    return found[:12] + ([f"... and {len(found) - 12} more"] if len(found) > 12 else [])


def _tidy(where: Place, html: Path) -> None:
    """Leave out what is for Sphinx only; offer the executed notebooks for download, not the book's copies of them."""
    for name in (".buildinfo", "objects.inv"):
        (html / name).unlink(missing_ok=True)
    for name in NOTEBOOKS:
        offered = html / "_sources" / "notebooks" / f"{name}.ipynb"
        if offered.exists():
            shutil.copyfile(where.path("notebooks", f"{name}.ipynb"), offered)
    for page in html.rglob("*.html"):
        write_text(page, for_phones(mended(page.read_text(encoding="utf-8"))))
    sheet = html / "_static" / "book.css"
    write_text(sheet, sheet.read_text(encoding="utf-8") + style())
    for script in html.rglob("fontawesome.js"):  # its licence, which is that of the fonts too, stays
        script.unlink()


def mended(page: str) -> str:
    """A page without what the theme brings in vain.

    Its icons come as fonts and again as a script of 1.5 MB that would draw them anew. Names, punctuation and blanks of
    code come each in an element of its own, which colours them as the code around is: half of a page of code. And
    docutils puts entries of a role that WAI-ARIA has given up into the list of references, which must hold list items.

    >>> mended('<script defer src="s/fontawesome.js?digest=1"></script><p role="doc-biblioentry">x</p>')
    '<p role="listitem">x</p>'
    >>> mended('<span class="k">def</span><span class="w"> </span><span class="n">f</span><span class="p">()</span>')
    '<span class="k">def</span> f()'
    """
    page = re.sub(r'<span class="[npw]">([^<]*)</span>', r"\1", page)
    page = re.sub(r"<script[^>]*\bfontawesome\.js[^>]*></script>\s*", "", page)
    return page.replace('role="doc-biblioentry"', 'role="listitem"')


def _refuse_dead_links(html: Path, most: int = 12) -> None:
    dead = dead_links(html)
    if dead:
        more = [f"... and {len(dead) - most} more"] if len(dead) > most else []
        raise RunError("\n  ".join(["book: links that lead nowhere", *dead[:most], *more]))


def publish(html: Path, link: Path) -> str:
    """Make ``link`` lead to a copy of the folder ``html``, in one rename; return the digest of what it holds.

    A reader sees the last book or the new one, never half of one.
    """
    digest = tree_digest(html)
    target = link.parent / f".html-{digest[:12]}"
    if target.exists():  # the same book again; the one in place may have been edited by hand
        target = target.with_name(f"{target.name}-{os.getpid()}")
    html.rename(target)
    fresh = link.parent / f".html-link-{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.name, target_is_directory=True)
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    fresh.replace(link)
    for old in link.parent.glob(".html-*"):
        if old != target:
            _remove(old)
    return digest


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path)
