"""Data flow one way: a room of the package imports only from rooms before it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "helpers"
ROOMS = ("study", "models", "analysis", "claims", "report", "cli")
FILES = sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Absolute names of the package's modules that a file imports, wherever in the file."""
    found, here = set(), ("helpers", *path.relative_to(PACKAGE).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = here[: len(here) - node.level] if node.level else ()
            base = ".".join([*start, *([node.module] if node.module else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.startswith("helpers.")}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_one_way(path):
    room = path.relative_to(PACKAGE).parts[0]
    later = ROOMS[ROOMS.index(room) + 1 :]
    wrong = sorted(name for name in imported(path) if name.split(".")[1] in later)
    assert not wrong, f"{path.relative_to(PACKAGE)} in room {room} imports from later rooms: {', '.join(wrong)}"


def test_every_module_has_a_room():
    loose = [path.name for path in PACKAGE.glob("*.py") if path.name != "__init__.py"]
    assert not loose
    assert {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()} == set(ROOMS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_star_import_and_no_bare_except(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.ImportFrom) and node.names[0].name == "*"), f"{path}: star import"
        assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"{path}: bare except"


def test_models_read_no_file_and_draw_nothing():
    banned = {"matplotlib", "seaborn", "pathlib", "os", "io", "csv", "json"}
    for path in (PACKAGE / "models").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        plain = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
        plain += [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and not n.level]
        names = {name.split(".")[0] for name in plain}
        assert not names & banned, f"{path.name} imports {names & banned}"
