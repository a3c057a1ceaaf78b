"""What the operating system refuses is said in words, with the file."""

from __future__ import annotations

import errno
import os

import pytest

from helpers.cli import trouble


@pytest.mark.parametrize("number", trouble.CAUSES)
def test_every_cause_names_the_file_from_the_checkout(tmp_path, number):
    error = OSError(number, os.strerror(number), str(tmp_path / "build" / "x.csv"))
    assert trouble.in_words(error, tmp_path) == f"build/x.csv: {trouble.CAUSES[number]}"


def test_a_write_without_a_name_is_said_all_the_same(tmp_path):
    assert trouble.in_words(OSError(errno.ENOSPC, "No space left on device"), tmp_path).endswith(trouble.FULL)


def test_a_folder_that_can_be_written_has_no_trouble_and_is_left_as_it_was(tmp_path):
    assert trouble.of_folder(tmp_path, tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_is_named(tmp_path, monkeypatch):
    def full(path, data):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    assert trouble.of_folder(tmp_path / "build", tmp_path) == f"build: {trouble.FULL}"
