"""Read a hashed requirements file: one package, version, marker and set of hashes at a time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from packaging.utils import canonicalize_name

PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)(?:\s*;\s*(.+?))?$")
HASH = re.compile(r"^--hash=(sha256:[0-9a-f]{64})$")


@dataclass(frozen=True)
class Pin:
    """One package at one version; ``marker`` says on which machines, ``hashes`` which files may be installed."""

    name: str
    version: str
    marker: str
    hashes: frozenset[str]


def _logical_lines(text: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", " ", text)
    return [line.strip() for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def read_pins(text: str) -> tuple[Pin, ...]:
    """The pins of a requirements file, in order; lines that are none are left to :func:`problems_of_pins`.

    >>> pin, = read_pins("six==1.17.0 ; os_name == 'nt' \\\\\\n    --hash=sha256:" + "0" * 64)
    >>> pin.name, pin.version, pin.marker, len(pin.hashes)
    ('six', '1.17.0', "os_name == 'nt'", 1)
    """
    pins = []
    for line in _logical_lines(text):
        head, *options = re.split(r"\s+(?=--)", line)
        if match := PIN.match(head):
            hashes = frozenset(m[1] for option in options if (m := HASH.match(option)))
            pins.append(Pin(canonicalize_name(match[1]), match[2], match[3] or "", hashes))
    return tuple(pins)


def problems_of_pins(text: str, pins: Iterable[Pin]) -> Iterator[str]:
    """Lines that pin nothing, addresses, and pins without a hash.

    >>> list(problems_of_pins("--index-url https://example.org/simple", []))
    ['an address or option: --index-url https://example.org/simple']
    """
    for line in _logical_lines(text):
        if line.startswith("-") or "://" in line or " @ " in line:
            yield f"an address or option: {line}"
        elif not PIN.match(re.split(r"\s+(?=--)", line)[0]):
            yield f"not pinned to a version: {line}"
    yield from (f"{pin.name} {pin.version} has no hash" for pin in pins if not pin.hashes)


def same_as_lock(part: Iterable[Pin], lock: Iterable[Pin]) -> Iterator[str]:
    """Pins of ``part`` that ``lock`` does not have at that version with those hashes, and versions left out."""
    known = {(pin.name, pin.version): pin.hashes for pin in lock}
    versions: dict[str, set[str]] = defaultdict(set)
    for pin in part:
        versions[pin.name].add(pin.version)
        if (pin.name, pin.version) not in known:
            yield f"{pin.name} {pin.version} is not in the lock"
        elif pin.hashes != known[pin.name, pin.version]:
            yield f"{pin.name} {pin.version} has other hashes than in the lock"
    for name, version in known:
        if name in versions and version not in versions[name]:
            yield f"{name} {version}, which other machines need, is left out"
