"""One good build, of which every test breaks a copy."""

from __future__ import annotations

import os

import pytest

from . import rows
from .bench import Bench, FaultTree


@pytest.fixture(scope="session")
def good(tmp_path_factory):
    """A checkout with its book, and what the book holds before and after a change, built without a disturbance."""
    tree = FaultTree(tmp_path_factory.mktemp("größer é") / "a checkout")
    built = tree.book()
    assert built.status == 0, built.out + built.err + built.log
    changed = tree.copy(tree.root.with_name("changed"))
    changed.edit()
    built = changed.book()
    assert built.status == 0, built.out + built.err + built.log
    assert built.named("started") == ["book"]
    bench = Bench(tree, tree.digest(), changed.digest())
    assert bench.old != bench.new
    return bench


@pytest.fixture(scope="module")
def copies(good, tmp_path_factory):
    """Copies of the good build, each with a change that its book does not show yet."""

    def copy(*touched: str) -> Bench:
        tree = good.tree.copy(tmp_path_factory.mktemp("größer é") / "a copy")
        tree.edit()
        tree.touch(*touched)
        return Bench(tree, good.old, good.new)

    return copy


def pytest_sessionfinish(session):
    if rows.WRITING in os.environ and session.testsfailed == 0:
        rows.write()
