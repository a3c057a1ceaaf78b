"""What R answered, and the tables it was asked about (see tests/oracles/oracles.R)."""

import json
from pathlib import Path

import pandas as pd
import pytest

FOLDER = Path(__file__).parents[1] / "oracles"


@pytest.fixture(scope="session")
def answers():
    return json.loads((FOLDER / "output" / "answers.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def table():
    def read(name):
        return pd.read_csv(FOLDER / "input" / f"{name}.csv")

    return read


@pytest.fixture(autouse=True)
def _no_warning(recwarn):
    """No Python warning leaves helpers.models."""
    yield
    assert [str(warning.message) for warning in recwarn] == []
