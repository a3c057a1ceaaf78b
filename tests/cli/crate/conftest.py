"""The independent validator of research objects, without the network: its one address is answered from a package."""

from __future__ import annotations

import io
import shutil
import urllib.request
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from urllib.response import addinfourl

import pytest
import requests
import rocrate
from rocrate_validator import services
from rocrate_validator.models import Severity
from urllib3 import HTTPResponse

PROFILE = "provenance-run-crate-0.5"
# Version 1.3 of the context, which the package rocrate brings. For what a crate of ours says it differs from 1.1, which
# ours names, in the place of the Bioschemas terms alone.
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
TERMS = b"https://bioschemas.org/terms/", b"https://bioschemas.org/"


@pytest.fixture
def problems(monkeypatch, tmp_path) -> Callable[[Path], list[str]]:
    """What a crate in a folder does not meet of what its profiles require; empty for a valid one."""
    _answer_from_here(monkeypatch)

    def found(folder: Path) -> list[str]:
        # The validator takes a folder's name for an address, in which there is no blank.
        return _problems(shutil.copytree(folder, tmp_path / "crate"))

    return found


def _problems(folder: Path) -> list[str]:
    settings = services.ValidationSettings(
        rocrate_uri=str(folder), profile_identifier=PROFILE, requirement_severity=Severity.REQUIRED
    )
    return [f"{issue.check.identifier}: {issue.message}" for issue in services.validate(settings).get_issues()]


def _answer_from_here(monkeypatch) -> None:
    text = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes().replace(*TERMS)

    def opened(self, asked, *_, **__):
        address = asked if isinstance(asked, str) else asked.full_url
        headers = Message()
        headers["Content-Type"] = "application/ld+json"
        return addinfourl(io.BytesIO(_known(address, text)), headers, address, 200)

    def sent(self, request, **_):
        found = requests.Response()
        found.status_code, found.url, found.request = 200, request.url, request
        found.headers["Content-Type"] = "application/ld+json"
        found._content = _known(request.url, text)
        found.raw = HTTPResponse(io.BytesIO(), status=200, preload_content=False)
        return found

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", opened)
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", sent)


def _known(address: str, text: bytes) -> bytes:
    if address.rstrip("/") != CONTEXT:
        raise requests.ConnectionError(f"{address}: tests do not use the network")
    return text
