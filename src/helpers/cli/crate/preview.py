"""The page of a crate for people: what each notebook read and left, each file with an anchor of its own."""

from __future__ import annotations

from jinja2 import Environment

from helpers.cli.crate.build import CODE, SBOM, Build
from helpers.cli.crate.commit import Commit
from helpers.cli.downloads import anchor

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What was run on what: {{ build.title }}</title>
<style>
:root {color-scheme: light dark}
body {font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem}
.frame {overflow-x: auto}
table {border-collapse: collapse; width: 100%; font-size: 0.9rem; margin: 0.5rem 0 1.5rem}
caption {text-align: left; font-weight: 600; padding: 0.25rem 0}
th, td {text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid #888}
td.number {text-align: right; white-space: nowrap}
td code {overflow-wrap: anywhere}
tr:target {outline: 2px solid}
</style>
</head>
<body>
<main>
<h1>What was run on what</h1>
<p>{{ build.title }}, scenario {{ build.scenario }}: {{ commit.in_words() }}. Python {{ versions.python }}, Snakemake
{{ versions.snakemake }}; all versions: <a href="{{ code }}/requirements.lock">requirements.lock</a>,
<a href="{{ code }}/{{ sbom }}">{{ sbom }}</a> (CycloneDX). For programs:
<a href="ro-crate-metadata.json">ro-crate-metadata.json</a> (RO-Crate 1.1, Provenance Run Crate 0.5).
<a href="index.html">Back to the book</a></p>
<h2>Parameters</h2>
<div class="frame" role="region" aria-label="Parameters" tabindex="0"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Value</th></tr></thead>
<tbody>{% for name, value in build.parameters.items() %}
<tr><td>{{ name }}</td><td>{{ "none" if value is none else value }}</td></tr>{% endfor %}
</tbody></table></div>
{% for step in build.steps %}
<h2 id="{{ step.notebook }}">{{ step.title }}</h2>
<p>Notebook: <a href="{{ code }}/notebooks/{{ step.notebook }}.ipynb">{{ step.notebook }}.ipynb</a></p>
{% for what, files, anchors in (("It left", step.left, true), ("It read", step.read, false)) %}
<div class="frame" role="region" aria-label="{{ what }}: {{ step.title }}" tabindex="0"><table>
<caption>{{ what }}</caption>
<thead><tr><th scope="col">File</th><th scope="col">Bytes</th><th scope="col">SHA-256</th></tr></thead>
<tbody>{% for file in files %}
<tr{% if anchors %} id="{{ anchor(file.name) }}"{% endif %}>
<td>{% if file.inside %}<a href="{{ file.inside }}">{{ file.name }}</a>{% else %}{{ file.name }}{% endif %}</td>
<td class="number">{{ "{:,}".format(file.size) }}</td>
<td><code>{{ file.digest }}</code></td></tr>{% endfor %}
</tbody></table></div>
{% endfor %}{% endfor %}
</main>
</body>
</html>
"""


def preview(build: Build, commit: Commit, versions: dict[str, str]) -> str:
    """The page, as HTML; everything from outside is text."""
    template = Environment(autoescape=True).from_string(PAGE)
    return template.render(build=build, commit=commit, versions=versions, anchor=anchor, code=CODE, sbom=SBOM)
