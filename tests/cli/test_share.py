"""What may leave, made once from the bundled cohort and looked at from every side."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from helpers.analysis.results import pick, read_results, value_of
from helpers.cli.layout import place
from helpers.cli.share import machine_places
from helpers.cli.share.gather import gather, pack
from helpers.cli.share.leaks import LeakError, secrets_of
from helpers.study import load_study

ROOT = Path(__file__).resolve().parents[2]
WHERE = place("data/synthetic", "published", ROOT)


@pytest.fixture(scope="module")
def share(built):
    """The shared folder of the bundled cohort, made by the command."""
    built("data/synthetic")
    command = [sys.executable, "-m", "helpers.cli", "share"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(WHERE.path("share.zip")) in done.stdout
    return WHERE.path("share")


@pytest.fixture(scope="module")
def both(share):
    """The results rows of the full book and those shared, by chapter."""
    names = sorted(path.name for path in (share / "results").glob("*.csv"))
    return {
        name[:2]: (read_results(WHERE.path("results", name)), read_results(share / "results" / name)) for name in names
    }


@pytest.fixture(scope="module")
def secrets():
    return secrets_of(load_study(ROOT / "data" / "synthetic"), machine_places(WHERE))


def test_it_holds_what_the_readme_lists_and_nothing_else(share):
    listed = re.findall(r"^([\w.]+)/? {2,}", (share / "README.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {path.name for path in share.iterdir()} == {*listed, "README.txt"}
    assert (share / "book" / "index.html").is_file()
    assert not list(share.rglob("completed_analytes*"))
    assert not list(share.rglob("participants.csv"))
    assert not list(share.rglob("disclosure.json"))


def test_no_file_has_an_identifier_or_a_raw_row(share):
    """By plain text search, which knows nothing of the search that the command itself makes."""
    texts = {path.relative_to(share).as_posix(): words(path) for path in share.rglob("*") if path.is_file()}
    assert len(texts) > 100
    found = []
    for path in sorted((ROOT / "data" / "synthetic").glob("*.csv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            identifier, *cells = line.split(",")
            numbers = [cell.removesuffix(".0") for cell in cells if re.fullmatch(r"-?[\d.]+", cell)]
            telling = len(numbers) > 3 and len("".join(numbers)) > 12
            secrets = [f" {identifier} ", *([f" {' '.join(numbers)} "] if telling else [])]
            found += [name for name, text in texts.items() if any(secret in text for secret in secrets)]
    assert not found


def words(path: Path) -> str:
    """A file's words with one space between them; the parts of a Word file one after the other."""
    parts = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        packed = zipfile.ZipFile(path)
        parts = [packed.read(name) for name in packed.namelist()]
    text = " ".join(part.decode("utf-8", errors="replace") for part in parts).replace("−", "-")
    numbers = re.sub(r"(?<=\d)\.0(?!\d)", "", re.sub(r"<[^>]*>", " ", text))
    return " ".join(["", *re.findall(r"[\w.-]+", numbers), ""])


def test_small_counts_and_what_tells_them_are_gone_from_the_rows(both):
    full, shared = both["01"]
    counts = pick(shared, analysis="baseline", statistic="count")
    before = pick(full, analysis="baseline", statistic="count")
    small = before["value"].between(1, 4).to_numpy()
    assert small.any()
    assert counts["value"][small].isna().all()
    assert not shared["value"][shared["statistic"].isin(["count", "missing"])].between(1, 4).any()
    variables = set(before["outcome"][small])
    tests = shared[(shared["analysis"] == "baseline") & shared["outcome"].isin(variables)]
    assert tests.loc[tests["statistic"].isin(["chi_square", "standardised_difference"]), "value"].isna().all()
    for name in variables:  # never one alone in a group
        hidden = pick(shared, analysis="baseline", statistic="count", outcome=name)
        gone = hidden["value"].isna().groupby(hidden["group"]).sum()
        assert (gone[gone > 0] >= 2).all()


def test_missing_samples_are_not_told_by_those_who_gave_one(both):
    full, shared = both["01"]
    cells = {"analysis": "flow", "statistic": "sampled", "visit": "day_26"}
    assert 0 < 33 - value_of(full, group="pain", **cells) < 5
    assert pick(shared, group="pain", **cells)["value"].isna().all()
    assert value_of(shared, analysis="flow", statistic="sampled", visit="baseline", group="pain") == 33


def test_what_is_large_enough_is_shown_as_it_is(both):
    for number in ("02", "03", "05"):
        full, shared = both[number]
        kept = shared["value"].notna()
        assert kept.mean() > 0.9
    full, shared = both["02"]
    for statistic in ("count", "percent", "chi_square"):
        assert pick(full, analysis="response", statistic=statistic)["value"].equals(
            pick(shared, analysis="response", statistic=statistic)["value"]
        )


def test_the_list_of_what_was_withheld_names_every_row_and_no_value(share, both):
    table = pd.read_csv(share / "withheld.csv", keep_default_na=False)
    rows = table[table["what"] == "results row"]
    gone = sum(int((shared["value"].isna() & full["value"].notna()).sum()) for full, shared in both.values())
    assert (rows["rule"] != "size").sum() == gone
    assert not {"value", "n"} & set(table.columns)
    assert set(table["rule"]) <= {"counts", "derived", "size", "points", "extreme"}
    assert {"fig-outcomes-1", "fig-time-to-endpoint", "fig-baseline-cytokines"} <= set(table["analysis"])
    page = (share / "book" / "withheld.html").read_text(encoding="utf-8")
    assert "threshold 5" in page
    assert "OpenSAFELY" in page


def test_tables_and_pages_say_the_same_as_the_rows(share):
    table = pd.read_csv(share / "tables" / "Table-1.csv", keep_default_na=False, encoding="utf-8-sig")
    line = table[table["Characteristic"].str.strip() == "Divorced or widowed"]
    groups = [name for name in table.columns if "(n = " in name]
    assert len(line) == 0 or (line.iloc[0][groups[:2]] == "–").all()
    texts = "\n".join(path.read_text(encoding="utf-8") for path in share.rglob("*.html"))
    said = re.sub(r"<(script|pre)\b.*?</\1>", "", texts, flags=re.DOTALL)  # code may name a missing value
    assert not re.search(r"\bnan\b|= \)", said)


def named(folder: Path) -> dict[str, str]:
    """File names of drawings by their labels in the book."""
    index = pd.read_csv(folder / "index.csv", encoding="utf-8-sig")
    return dict(zip(index["label in the book"], index["file"] + ".svg", strict=True))


def test_every_figure_and_table_is_there_as_a_file_of_its_own(share):
    for kind, endings in (("figures", [".svg", ".pdf", ".png"]), ("tables", [".csv", ".docx"])):
        index = pd.read_csv(share / kind / "index.csv", encoding="utf-8-sig")
        expected = {f"{name}{ending}" for name in index["file"] for ending in endings}
        assert {path.name for path in (share / kind).iterdir()} == expected | {"index.csv"}
        assert len(index) > 10


def test_no_figure_shows_one_person(share):
    clouds = re.compile(r'<g id="PathCollection_\d+">(.*?)</g>\s*</g>', flags=re.DOTALL)
    files = named(share / "figures")
    scatter = (share / "figures" / files["fig-change-scatter"]).read_text(encoding="utf-8")
    assert [cloud.count("<use ") for cloud in clouds.findall(scatter)] == [6, 6]  # of 33 participants
    for name in ("fig-outcomes-1", "fig-baseline-cytokines", "fig-diagnostics-outcomes"):
        full = WHERE.path("figures", f"{name}.svg").read_text(encoding="utf-8")
        shared = (share / "figures" / files[name]).read_text(encoding="utf-8")
        # Many points are a picture inside the full drawing; fewer are marks.
        marks = [len(re.findall(r"<use |<path ", text)) for text in (full, shared)]
        assert "<image" in full or marks[1] < marks[0], name
        assert "<image" not in shared


@pytest.mark.parametrize("leak", ["S002", "25.0,52.45,151.5,3.823,13.61,13.09", str(ROOT)])
def test_a_leaking_exhibit_stops_it_and_what_was_there_stays(share, secrets, tmp_path, leak):
    controlled = replace(WHERE, threshold=5)
    target = tmp_path / "share"
    target.mkdir()
    (target / "last.txt").write_text("the last good one", encoding="utf-8")

    def corrupt(folder):
        with (folder / "tables" / "Table-1.csv").open("a", encoding="utf-8") as table:
            table.write(f"{leak}\n")

    with pytest.raises(LeakError, match=r"tables/Table-1\.csv"):
        gather(controlled, target, secrets, corrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["share"]
    assert [path.name for path in target.iterdir()] == ["last.txt"]


def test_the_zip_file_is_the_folder_with_the_same_bytes_again(share, tmp_path):
    again = tmp_path / "share.zip"
    pack(share, again, "share")
    assert again.read_bytes() == share.with_name("share.zip").read_bytes()
    names = zipfile.ZipFile(again).namelist()
    assert len(names) == sum(path.is_file() for path in share.rglob("*"))


def test_the_full_book_stays_where_it_is(share):
    assert not (WHERE.html / "withheld.html").exists()
    full = read_results(WHERE.path("results", "01_cohort.csv"))
    assert pick(full, analysis="baseline", statistic="count")["value"].between(1, 4).any()


def test_the_supplement_is_there_with_the_page_on_what_was_withheld(share):
    from pypdf import PdfReader

    printed = "".join(page.extract_text() for page in PdfReader(share / "supplement.pdf").pages)
    with zipfile.ZipFile(share / "supplement.docx") as archive:
        written = archive.read("word/document.xml").decode("utf-8")
    for text in (printed, written):
        assert "What was withheld" in text
        assert not re.search(r"\bS\d{3}\b", text)
