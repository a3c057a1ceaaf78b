"""The software bill of materials of a book: every package that the lock file pins, after CycloneDX 1.6."""

from __future__ import annotations

import json

from helpers.cli.pins import Pin, read_pins


def bill_of_materials(lock: str) -> str:
    """CycloneDX JSON of a requirements file: name, version and package URL, digests of the files, and for whom.

    >>> found = json.loads(bill_of_materials("six==1.17.0 --hash=sha256:" + "0" * 64))
    >>> found["components"][0]["purl"], found["specVersion"]
    ('pkg:pypi/six@1.17.0', '1.6')
    """
    known = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}
    components = [_component(pin) for pin in read_pins(lock)]
    return json.dumps({**known, "components": components}, indent=1) + "\n"


def _component(pin: Pin) -> dict:
    address = f"pkg:pypi/{pin.name}@{pin.version}"
    hashes = [{"alg": "SHA-256", "content": one.removeprefix("sha256:")} for one in sorted(pin.hashes)]
    files = [{"type": "distribution", "url": f"https://pypi.org/simple/{pin.name}/", "hashes": hashes}]
    marker = {"properties": [{"name": "python:marker", "value": pin.marker}]} if pin.marker else {}
    said = {"type": "library", "bom-ref": address, "name": pin.name, "version": pin.version, "purl": address}
    return said | {"externalReferences": files} | marker
