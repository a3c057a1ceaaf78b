"""The book's source: its own pages, the executed notebooks as chapters, the generated pages, and the values."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from helpers.cli.downloads import PICTURES
from helpers.cli.errors import RunError
from helpers.cli.facts import build_facts, repository_url
from helpers.cli.layout import AGREEMENT, CHANGES, CITATION, NOTEBOOKS, VERDICTS, Place, write_text
from helpers.cli.paste import paste_section
from helpers.cli.provenance.write import write_provenance, written_by
from helpers.cli.tables import harmless_table, page_listing, spreadsheet
from helpers.cli.transform import Exhibit, chapter, exhibits

# Copied into the book as it is (html_extra_path): the results tables, so that a page can lead to the row it names, and
# the figures' files, which the lines under the figures lead to.
PUBLISHED = "published"
# Written by `make faults`.
FAULTS = "book/faults.csv"


def assemble(where: Place) -> Path:
    """Write the source of the book of a run, afresh, and return its folder."""
    source = where.path("book-src")
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(where.root / "book", source)
    shown = [exhibit for name in NOTEBOOKS for exhibit in _add_chapter(where, name, source)]
    _copy_exhibits(where, shown, source)
    for name in NOTEBOOKS:
        # The copy to take away; the rows that notebooks and ledger read back are not changed.
        rows = where.path("results", f"{name}.csv").read_text(encoding="utf-8")
        write_text(source / PUBLISHED / "results" / f"{name}.csv", harmless_table(rows))
    repository = repository_url(where.root)
    values = {**_generated_pages(where, source, repository), **lists(shown)}
    write_text(where.path("values.json"), json.dumps(values, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    _configure(source / "_config.yml", values, repository)
    return source


def lists(shown: Iterable[Exhibit]) -> dict[str, str]:
    """Markdown lists of the figures and of the tables, each entry a numbered link and a title."""
    lines: dict[str, list[str]] = {"figure": [], "table": []}
    for exhibit in shown:
        if exhibit.kind == "listing":  # not numbered
            lines["table"].append(f"- {{ref}}`{exhibit.title} <{exhibit.name}>`")
        else:
            lines[exhibit.kind].append(f"- {{numref}}`{exhibit.name}` {exhibit.title}")
    return {f"list_of_{kind}s": "\n".join(found) or "None." for kind, found in lines.items()}


def _add_chapter(where: Place, name: str, source: Path) -> list[Exhibit]:
    executed = _executed(where, name)
    try:
        made = chapter(executed, name)
    except ValueError as error:
        raise RunError(f"{name}: {error}") from None
    write_text(source / "notebooks" / f"{name}.ipynb", json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    return exhibits(executed)


def _copy_exhibits(where: Place, shown: Iterable[Exhibit], source: Path) -> None:
    for exhibit in shown:
        if exhibit.kind == "figure":
            target = source / exhibit.file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_saved(where, exhibit, exhibit.file), target)
            _publish_figure(where, exhibit, source / PUBLISHED)
            continue
        rows, cells = (f"tables/{exhibit.name}.{ending}" for ending in ("html", "csv"))
        write_text(source / rows, page_listing(_saved(where, exhibit, rows).read_text(encoding="utf-8")))
        write_text(source / PUBLISHED / cells, spreadsheet(_saved(where, exhibit, cells).read_text(encoding="utf-8")))


def _saved(where: Place, exhibit: Exhibit, file: str) -> Path:
    """The file of an exhibit that its notebook saved."""
    path = where.path(file)
    if not path.is_file():
        raise RunError(f"{exhibit.name}: {where.folder}/{file} is gone; remove {where.folder} and run again")
    return path


def _publish_figure(where: Place, exhibit: Exhibit, published: Path) -> None:
    for ending in PICTURES.values():
        name = Path(exhibit.file).with_suffix(ending).as_posix()
        (published / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_saved(where, exhibit, name), published / name)


def _generated_pages(where: Place, source: Path, repository: str) -> dict[str, str]:
    """Write the pages made from what ran; return the values for sentences."""
    import pandas as pd

    from helpers.analysis.disclosure import read_control
    from helpers.analysis.results import read_results
    from helpers.analysis.scenarios import load_scenario
    from helpers.report import pages
    from helpers.report.values import book_values
    from helpers.study.check import check_study

    checked = check_study(where.root / where.study, name=where.study)
    study = checked.refuse_errors()
    results = {name: read_results(where.path("results", f"{name}.csv")) for name in NOTEBOOKS}
    rows = pd.concat(results.values(), ignore_index=True)
    control, settings = read_control(where.path()), load_scenario(where.scenario)
    if control is not None:
        _add_withheld(where, study, source, control)
    _write_verdicts(where, study, rows)
    compared = pd.read_csv(where.root / AGREEMENT, keep_default_na=False)
    citation = yaml.safe_load((where.root / CITATION).read_text(encoding="utf-8"))
    made = {
        "data": (pages.data_page, (study, checked.findings, control)),
        "methods": (pages.methods_page, (study, settings, rows)),
        "conventions": (pages.conventions_page, (study, settings, rows)),
        "missing": (pages.missing_page, (study, settings, rows)),
        "agreement": (pages.agreement_page, (compared,)),
        "trust": (pages.trust_page, (_faults(where),)),
        "citing": (pages.citing_page, (citation, (where.root / CHANGES).read_text(encoding="utf-8"))),
    }
    for name, (write, given) in made.items():
        text = write(*given)
        if name == "methods":
            text += "\n" + paste_section(text, source / "references.bib", study.descriptor.notice)
        write_text(source / f"{name}.md", f"{text}\n{written_by(write)}")
    notebooks = {name: _executed(where, name) for name in NOTEBOOKS}
    front = write_provenance(source, notebooks, results, book_values(study, settings, rows),
                             {name: write for name, (write, _) in made.items()})  # fmt: skip
    return {**build_facts(where, study, repository), **front}


def _faults(where: Place):
    """The faults that the tests provoke, as they found them; none where nobody has run them."""
    import pandas as pd

    path = where.root / FAULTS
    return pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else None


def _add_withheld(where: Place, study, source: Path, control) -> None:
    """The page on what was withheld, and its table for download."""
    from helpers.report.pages import withheld_page
    from helpers.report.pages.withheld import withheld_table

    shown = [exhibit.name for name in NOTEBOOKS for exhibit in exhibits(_executed(where, name))]
    table = withheld_table(control, shown)
    write_text(source / PUBLISHED / "withheld.csv", harmless_table(table.to_csv(index=False, lineterminator="\n")))
    write_text(source / "withheld.md", withheld_page(study, control, table))
    contents = yaml.safe_load((source / "_toc.yml").read_text(encoding="utf-8"))
    contents["parts"][-1]["chapters"].insert(0, {"file": "withheld"})
    write_text(source / "_toc.yml", yaml.safe_dump(contents, sort_keys=False))


def _executed(where: Place, name: str) -> dict[str, Any]:
    return json.loads(where.path("notebooks", f"{name}.ipynb").read_text(encoding="utf-8"))


def _write_verdicts(where: Place, study, rows) -> None:
    """The counts of the ledger's checks, which a build ends with; nothing for a study without a ledger."""
    if not study.descriptor.claims:
        return
    from helpers.claims import judge, load_ledger
    from helpers.report.tables.claims import counts_table

    verdicts = judge(load_ledger(study.descriptor.claims), rows, study.descriptor.data_source == "synthetic")
    write_text(where.path(VERDICTS), counts_table(verdicts) + "\n")


def _configure(path: Path, substitutions: dict[str, str], repository: str) -> None:
    config: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    sphinx = config["sphinx"]["config"]
    sphinx["html_theme_options"]["repository_url"] = repository
    sphinx["myst_substitutions"] = substitutions
    write_text(path, yaml.safe_dump(config, allow_unicode=True, sort_keys=False, width=1000))
