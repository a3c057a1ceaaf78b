"""A build as JSON-LD after the Provenance Run Crate profile 0.5 (https://w3id.org/ro/wfrun/provenance/0.5)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from helpers.cli.crate.build import CODE, SBOM, Build, Data, Step
from helpers.cli.crate.commit import Commit
from helpers.cli.environment import SOURCE_DATE_EPOCH

PROFILES = {
    "Process Run Crate": "https://w3id.org/ro/wfrun/process/0.5",
    "Workflow Run Crate": "https://w3id.org/ro/wfrun/workflow/0.5",
    "Provenance Run Crate": "https://w3id.org/ro/wfrun/provenance/0.5",
    "Workflow RO-Crate": "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
}
TERMS = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
LICENSE = "https://spdx.org/licenses/BSD-3-Clause"
KINDS = {f"{CODE}/Snakefile": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"]}
ENDINGS = {".csv": "text/csv", ".ipynb": "application/x-ipynb+json", ".svg": "image/svg+xml", ".png": "image/png",
           ".pdf": "application/pdf", ".json": "application/json", ".yaml": "application/yaml", ".parquet":
           "application/vnd.apache.parquet",
           ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}  # fmt: skip


def describe(build: Build, commit: Commit, versions: dict[str, str], repository: str) -> str:
    """``ro-crate-metadata.json`` of a book.

    Times are left out, so that the same build has the same bytes; the profile recommends them and does not ask for
    them.

    Parameters
    ----------
    build : Build
    commit : Commit
    versions : dict of str to str
        Of the programs that ran: ``python``, ``snakemake``.
    repository : str
        Address of the source.
    """
    crate = ROCrate(version="1.1")
    crate.metadata.extra_terms = TERMS
    crate.metadata["conformsTo"] = [
        {"@id": "https://w3id.org/ro/crate/1.1"}, {"@id": PROFILES["Workflow RO-Crate"]}]  # fmt: skip
    root = crate.root_dataset
    root["name"] = f"{build.title}: book of the scenario {build.scenario}"
    root["description"] = (
        f"Executed notebooks, results, figures and tables, and the book made of them. {_sentence(commit.in_words())} "
        "Times are left out, so that the same build has the same bytes."
    )
    root["datePublished"] = commit.date or _day()
    root["license"] = _add(crate, LICENSE, "CreativeWork", name="BSD 3-Clause License")
    root["conformsTo"] = [_add(crate, url, "CreativeWork", name=name, version=url.rpartition("/")[2])
                          for name, url in PROFILES.items()]  # fmt: skip
    files = _files(crate, build)
    engine = _software(crate, "snakemake", "Snakemake", versions["snakemake"], "https://snakemake.github.io")
    language = _add(crate, "#snakemake-language", "ComputerLanguage", name="Snakemake",
                    url="https://snakemake.github.io", identifier="https://snakemake.github.io")  # fmt: skip
    python = _software(crate, "python", "Python", versions["python"], "https://www.python.org")
    workflow, formal = _workflow(crate, build, language, repository, commit)
    values = _values(crate, build, formal)
    whole = _action(crate, "#run", f"Book of {build.title}", workflow, [*_read(files, build), *values],
                    [files[one.identifier] for step in build.steps for one in step.left])  # fmt: skip
    controls = [_run_step(crate, place, step, files, values, workflow) for place, step in enumerate(build.steps, 1)]
    organised = _add(crate, "#organize", "OrganizeAction", name=f"Snakemake {versions['snakemake']}",
                     instrument=engine, object=controls, result=whole)  # fmt: skip
    workflow["softwareRequirements"] = [python, files[f"{CODE}/requirements.lock"], files[f"{CODE}/{SBOM}"]]
    root["mainEntity"] = workflow
    root["mentions"] = [whole, organised]
    return json.dumps(crate.metadata.generate(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _day() -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(int(SOURCE_DATE_EPOCH), UTC).date().isoformat()


def _add(crate: ROCrate, identifier: str, kind: str | list[str], /, **properties: Any) -> ContextEntity:
    return crate.add(ContextEntity(crate, identifier, properties={"@type": kind, **properties}))


def _software(crate: ROCrate, name: str, title: str, version: str, url: str) -> ContextEntity:
    return _add(crate, f"#{name}", "SoftwareApplication", name=title, softwareVersion=version, url=url)


def _files(crate: ROCrate, build: Build) -> dict[str, Any]:
    """An entity for each file, by its identifier."""
    known: dict[str, Data] = {}
    for one in (*build.code, *(d for step in build.steps for d in (*step.read, *step.left))):
        known.setdefault(one.identifier, one)
    return {name: _file(crate, one) for name, one in sorted(known.items())}


def _file(crate: ROCrate, one: Data) -> Any:
    ending = "." + one.name.rpartition(".")[2]
    facts = {"name": one.name, "contentSize": str(one.size), "sha256": one.digest}
    facts["encodingFormat"] = ENDINGS.get(ending, "text/plain")
    if one.inside in KINDS or one.inside.startswith(f"{CODE}/notebooks/"):
        facts |= {"@type": KINDS.get(one.inside, ["File", "SoftwareSourceCode"])}
    if one.inside:
        return crate.add_file(dest_path=one.inside, properties=facts)
    found = crate.add(ContextEntity(crate, one.identifier, properties={"@type": "File", **facts}))
    crate.root_dataset.append_to("hasPart", found)  # as a file elsewhere: it is not copied into the crate
    return found


def _workflow(crate: ROCrate, build: Build, language: Any, repository: str, commit: Commit) -> tuple[Any, dict]:
    """The Snakefile, its steps and notebooks, and its formal parameters by name."""
    workflow = crate.get(f"{CODE}/Snakefile")
    workflow["name"] = "From notebooks to book"
    workflow["programmingLanguage"] = language
    workflow["codeRepository"] = repository
    if commit.name:
        workflow["version"] = commit.name
    formal = {
        name: _add(crate, f"#parameter/{name}", "FormalParameter", name=name, additionalType=_kind(value),
                   conformsTo={"@id": "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"})
        for name, value in build.parameters.items()
    }  # fmt: skip
    workflow["input"] = list(formal.values())
    steps, tools = [], []
    for place, step in enumerate(build.steps, 1):
        tool = crate.get(f"{CODE}/notebooks/{step.notebook}.ipynb")
        tool["description"] = step.title
        tools.append(tool)
        steps.append(_add(crate, f"#step/{step.notebook}", "HowToStep", name=step.title, position=str(place),
                          workExample=tool))  # fmt: skip
    workflow["hasPart"], workflow["step"] = tools, steps
    return workflow, formal


def _kind(value: Any) -> str:
    return {bool: "Boolean", int: "Integer", float: "Float"}.get(type(value), "Text")


def _values(crate: ROCrate, build: Build, formal: dict) -> list[Any]:
    found = []
    for name, value in build.parameters.items():
        text = "none" if value is None else str(value)
        made = _add(crate, f"#value/{name}", "PropertyValue", name=name, value=text, exampleOfWork=formal[name])
        found.append(made)
    return found


def _read(files: dict[str, Any], build: Build) -> list[Any]:
    """What the whole run read: what no notebook left."""
    left = {one.identifier for step in build.steps for one in step.left}
    names = dict.fromkeys(one.identifier for step in build.steps for one in step.read if one.identifier not in left)
    return [files[name] for name in names]


def _run_step(crate: ROCrate, place: int, step: Step, files: dict, values: list, workflow: Any) -> Any:
    tool = crate.get(f"{CODE}/notebooks/{step.notebook}.ipynb")
    read, left = ([files[one.identifier] for one in several] for several in (step.read, step.left))
    action = _action(crate, f"#run/{step.notebook}", step.title, tool, [*read, *values], left)
    return _add(crate, f"#control/{step.notebook}", "ControlAction", name=f"{place}. {step.notebook}",
                instrument=crate.get(f"#step/{step.notebook}"), object=action)  # fmt: skip


def _action(crate: ROCrate, name: str, title: str, instrument: Any, read: Iterable, left: Iterable) -> Any:
    said = {"name": title, "actionStatus": "http://schema.org/CompletedActionStatus"}
    return crate.add_action(instrument, identifier=name, object=list(read), result=list(left), properties=said)
