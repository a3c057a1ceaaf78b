"""The bundled study under the paper's choices, and the notebooks' own rows to compare with."""

from pathlib import Path

import pytest

from helpers.analysis.change import mediation
from helpers.analysis.missing_samples import completed_samples
from helpers.analysis.scenarios import load_scenario
from helpers.study import load_study

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def study():
    return load_study(ROOT / "data" / "synthetic", name="data/synthetic")


@pytest.fixture(scope="session")
def settings():
    return load_scenario("published")


@pytest.fixture(scope="session")
def mediation_rows(study, settings):
    return mediation(study, settings, completed_samples(study)[0])
