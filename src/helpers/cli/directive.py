"""The book's directive ``{results-table}``: a numbered, captioned table whose rows great_tables has set.

Sphinx numbers a table, lists it and leads ``{numref}`` to it by its node and its title; what stands under the title may
be any HTML. The rows are taken as they are, so that headings over several columns and groups of rows are the same in
the book as in its notebooks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class ResultsTable(SphinxDirective):
    """``{results-table} Caption`` with ``:file:``, the rows as HTML, ``:name:`` and ``:class:``."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {
        "file": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        """The table, and what the caption's Markdown was warned of."""
        relative, path = self.env.relfn2path(self.options["file"])
        self.env.note_dependency(relative)
        words, messages = self.state.inline_text(self.arguments[0], self.lineno)
        rows = nodes.raw("", Path(path).read_text(encoding="utf-8"), format="html")
        caption = nodes.title(self.arguments[0], "", *words)
        table = nodes.table("", caption, rows, classes=self.options.get("class", []))
        self.set_source_info(table)
        self.add_name(table)
        return [table, *messages]


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx calls this for an extension."""
    app.add_directive("results-table", ResultsTable)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
