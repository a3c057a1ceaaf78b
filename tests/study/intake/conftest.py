"""The tutorial's trial, taken through the tutorial's own commands and corrections once for all tests."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers.cli.study import make_study

from .make_sav import write_trial

PAGE = Path(__file__).parents[3] / "book" / "own_data.md"


def corrected(text: str, page: str) -> str:
    """A mapping with the corrections of the tutorial: each line with a minus replaced by the lines with a plus after it."""
    for block in re.findall(r"```diff\n(.*?)```", page, flags=re.DOTALL):
        for old, new in re.findall(r"^-(.*)\n((?:\+.*\n)+)", block, flags=re.MULTILINE):
            assert text.count(f"\n{old}\n") == 1, f"the tutorial corrects a line that the mapping does not have: {old}"
            text = text.replace(
                f"\n{old}\n", "\n" + "".join(line[1:] + "\n" for line in new.splitlines(keepends=False))
            )
    return text


@pytest.fixture(scope="session")
def trial(tmp_path_factory):
    """The SPSS file, the tidy folder, the mapping as first written, and the study that came of it."""
    root = tmp_path_factory.mktemp("laboratory")
    sav, tidy = write_trial(root / "files")
    before = sav.read_bytes()
    folder = root / "trial"
    started = make_study([str(sav)], str(folder))
    first = (folder / "mapping.yaml").read_text(encoding="utf-8")
    (folder / "mapping.yaml").write_text(corrected(first, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    converted = make_study([], str(folder))
    return SimpleNamespace(
        sav=sav, tidy=tidy, before=before, folder=folder, first=first, started=started, converted=converted
    )
