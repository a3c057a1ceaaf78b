"""Parameters are refused by name before anything runs."""

from __future__ import annotations

import pytest

from helpers.cli.errors import UsageError
from helpers.cli.parameters import accepts, check_against_notebook, declared_parameters

DECLARED = {"study": "str", "seed": "int", "alpha": "float", "cutoff": "float | None"}


def test_what_the_notebook_declares_is_accepted():
    check_against_notebook({"study": "data/x", "seed": 1, "alpha": 0.05, "cutoff": None}, DECLARED, "01")


def test_every_problem_is_named_at_once_with_the_nearest_name():
    with pytest.raises(UsageError) as error:
        check_against_notebook({"sed": 1, "alpha": "small", "cutoff": 2}, DECLARED, "01_cohort")
    lines = str(error.value).splitlines()
    assert lines == [
        "01_cohort: parameters refused, nothing was run",
        "  - sed: the notebook has no such parameter; did you mean seed?",
        "  - alpha: found 'small'; expected float",
    ]


def test_a_notebook_without_parameters_is_refused(make_cell):
    declared = declared_parameters(make_cell["notebook"](make_cell["code"]("seed = 1")))
    with pytest.raises(UsageError, match="no cell is tagged `parameters`"):
        check_against_notebook({"seed": 1}, declared, "01_cohort")


def test_annotations_are_read_whatever_the_comment_says(make_cell):
    source = 'seed: int = 1  # a == b\ncutoff: float | None = None\nname = "x"\n# note: str = "no"'
    assert declared_parameters(make_cell["notebook"](make_cell["code"](source, "parameters"))) == {
        "seed": "int",
        "cutoff": "float | None",
        "name": "",
    }


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        ("bool", True, True),
        ("int", True, False),
        ("float", True, False),
        ("bool", 1, False),
        ("int", 1.0, False),
        ("str", None, False),
        ("list[str]", ["x"], True),
        ("", 3, True),
    ],
)
def test_types(annotation, value, expected):
    assert accepts(annotation, value) is expected
