"""The bill of materials meets CycloneDX's own schema and has every pin of the lock."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

from helpers.cli.crate.sbom import bill_of_materials
from helpers.cli.pins import read_pins

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def lock():
    return (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def schema():
    """CycloneDX 1.6 with the schemas that it refers to, as OWASP's package brings them."""
    folder = resources.files("cyclonedx.schema") / "_res"
    read = {name: json.loads((folder / f"{name}.SNAPSHOT.schema.json").read_text(encoding="utf-8"))
            for name in ("bom-1.6", "spdx", "jsf-0.82")}  # fmt: skip
    known = Registry().with_resources([(one["$id"], Resource.from_contents(one)) for one in read.values()])
    return jsonschema.Draft7Validator(read["bom-1.6"], registry=known)


def test_it_meets_the_schema_which_refuses_what_is_wrong(lock, schema):
    found = json.loads(bill_of_materials(lock))
    assert list(schema.iter_errors(found)) == []
    found["components"][0]["type"] = "thing"
    assert list(schema.iter_errors(found)) != []


def test_every_pin_is_in_it_once_with_the_digests_of_its_files(lock):
    components = json.loads(bill_of_materials(lock))["components"]
    pins = read_pins(lock)
    assert {(one["name"], one["version"]) for one in components} == {(pin.name, pin.version) for pin in pins}
    assert len({one["bom-ref"] for one in components}) == len(components) == len(pins) > 100
    for one, pin in zip(components, pins, strict=True):
        hashes = {f"sha256:{h['content']}" for h in one["externalReferences"][0]["hashes"]}
        assert hashes == pin.hashes
