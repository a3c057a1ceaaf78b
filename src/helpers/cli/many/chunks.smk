# One job a chunk of a grid, for `make multiverse`. Snakemake decides where the jobs run: here, or on a
# cluster through the plugin that a profile names (folder profiles/ beside this file).
import json
import sys
from pathlib import Path

FOLDER = config["folder"]
CHUNKS = json.loads(Path(FOLDER, "chunks.json").read_text())


rule all:
    input:
        expand(FOLDER + "/parts/{chunk}.parquet", chunk=CHUNKS),


rule chunk:
    input:
        FOLDER + "/todo/{chunk}.json",
    output:
        FOLDER + "/parts/{chunk}.parquet",
    params:
        python=sys.executable,
        folder=FOLDER,
    # A job that is killed with its machine is given again.
    retries: 2
    threads: 1
    resources:
        mem_mb=1500,
        runtime=30,
    shell:
        "{params.python:q} -m helpers.cli chunk {wildcards.chunk} --folder {params.folder:q}"
