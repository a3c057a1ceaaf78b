"""``make lab`` opens JupyterLab on the notebooks; run by hand there, they give the results of the book."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pandas as pd
import pytest

from helpers.analysis.results import read_results

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("0*.ipynb"))
TOKEN = "tests"
BY_HAND = ROOT / "build" / "by_hand" / "synthetic" / "published" / "results"
PATIENCE = 180  # seconds for one notebook, on a machine that is busy with other tests


@pytest.fixture(scope="module")
def lab():
    """JupyterLab as ``make lab`` starts it, on a free port; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = (
        f"--no-browser --ServerApp.port={port} --IdentityProvider.token={TOKEN} --LabApp.expose_app_in_browser=True"
    )
    command = ["make", "lab", f"LAB_ARGS={options}"]
    log = ROOT / "build" / "lab-test.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as output:
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, start_new_session=True)
    committed = {path: path.read_bytes() for path in (ROOT / "notebooks").glob("*.ipynb")}
    try:
        _wait_until_it_answers(f"http://127.0.0.1:{port}/api/status?token={TOKEN}", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
        # JupyterLab saves what is open every two minutes; the committed notebooks stay without outputs.
        for path, content in committed.items():
            if path.read_bytes() != content:
                path.write_bytes(content)


def _wait_until_it_answers(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 300  # the first start sets the environment up
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not answer: {log.read_text()}")


@pytest.fixture(scope="module")
def page(lab, browser):
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


def _run_all_cells(page, lab: str, name: str) -> None:
    page.goto(f"{lab}/lab/tree/notebooks/{name}.ipynb?token={TOKEN}&reset", wait_until="load")
    page.wait_for_function(
        """() => {
            const app = window.jupyterapp, panel = app?.shell?.currentWidget;
            return app?.commands.hasCommand('notebook:run-all-cells') && panel?.context?.isReady
                && panel?.sessionContext?.session?.kernel?.name === 'python3';
        }""",
        timeout=PATIENCE * 1000,
    )
    assert page.evaluate("async () => await window.jupyterapp.commands.execute('notebook:run-all-cells')")


def _wait_for(path: Path, page) -> None:
    deadline = time.monotonic() + PATIENCE
    while not path.exists():
        page.wait_for_timeout(500)
        errors = page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts()
        assert not errors, "\n".join(errors)
        assert time.monotonic() < deadline, f"{path.name} was not written"


@pytest.fixture(scope="module")
def other_chapters(built):
    """The book's results where runs by hand leave theirs: the last notebook reads them, whichever test runs alone."""
    shutil.rmtree(BY_HAND, ignore_errors=True)
    shutil.copytree(built("data/synthetic") / "results", BY_HAND)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_by_hand_gives_the_results_of_the_book(name, lab, page, built, other_chapters):
    (BY_HAND / f"{name}.csv").unlink()
    _run_all_cells(page, lab, name)
    _wait_for(BY_HAND / f"{name}.csv", page)
    by_hand = read_results(BY_HAND / f"{name}.csv")
    of_the_book = read_results(built("data/synthetic") / "results" / f"{name}.csv")
    # The same code on the same values; results are written with ten digits.
    pd.testing.assert_frame_equal(by_hand, of_the_book, rtol=1e-9)


def test_figures_and_tables_are_shown(lab, page):
    """The last notebook, as it stands after its run: pictures with their text, tables with their captions."""
    page.wait_for_function("() => document.querySelectorAll('.jp-OutputArea-output table').length > 2", timeout=60_000)
    assert page.locator(".jp-OutputArea-output img, .jp-OutputArea-output svg").count() > 1


def test_a_list_of_the_notebook_for_exploring_moves_the_figure_and_the_estimates(lab, page):
    _run_all_cells(page, lab, "explore")
    panel = page.locator(".jp-OutputArea-output .widget-vbox").first
    tests = panel.locator("table", has_text="Tests of group, time").first
    tests.wait_for(timeout=PATIENCE * 1000)
    before, drawn = tests.inner_text(), panel.locator("img, svg").first.evaluate("node => node.outerHTML")
    panel.locator("select").nth(1).select_option("diagonal")
    page.wait_for_function(
        """([before]) => {
            const table = [...document.querySelectorAll('.widget-vbox table')]
                .find(item => item.textContent.includes('Tests of group, time'));
            return table && table.innerText !== before;
        }""",
        arg=[before],
        timeout=PATIENCE * 1000,
    )
    panel.locator("select").first.select_option(index=1)
    page.wait_for_function(
        """([drawn]) => {
            const picture = document.querySelector('.widget-vbox img, .widget-vbox svg');
            return picture && picture.outerHTML !== drawn;
        }""",
        arg=[drawn],
        timeout=PATIENCE * 1000,
    )
