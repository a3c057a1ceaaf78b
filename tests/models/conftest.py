"""What R answered, and the tables it was asked about (see tests/oracles/oracles.R)."""

import json
from pathlib import Path

import numpy as np
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


@pytest.fixture(scope="session")
def long():
    """Values (subjects, visits) as a long frame with two groups, the first half of the subjects and the rest."""

    def made(values):
        subjects, visits = values.shape
        frame = pd.DataFrame({"id": np.repeat(range(subjects), visits), "day": np.tile(range(visits), subjects)})
        frame["visit"] = "v" + frame["day"].astype(str)
        frame["group"] = np.where(frame["id"] < subjects // 2, "a", "b")
        return frame.assign(score=np.ravel(values))

    return made


@pytest.fixture(autouse=True)
def _no_warning(recwarn):
    """No Python warning leaves helpers.models."""
    yield
    assert [str(warning.message) for warning in recwarn] == []
