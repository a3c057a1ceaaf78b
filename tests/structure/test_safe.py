"""The package runs nothing that it reads: no eval, no pickle, no shell, YAML by its safe reader, kernels at home."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "helpers"
FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = {"eval", "exec", "compile", "__import__"}
MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "code", "codeop"}
# Attributes of whatever object: pandas' and formulaic's own evaluation, numpy's and pandas' pickles.
ATTRIBUTES = {"eval", "query", "read_pickle", "to_pickle", "unsafe_load", "full_load", "load_all", "literal_eval"}
YAML = {
    "safe_load", "safe_dump", "SafeLoader", "CSafeLoader", "YAMLError", "parse", "AliasEvent", "Node", "MappingNode",
    "SequenceNode",
}  # fmt: skip
# File and what it holds, with the reason.
JUSTIFIED = {
    # The loader named there is the safe one, which a test below holds it to.
    ("study/yaml_text.py", "yaml.load"),
}


def found_in(text: str) -> set[str]:
    """What a module has of the above.

    >>> sorted(found_in("import pickle\\neval('1')\\nyaml.load(x)\\nsubprocess.run(x, shell=True)"))
    ['eval', 'import pickle', 'shell', 'yaml.load']
    """
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {f"import {alias.name}" for alias in node.names if alias.name.split(".")[0] in MODULES}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            module = (node.module or "").split(".")[0]
            found |= {f"import {node.module}"} if module in MODULES else set()
            found |= {f"from yaml import {alias.name}" for alias in node.names if module == "yaml"}
        elif isinstance(node, ast.Attribute):
            found |= _attribute(node)
        elif isinstance(node, ast.Name) and node.id in NAMES:
            found.add(node.id)
        elif isinstance(node, ast.keyword):
            asked = isinstance(node.value, ast.Constant) and node.value.value is True
            found |= {node.arg} if node.arg in ("shell", "allow_pickle") and asked else set()
    return found


def _attribute(node: ast.Attribute) -> set[str]:
    owner = node.value.id if isinstance(node.value, ast.Name) else ""
    if owner == "os" and node.attr in ("system", "popen"):
        return {f"os.{node.attr}"}
    if owner == "yaml" and node.attr not in YAML:
        return {f"yaml.{node.attr}"}
    return {node.attr} if node.attr in ATTRIBUTES else set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_runs_what_it_reads(path):
    name = path.relative_to(PACKAGE).as_posix()
    found = {(name, what) for what in found_in(path.read_text(encoding="utf-8"))}
    assert not found - JUSTIFIED


def test_every_exception_is_still_one():
    assert all(what in found_in((PACKAGE / name).read_text(encoding="utf-8")) for name, what in JUSTIFIED)


@pytest.mark.parametrize(
    "text",
    [
        "eval(x)", "exec(x)", "frame.eval(x)", "frame.query(x)", "import pickle", "from pickle import loads",
        "pandas.read_pickle(x)", "numpy.load(x, allow_pickle=True)", "yaml.load(x, yaml.Loader)", "yaml.unsafe_load(x)",
        "from yaml import load", "subprocess.run(x, shell=True)", "os.system(x)", "__import__(x)",
    ],
)  # fmt: skip
def test_what_would_run_is_seen(text):
    assert found_in(text)


def test_the_yaml_reader_is_the_safe_one():
    import yaml

    from helpers.study.intake.yaml_lines import _Loader
    from helpers.study.yaml_text import LOADER

    for loader in (LOADER, _Loader):
        assert issubclass(loader, yaml.constructor.SafeConstructor)
        assert not issubclass(loader, yaml.constructor.UnsafeConstructor | yaml.constructor.FullConstructor)
