"""The rules of a model notebook: short calls, much prose, nothing defined, nothing stored."""

import ast
import json
from pathlib import Path
from statistics import median

import pytest
import yaml

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))
EXPLORE = ROOT / "notebooks" / "explore.ipynb"  # no chapter: lists in place of prose, and nothing is written
SECTIONS = (
    "At a glance",
    "Parameters",
    "Data used",
    "Published beside computed",
    "What this shows, and what it cannot",
)


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def sources(notebook, kind):
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def tagged(notebook, tag):
    return [cell for cell in notebook["cells"] if tag in cell["metadata"].get("tags", ())]


def test_there_are_eight():
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05", "06", "07", "08"]


def test_size(notebook):
    code, prose = sources(notebook, "code"), sources(notebook, "markdown")
    # The parameters are a list of declarations, one a line, as long as a scenario has choices.
    declared = "".join(tagged(notebook, "parameters")[0]["source"])
    lines = [source.count("\n") + 1 for source in code if source != declared]
    assert 18 <= len(notebook["cells"]) <= 26
    assert len(prose) >= len(code)
    assert median(lines) <= 3
    assert max(lines) <= 12


def test_code_fits_the_page(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", ()):
            assert max(map(len, "".join(cell["source"]).split("\n"))) <= 82, cell["id"]


def test_nothing_is_defined_or_imported_outside_the_set_up(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        nodes = list(ast.walk(ast.parse("".join(cell["source"]))))
        assert not any(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda) for n in nodes)
        if "setup" not in cell["metadata"].get("tags", ()):
            assert not any(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes), cell["id"]


def test_committed_without_outputs(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
            assert "execution" not in cell["metadata"]


def test_order_of_the_parts(notebook):
    assert notebook["cells"][0]["source"][0].startswith("# ")
    prose = [line for text in sources(notebook, "markdown") for line in text.split("\n")]
    headings = [line[3:].strip() for line in prose if line.startswith("## ")]
    places = [headings.index(section) for section in SECTIONS]
    assert places == sorted(places)
    assert headings[-1] == "Next"
    assert any(heading.startswith("Assumptions") for heading in headings)
    for tag in ("parameters", "setup", "write"):
        assert len(tagged(notebook, tag)) == 1, tag


def test_parameters_are_typed_explained_and_those_of_the_published_scenario(notebook):
    (cell,) = tagged(notebook, "parameters")
    lines = [line.rstrip("\n") for line in cell["source"]]
    tree = ast.parse("".join(cell["source"])).body
    assert all(isinstance(node, ast.AnnAssign) for node in tree)
    assert all("  # " in line for line in lines), "each parameter says what it may be"
    values = {node.target.id: ast.literal_eval(node.value) for node in tree}
    published = yaml.safe_load((ROOT / "scenarios" / "published.yaml").read_text(encoding="utf-8"))
    assert values == {"study": "data/synthetic", "scenario": "published", "output": "", **published}


def test_no_import_hides_a_parameter(notebook):
    (parameters,), (setup,) = tagged(notebook, "parameters"), tagged(notebook, "setup")
    names = {node.target.id for node in ast.parse("".join(parameters["source"])).body}
    imports = [n for n in ast.walk(ast.parse("".join(setup["source"]))) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert not names & {alias.asname or alias.name for node in imports for alias in node.names}


def test_no_number_is_typed_where_it_could_be_computed(notebook):
    """Results come from rows: no code cell after the parameters holds a number other than a position."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", ()):
            numbers = [n.value for n in ast.walk(ast.parse("".join(cell["source"]))) if isinstance(n, ast.Constant)]
            assert not [n for n in numbers if isinstance(n, int | float) and not isinstance(n, bool)], cell["id"]


def test_the_notebook_for_exploring_is_committed_clean_and_takes_every_parameter():
    document = json.loads(EXPLORE.read_text(encoding="utf-8"))
    test_committed_without_outputs(document)
    test_nothing_is_defined_or_imported_outside_the_set_up(document)
    test_parameters_are_typed_explained_and_those_of_the_published_scenario(document)
    test_code_fits_the_page(document)
