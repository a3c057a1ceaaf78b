"""The committed witnesses: rebuilt byte for byte, and their certificates checked through the notebooks' code."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from helpers.analysis.results import join
from helpers.analysis.scenarios import load_scenario
from helpers.claims import judge, load_ledger
from helpers.claims.witness import load_readings, load_witnesses
from helpers.claims.witness.published import SEED
from helpers.claims.witness.readings import SCENARIO
from helpers.claims.witness.score import study_rows
from helpers.claims.witness.seeds import SEEDS
from helpers.claims.witness.wanted import NEAR
from helpers.claims.witness.write import write_witness
from helpers.study import load_study

ROOT = Path(__file__).parents[3]
FOUND = load_witnesses()
READINGS = {reading.name: reading for reading in load_readings()}
DEFAULT = next(iter(READINGS))


def certificate(reading: str) -> pd.DataFrame:
    return FOUND.certificate[FOUND.certificate["reading"] == reading].set_index("claim")


def judged(reading: str, rows: pd.DataFrame) -> dict:
    verdicts = judge(READINGS[reading].read(load_ledger("zhou2021")), rows, synthetic=True)
    return {item.claim.id: item for item in verdicts if item.claim.basis in ("target", "inconsistent")}


@pytest.fixture(scope="module")
def rows(books):
    """The rows of each reading's witness: of the bundled one by its notebooks, of the others by the same analyses."""

    def of(reading: str) -> pd.DataFrame:
        if reading == DEFAULT:
            return join(*(part.rows for name, part in books["synthetic"].items() if name[:2] < "06"))
        study = load_study(ROOT / "data" / "witnesses" / reading)
        return study_rows(study, load_scenario(SCENARIO))

    return of


@pytest.mark.parametrize("reading", READINGS)
def test_certificate_is_what_the_notebooks_compute(reading, rows):
    found, listed = judged(reading, rows(reading)), certificate(reading)
    assert set(found) == set(listed.index)
    for name, item in found.items():
        row = listed.loc[name]
        assert row["met"] == ("yes" if item.met else "no"), name
        assert row["printed"] == item.claim.printed
        # Six digits are written.
        computed = "" if pd.isna(item.computed) else item.computed
        assert computed == "" or float(row["attained"]) == pytest.approx(computed, rel=1e-5, abs=1e-12), name


@pytest.mark.parametrize("reading", READINGS)
def test_every_target_is_met_to_its_printed_digits(reading):
    listed = certificate(reading)
    targets = listed[listed["basis"] == "target"]
    assert len(targets) > 200
    assert targets.index[targets["met"] != "yes"].tolist() == []


@pytest.mark.parametrize("reading", READINGS)
def test_what_is_not_met_is_listed_with_its_reason(reading):
    listed = certificate(reading)
    given = listed[listed["basis"] == "inconsistent"]
    assert (given["reason"].str.len() > 10).all()
    assert set(READINGS[reading].gives_up) <= {name.partition(":")[0] for name in given.index}
    assert (given["met"] == "no").any()


def test_an_f_that_is_given_up_is_near_its_printed_value():
    for reading in READINGS:
        listed = certificate(reading)
        for name in [f for f in READINGS[reading].gives_up if f.endswith("-f")]:
            printed, attained = float(listed.loc[name, "printed"]), float(listed.loc[name, "attained"])
            assert attained == pytest.approx(printed, rel=NEAR / 2 + 1e-6)


@pytest.mark.parametrize("reading", READINGS)
def test_the_search_writes_the_committed_bytes(reading, tmp_path):
    committed = ROOT / "data" / ("synthetic" if reading == DEFAULT else f"witnesses/{reading}")
    for path in write_witness(tmp_path, READINGS[reading]):
        assert path.read_bytes() == (committed / path.name).read_bytes(), f"{reading}: make synthetic, make witnesses"


def test_every_reading_has_at_least_twenty_witnesses():
    counts = FOUND.strain.drop_duplicates(["reading", "seed"])["reading"].value_counts()
    assert dict(counts) == dict.fromkeys(READINGS, len(SEEDS))
    assert len(SEEDS) >= 20
    assert set(FOUND.certificate["seed"].astype(int)) == {SEED}
    assert set(FOUND.held_out["seeds"].astype(int)) == {len(SEEDS)}


def test_nothing_held_out_is_a_target_of_any_reading():
    held = {claim.id for claim in load_ledger("zhou2021") if claim.basis == "held_out"}
    aimed = {(row.reading, row.claim) for row in FOUND.certificate.itertuples() if row.basis == "target"}
    added = {(name, entry) for name, reading in READINGS.items() for entry in reading.adds}
    for reading, claim in aimed:
        assert claim not in held or (reading, claim.partition(":")[0]) in added


def test_the_held_out_claims_are_counted_by_claim_once_a_reading():
    assert max(Counter(zip(FOUND.held_out["reading"], FOUND.held_out["claim"], strict=True)).values()) == 1
    assert (FOUND.held_out["met"].astype(int) <= FOUND.held_out["seeds"].astype(int)).all()
