"""Repeated-measures models by a plain dense computation: `python tests/oracles/dense.py [part of a case's name ...]`.

Written to be read rather than to be fast, and independent of `helpers`: it minimises the textbook -2 log-likelihood,
differentiates it numerically, and follows the papers' formulas for the degrees of freedom. Answers every case of
cases.json into output/repeated_dense.json. With names given, prints what was found and writes nothing.
"""

import json
import sys
import time
from itertools import combinations
from pathlib import Path

import formulaic
import numpy as np
import pandas as pd
import scipy
from dense_inference import Method, contrast_table, mean_table, test_table
from dense_likelihood import Fit, fit
from dense_problem import Problem, cells, moments, read_problem, term_rows
from dense_structures import structure
from tidy_json import dump

FOLDER = Path(__file__).parent
METHODS = {
    "satterthwaite/observed": ("satterthwaite", "observed"),
    "satterthwaite/expected": ("satterthwaite", "expected"),
    "kenward-roger/expected": ("kenward-roger", "expected"),
    "kenward-roger/observed": ("kenward-roger", "observed"),
    "residual": ("residual", None),
}


def answer(case: dict) -> tuple[dict, Fit]:
    """Everything about one case, and the fit. Kenward-Roger is defined for REML alone."""
    problem, reml = read_problem(case), case["method"] == "reml"
    name = case["random"] or case["covariance"]
    found = fit(problem.subjects, structure(name, moments(problem), problem.times), reml)
    methods = {
        label: Method(found, *how, residual=len(problem.y) - len(problem.names))
        for label, how in METHODS.items()
        if reml or how[0] != "kenward-roger"
    }
    terms = term_rows(problem)
    return {
        "deviance": found.deviance,
        "n_rows": len(problem.y),
        "names": problem.names,
        "coefficients": found.beta,
        "vcov": found.phi,
        "visits": problem.visits,
        "covariance": found.structure.sigma(found.natural),
        "parameters": {"names": found.structure.names, "values": found.natural},
        "tests": {label: test_table(method, terms) for label, method in methods.items()},
        "means": [means(problem, methods, **wanted) for wanted in case["means"]],
        "contrasts": [contrasts(problem, methods, **wanted) for wanted in case["contrasts"]],
    }, found


def means(problem: Problem, methods: dict[str, Method], over: str, by: str | None) -> dict:
    """Marginal means of `over` in each cell of `by`."""
    names = [name for name in (by, over) if name]
    levels, rows = cells(problem, names)
    columns = dict(zip(names, map(list, zip(*levels, strict=True)), strict=True))
    tables = {label: {**columns, **mean_table(method, rows)} for label, method in methods.items()}
    return {"over": over, "by": by, "results": tables}


def contrasts(problem: Problem, methods: dict[str, Method], over: str, by: str | None) -> dict:
    """All pairs of `over`, a family of comparisons in each cell of `by`."""
    levels, rows = cells(problem, [name for name in (by, over) if name])
    size = len(problem.factors[over])
    pairs = [(s + i, s + j) for s in range(0, len(rows), size) for i, j in combinations(range(size), 2)]
    columns = {by: [levels[i][0] for i, _ in pairs]} if by else {}
    columns |= {"level": [levels[i][-1] for i, _ in pairs], "versus": [levels[j][-1] for _, j in pairs]}
    differences = np.array([rows[i] - rows[j] for i, j in pairs])
    family = size * (size - 1) // 2
    tables = {label: {**columns, **contrast_table(m, differences, family)} for label, m in methods.items()}
    return {"over": over, "by": by, "results": tables}


def main(parts: list[str]) -> None:
    cases = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
    answers = {}
    for case in cases:
        if parts and not any(part in case["name"] for part in parts):
            continue
        begun = time.perf_counter()
        answers[case["name"]], found = answer(case)
        note = f"{found.deviance:.6f} slope {found.gradient:.0e} starts apart {found.apart:.0e}"
        print(f"{case['name']:45s} {note}  {time.perf_counter() - begun:.1f} s", file=sys.stderr, flush=True)
    versions = {module.__name__: module.__version__ for module in (np, scipy, pd, formulaic)}
    if not parts:
        dump({"versions": versions, "cases": answers}, FOLDER / "output" / "repeated_dense.json")


if __name__ == "__main__":
    main(sys.argv[1:])
