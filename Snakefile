# From notebooks to book, for one study under one scenario. `make book` runs this; by hand, from the checkout:
#   .venv/bin/snakemake --cores 2 --config study=data/synthetic scenario=published
# One rule a notebook; src/helpers/cli/layout.py lists the notebooks and what each reads of the others.

import sys
from pathlib import Path

from helpers.cli import layout
from helpers.cli.limits import LIMIT
from helpers.cli.lost import MARKER

# With a threshold, the run is under disclosure control (`make share`).
CHOSEN = config.get("study", "data/synthetic"), config.get("scenario", "published")
HERE = layout.place(*CHOSEN, Path.cwd(), int(config.get("threshold", 0)))
SELECTED = {"python": sys.executable, "study": HERE.study, "scenario": HERE.scenario, "threshold": HERE.threshold}
OPTIONS = "--study {params.study:q} --scenario {params.scenario:q} --threshold {params.threshold}"

# Every chapter depends on these: the data, the published claims, the choices, the code, the installed versions.
COMMON = [
    *HERE.study_files(),
    *HERE.ledger_files(),
    HERE.scenario_file(),
    *HERE.control_files(),
    layout.write_digests(HERE),
    *layout.package_files(HERE.root),
    "requirements.lock",
]


rule all:
    input:
        f"{HERE.folder}/{MARKER}",
        [layout.outputs(HERE, name) for name in layout.NOTEBOOKS],
    default_target: True


for name in layout.NOTEBOOKS:

    rule:
        name:
            f"notebook_{name}"
        input:
            notebook=f"notebooks/{name}.ipynb",
            upstream=layout.upstream_outputs(HERE, name),
            further=layout.further_inputs(HERE, name),
            common=COMMON,
        output:
            layout.outputs(HERE, name),
        priority: len(layout.STARTED_FIRST) - layout.STARTED_FIRST.index(name)
        params:
            **SELECTED,
            limit=int(config.get("limit", LIMIT)),
        shell:
            "{params.python:q} -m helpers.cli run {input.notebook:q} --output {output[0]:q} --limit {params.limit} " + OPTIONS


rule agreement:
    input:
        layout.model_files(HERE.root),
        "requirements.lock",
    output:
        layout.AGREEMENT,
    priority: len(layout.STARTED_FIRST) - layout.STARTED_FIRST.index("agreement")
    params:
        **SELECTED,
    shell:
        "{params.python:q} tests/oracles/agreement.py --output {output:q}"


rule book:
    input:
        executed=[layout.outputs(HERE, name) for name in layout.NOTEBOOKS],
        agreement=layout.AGREEMENT,
        pages=layout.book_files(HERE.root),
        common=COMMON,
    output:
        f"{HERE.folder}/{MARKER}",
    params:
        **SELECTED,
    shell:
        "{params.python:q} -m helpers.cli compile " + OPTIONS
