"""What the check of a study found, for people: lines for a terminal, a page that stands alone, a table for the book."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence

from helpers.report.markdown import paragraphs, small_table
from helpers.study.check import Checked
from helpers.study.finding import ERROR, Finding

MOST = 30  # findings of a kind in a terminal; the page holds all
HEADS = ("Rule", "File", "Column", "Rows", "Participants", "Visit and group", "What", "Expected", "What to do")
STYLE = """\
:root {color-scheme: light dark}
body {font: 1rem/1.5 system-ui, sans-serif; max-width: 90rem; margin: 2rem auto; padding: 0 1rem}
.frame {overflow-x: auto}
table {border-collapse: collapse; width: 100%; font-size: 0.9rem; margin: 0.5rem 0 2rem}
caption {text-align: left; padding: 0.25rem 0}
th, td {text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border-bottom: 1px solid #888}
td {overflow-wrap: anywhere}
td:first-child, td:nth-child(2), td:nth-child(3) {overflow-wrap: normal}
h2.error::before {content: "\\2715\\a0"}
h2.warning::before {content: "\\26a0\\a0"}"""
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def counted(number: int, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "error"), counted(0, "warning")
    ('1 error', 'no warnings')
    """
    return f"{number or 'no'} {noun}{'s' * (number != 1)}"


def summary(checked: Checked) -> str:
    """The check as lines for a terminal: counts, errors, warnings, each with what to do."""
    rows = ", ".join(f"{file} {count} rows" for file, count in checked.rows.items())
    head = f"{checked.where}: {counted(len(checked.errors), 'error')}, {counted(len(checked.warnings), 'warning')}"
    lines = [head + (f" ({rows})" if rows else "")]
    lines += _block("Errors: nothing runs until they are mended.", checked.errors)
    lines += _block("Warnings: the analysis goes on, and the book shows them.", checked.warnings)
    return "\n".join(lines)


def _block(title: str, findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield title
    for finding in findings[:MOST]:
        yield f"  - {finding.sentence}" + (f"\n    {finding.advice}" if finding.advice else "")
    if len(findings) > MOST:
        yield f"  - and {len(findings) - MOST} more, which the page lists"


def check_page(checked: Checked) -> str:
    """The check as a page of HTML that needs nothing beside it; every text is escaped."""
    counts = f"{counted(len(checked.errors), 'error')}, {counted(len(checked.warnings), 'warning')}."
    tables = "".join(f"<li>{_text(file)}: {count} rows</li>" for file, count in checked.rows.items())
    parts = [
        f"<p><strong>{counts[0].upper()}{counts[1:]}</strong> Errors stop a build; warnings are shown in the book. "
        "What a cell holds is not repeated, except identifiers, visits and groups; row 1 is the heading.</p>",
        f"<ul>{tables}</ul>" if tables else "<p>No table was read.</p>",
        _section("Errors", "error", checked.errors),
        _section("Warnings", "warning", checked.warnings),
    ]
    return PAGE.format(title=_text(f"Check of {checked.where}"), style=STYLE, body="\n".join(filter(None, parts)))


def _section(title: str, kind: str, findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    rows = "\n".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells(item))}</tr>" for item in findings)
    return (
        f'<h2 class="{kind}" id="{kind}s">{title} ({len(findings)})</h2>\n<div class="frame" role="region" '
        f'aria-labelledby="{kind}s" tabindex="0">\n<table>\n<caption>{title}, one a line</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
    )


def cells(finding: Finding) -> list[str]:
    """A finding's cells under ``HEADS``."""
    people = list(dict.fromkeys(who for who in finding.participants if who))
    return [
        finding.rule,
        finding.file,
        finding.column,
        _some(finding.rows, finding.count),
        _some(people, finding.count if not finding.rows else len(people)),
        ", ".join(part for part in (finding.visit, finding.group) if part),
        finding.what,
        finding.expected,
        finding.advice,
    ]


def _some(named: Iterable, count: int) -> str:
    listed = [str(item) for item in named]
    more = f" and {count - len(listed)} more" if listed and count > len(listed) else ""
    return ", ".join(listed) + more


def check_section(findings: Sequence[Finding] | None) -> str:
    """The section of the book's page on the data: the warnings, or that there are none (Markdown).

    Nothing when the study was not checked. Participants stay in the build folder's page: a book may travel.
    """
    if findings is None:
        return ""
    warnings = [finding for finding in findings if finding.severity != ERROR]
    title = "## What the check of the data found"
    about = (
        "Before anything runs, the tables are checked: types, ranges, keys and links, visits and baselines, pairs "
        "of values that cannot be, units, codes for missing values, and the groups' sizes."
    )
    if not warnings:
        return paragraphs(title, f"{about} It found nothing to object to.").rstrip()
    rows = [_warning_cells(finding) for finding in warnings]
    said = f"{about} It found no error and {counted(len(warnings), 'warning')}; `make check` names the participants."
    heads = ["Where", "What", "Rows or participants", "What to do"]
    return paragraphs(title, said, small_table(heads, rows)).rstrip()


def _warning_cells(finding: Finding) -> list[str]:
    place = [finding.file, finding.column, finding.visit, finding.group]
    said = finding.what[:1].upper() + finding.said[1:]
    return [", ".join(part for part in place if part), said, str(finding.count), finding.advice or "–"]


def _text(text: str) -> str:
    return html.escape(str(text))
