"""The rows, design and linear functions of a case of cases.json, from formulaic and pandas alone."""

import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import formulaic
import numpy as np
import pandas as pd
from dense_likelihood import Subject

INPUT = Path(__file__).parent / "input"


@dataclass(frozen=True)
class Problem:
    """Analysed rows, sum-coded design `x` (rows, columns), responses `y`, and the same by subject.

    `factors` has the sorted levels of each factor, `numbers` the numeric variables, `times` the time of each visit.
    """

    frame: pd.DataFrame
    factors: dict[str, list]
    numbers: list[str]
    spec: formulaic.ModelSpec
    x: np.ndarray
    y: np.ndarray
    names: list[str]
    terms: dict[str, list[int]]
    visits: list
    subjects: list[Subject]
    times: np.ndarray | None


def read_problem(case: dict) -> Problem:
    """Rows with a response; text columns are factors, and the visit is one where the formula names it."""
    response, right = (side.strip() for side in case["formula"].split("~"))
    frame = pd.read_csv(INPUT / f"{case['data']}.csv")
    frame = frame[frame[response].notna()].reset_index(drop=True)
    used = list(dict.fromkeys(re.findall(r"\w+", right)))
    factors = {
        name: sorted(frame[name].unique())
        for name in used
        if name == case["visit"] or not pd.api.types.is_numeric_dtype(frame[name])
    }
    coded = re.sub(r"\w+", lambda m: f"C({m[0]}, contr.sum)" if m[0] in factors else m[0], right)
    matrix = formulaic.model_matrix(coded, frame)
    spec, x, y = matrix.model_spec, matrix.to_numpy(float), frame[response].to_numpy(float)
    visits = sorted(frame[case["visit"]].unique())
    position = frame[case["visit"]].map(visits.index).to_numpy()
    return Problem(
        frame,
        factors,
        [name for name in used if name not in factors],
        spec,
        x,
        y,
        [plain(name) for name in matrix.columns],
        {plain(str(term)): list(columns) for term, columns in spec.term_indices.items() if str(term) != "1"},
        visits,
        [Subject(position[rows], x[rows], y[rows]) for rows in frame.groupby(case["subject"]).indices.values()],
        frame.groupby(case["visit"])[case["time"]].first().to_numpy(float) if case["time"] else None,
    )


def plain(name: str) -> str:
    """`C(g, contr.sum)[S.a]` as `g[a]`."""
    return re.sub(r"C\((\w+), contr\.sum\)(?:\[S\.(.*?)\])?", lambda m: m[1] + (f"[{m[2]}]" if m[2] else ""), name)


def moments(problem: Problem) -> np.ndarray:
    """Rough covariance of the visits, to start from: shrunk pairwise moments of least squares residuals."""
    b = np.linalg.lstsq(problem.x, problem.y, rcond=None)[0]
    size = len(problem.visits)
    total, count = np.zeros((size, size)), np.zeros((size, size))
    for s in problem.subjects:
        residual, both = s.y - s.x @ b, np.ix_(s.seen, s.seen)
        total[both] += np.outer(residual, residual)
        count[both] += 1
    rough = total / np.maximum(count, 1)
    shrunk = 0.5 * rough + 0.5 * np.diag(np.diag(rough))
    return shrunk + np.eye(size) * max(0.0, -2 * np.linalg.eigvalsh(shrunk).min())


def term_rows(problem: Problem) -> dict[str, np.ndarray]:
    """Rows of L of each term: "level i - last level" of its factors, Kronecker products for interactions."""
    found = {}
    for term, columns in problem.terms.items():
        inner = np.eye(1)
        for name in term.split(":"):
            if name in problem.factors:
                size = len(problem.factors[name]) - 1
                # Sum coding: the last level is minus the sum of the others. The first factor varies fastest.
                inner = np.kron(np.eye(size) + np.ones((size, size)), inner)
        found[term] = np.zeros((len(inner), len(problem.names)))
        found[term][:, columns] = inner
    return found


def cells(problem: Problem, names: list[str]) -> tuple[list[tuple], np.ndarray]:
    """Combinations of the named factors, the first slowest, and the row of L of each marginal mean.

    Factors not named are averaged with equal weights; numeric variables are at their mean over the analysed rows.
    """
    others = [name for name in problem.factors if name not in names]
    levels = list(product(*(problem.factors[name] for name in names)))
    rows = []
    for level in levels:
        rest = product(*(problem.factors[name] for name in others))
        grid = pd.DataFrame([(*level, *one) for one in rest], columns=[*names, *others])
        grid = grid.assign(**{name: problem.frame[name].mean() for name in problem.numbers})
        rows.append(problem.spec.get_model_matrix(grid).to_numpy(float).mean(axis=0))
    return levels, np.array(rows)
