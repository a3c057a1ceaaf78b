"""Numbers in sentences: each is a figure of the rows that the sentence names, a count of them, a setting or a label."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from helpers.analysis.frames import groups
from helpers.report.lookup import keys_of
from helpers.report.printed import is_printed, numbers

REPORT = Path(__file__).parents[2] / "src" / "helpers" / "report"
STUDIES = ("synthetic", "pbc")
FIGURES = ("value", "df1", "df2", "ci_low", "ci_high", "p", "p_adjusted", "n")
# Typed digits that belong to a name or a formula: tables of the paper, releases of software, years of sources with
# their volume and page, licences, one and two in formulae.
NAMED = (
    r"(?:Supplementary )?Table \d", r"SPSS 22", r"PROCESS \d", r"statsmodels 0\.15", r"BSD 3-Clause", r"CC BY 4\.0",
    r"/by/4\.0/", r"\b(?:19|20)\d\d\b(?:, \w+(?: \w+)* \d+:\d+)?", r"\w+ \d+:\d+", r"AR\(1\)", r"−2 log",
    r"2 × covariance", r"/√2", r"1 − 3 / \(4N − 9\)", r"\(1 − Kaplan", r"REML, sum-to-zero.*", r"baseline being 0",
    r"Counts from 1 to", r"; 0 is shown",
)  # fmt: skip
CITED = re.compile("|".join(NAMED))


def figures_of(rows: list[dict]) -> list[float]:
    return [row[name] for row in rows for name in FIGURES]


def is_accounted_for(printed: str, rows: list[dict]) -> bool:
    """A figure of the rows, what is missing of an n, a sum over them, or a count of at most all of them."""
    if any(is_printed(value, printed) for value in [*figures_of(rows), *(row["n"] - row["value"] for row in rows)]):
        return True
    sums = [sum(row[name] for row in rows if row["statistic"] == "imputed") for name in ("value", "n")]
    whole = printed.isdigit() and int(printed) <= len(rows)
    return whole or any(is_printed(value, printed) for value in sums)


def set_elsewhere(run) -> str:
    """The study's labels and rules and the run's settings, whose digits are no results."""
    alpha, study = run.settings.alpha, run.study
    labels = [*(study.visit_label(v.name) for v in study.roles.visits), *(study.group_label(g) for g in groups(study))]
    labels += [field.title for resource in study.descriptor.resources for field in resource.fields]
    rule = [study.roles.classification.text] if study.roles.classification else []
    return " ".join([*labels, *rule, f"{alpha:g} {100 * (1 - alpha):g} {run.settings.seed}"])


@pytest.mark.parametrize("name", STUDIES)
def test_every_number_of_a_sentence_with_rows_is_in_them(name, books, all_rows):
    by_key = dict(zip(keys_of(all_rows[name]), all_rows[name].to_dict("records"), strict=True))
    looked_at = 0
    for chapter in books[name].values():
        known = numbers(set_elsewhere(chapter.run))
        for sentence in (item for item in chapter.shown if getattr(item, "read", ())):
            rows = [by_key[key] for key in sentence.read]
            expected = len(rows) * chapter.run.settings.alpha  # of chance alone
            for printed in numbers(sentence.markdown):
                looked_at += 1
                said = is_accounted_for(printed, rows) or printed in known or is_printed(expected, printed)
                assert said, f"{sentence.source}: {printed} in {sentence.markdown}"
    assert looked_at > 40


@pytest.mark.parametrize("name", STUDIES)
def test_what_is_shown_says_which_function_made_it(name, books):
    for chapter in books[name].values():
        for item in chapter.shown:
            if getattr(item, "markdown", "").startswith("(figure"):
                continue
            assert item.source.startswith("helpers.report."), item


def test_a_number_that_no_row_has_is_seen():
    rows = [dict.fromkeys(FIGURES, float("nan")) | {"statistic": "F", "value": 3.14159, "p": 0.00001}]
    assert is_accounted_for("3.14", rows)
    assert is_accounted_for("<\xa00.001", rows)
    assert not is_accounted_for("3.15", rows)
    assert not is_accounted_for("7", rows)


def typed(path: Path) -> list[tuple[int, str]]:
    """Line and text of the prose in a module that has digits; descriptions of functions are no prose of the book."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = [node.body[0] for node in ast.walk(tree) if getattr(node, "body", None) and isinstance(node.body, list)]
    left = {id(node.value) for node in described if isinstance(node, ast.Expr)}
    found = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    prose = (n for n in found if id(n) not in left and " " in n.value.strip())
    return [(n.lineno, n.value) for n in prose if "{" not in n.value and "(?:" not in n.value]  # no style, no pattern


def test_no_number_is_typed_into_the_prose_of_functions():
    found = []
    for path in sorted(REPORT.rglob("*.py")):
        if path.name in ("check_page.py", "slim.py"):  # a page of its own with its style; patterns of drawings
            continue
        for line, text in typed(path):
            if left := numbers(CITED.sub("", text)):
                found.append(f"{path.relative_to(REPORT)}:{line} {left} {text[:60]!r}")
    assert not found, "\n".join(found)
