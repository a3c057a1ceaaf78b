"""The browser of the tests is found, or its absence is said; never a silent skip."""

from __future__ import annotations

import os

from helpers.cli import browser, office


def test_a_browser_can_be_chosen(monkeypatch, tmp_path):
    path = tmp_path / "my-chromium"
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(path))
    assert browser.find_browser() == str(path)


def test_without_one_the_advice_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert browser.main() == 1
    assert "sudo apt-get install chromium" in capsys.readouterr().err


def test_without_apt_nothing_is_tried(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    monkeypatch.setattr(browser.subprocess, "run", lambda *a, **k: 1 / 0)
    browser.install_browser()


def test_without_an_office_the_advice_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setenv("SOFFICE", "/nowhere/soffice")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert office.main() == 1
    assert "libreoffice-writer" in capsys.readouterr().err
