"""The search of what is to be shared: what it finds, what it lets pass, and that a find leaves nothing behind."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace

import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from helpers.cli.share.gather import pack
from helpers.cli.share.leaks import LeakError, scan, secrets_of

ROOT = "/srv/lab/compendium"


@pytest.fixture
def study():
    codes = ["K017", "K018", "K020", "19/07-b", "Quelle", "Bed 4 left", "Pain", "7"]
    people = pd.DataFrame({"code": codes, "age": [34, 51, 47, 39, 40, 28, 66, 62]})
    levels = pd.DataFrame({
        "code": ["K017", "K017", "K018", "K020"],
        "visit": ["first", "last", "first", "first"],
        "il_6": [0.9516, 6.855, 3.217, 5.1234567],
        "il_8": [3.021, 2.817, 4.435, 4.4],
        "tnf": [3.958, 2.807, 4.621, 8.0],
        "crp": [24.45, 15.79, 11.93, 7.6],
    })  # fmt: skip
    scores = pd.DataFrame({"code": ["K017"] * 6, "madrs": [41, 38, 28, 26, 19, 12]})
    roles = SimpleNamespace(identifier="code", analytes=SimpleNamespace(columns=["il_6", "il_8", "tnf", "crp"]))
    tables = {"people": people, "levels": levels, "scores": scores}
    return SimpleNamespace(tables=tables, participants=people, analytes=levels, roles=roles)


@pytest.fixture
def searched(study, tmp_path):
    """Searches one file of a shared folder that is otherwise clean."""
    secrets = secrets_of(study, [ROOT], ordinary=frozenset(["Pain"]))

    def search(name, content):
        (tmp_path / "results.csv").write_text("analysis,value\nresponse,24\nmean,4.435\n", encoding="utf-8")
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        scan(tmp_path, secrets)

    return search


def archive(name, text):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr(name, text)
    return stream.getvalue()


def picture(words):
    stream, told = io.BytesIO(), PngInfo()
    told.add_text("Title", words, zip=True)
    Image.new("RGB", (4, 4)).save(stream, "PNG", pnginfo=told)
    return stream.getvalue()


def pdf(words, **told):
    figure, stream = Figure(), io.BytesIO()
    figure.text(0.1, 0.5, words)
    figure.savefig(stream, format="pdf", metadata=told)
    return stream.getvalue()


ROW = "0.9516, 3.021, 3.958, 24.45"
LEAKS = {
    "an identifier in a page": ("book/page.html", "<p>Patient K017 was left out.</p>", "identifier"),
    "an identifier in an attribute": ("book/page.html", '<td data-order="K018">–</td>', "identifier"),
    "an identifier in a file's name": ("figures/K020.svg", "<svg/>", "identifier"),
    "an identifier in a drawing": ("figures/f.svg", '<svg><g id="K017"/></svg>', "identifier"),
    "an identifier in a picture's metadata": ("figures/f.png", b"\x89PNG\r\n\x1a\n\0\0tEXtTitle\0K017\0", "identifier"),
    "an identifier in a picture's words": ("figures/f.png", picture("K017"), "identifier"),
    "an identifier in a PDF": ("figures/f.pdf", pdf("Bed K017"), "identifier"),
    "an identifier in a PDF's title": ("figures/f.pdf", pdf("x", Title="K017"), "identifier"),
    "an identifier in a Word file": ("tables.docx", archive("word/document.xml", "<w:t>K017</w:t>"), "identifier"),
    "an identifier with signs": ("book/p.html", "<td>19/07-b</td>", "identifier"),
    "an identifier of letters": ("book/p.html", "<td>Quelle</td>", "identifier"),
    "an identifier of two words": ("book/p.html", "<td>Bed 4 left</td>", "identifier"),
    "a row in a table": ("tables/t.csv", f"a,b,c,d\n{ROW}\n", "in a row"),
    "a row in a page's table": ("book/p.html", "<td>0.9516</td><td>3.021</td><td>3.958</td>", "in a row"),
    "a row in a notebook": ("book/n.ipynb", '{"text/plain": "x 0.9516 3.021 3.958 24.45"}', "in a row"),
    "a row in a zip file": ("more.zip", archive("t.csv", ROW), "in a row"),
    "a participant's course": ("tables/t.csv", "41,38,28,26,19,12\n", "in a row"),
    "an alternative text": ("book/p.html", f'<img alt="{ROW}" src="f.svg">', "in a row"),
    "a comment in a drawing": ("figures/f.svg", f"<svg><!-- {ROW} --></svg>", "in a row"),
    "a column of an analyte": ("t.csv", "0.9516\n6.855\n3.217\n2.817\n4.621\n15.79\n11.93\n2.807\n", "than chance"),
    "one value of many digits": ("t.csv", "5.1234567\n", "than chance"),
    "the checkout's folder": ("book/n.ipynb", f'"study": "{ROOT}/data/own/trial"', "place or user"),
    "a home": ("book/n.ipynb", '"path": "/home/somebody/trial.sav"', "place or user"),
    "a home on Windows": ("book/n.ipynb", r'"path": "C:\\Users\\somebody\\trial.sav"', "place or user"),
}


@pytest.mark.parametrize("case", LEAKS)
def test_a_leak_is_found_and_said_without_the_value(searched, case):
    name, content, kind = LEAKS[case]
    with pytest.raises(LeakError, match=kind) as stopped:
        searched(name, content)
    text = str(stopped.value).replace("figures/K020.svg", "")
    assert not [value for value in ("K017", "K018", "0.9516", "5.123", "somebody", ROOT) if value in text]


@pytest.mark.parametrize(
    "content",
    [
        "mean 4.435 (SD 1.234), n = 33, p = 0.017",  # one number of four digits is chance
        "K0171, XK017, AK018b, 119/07-b, 19/07, Quelles",
        "Pain: n = 7",  # a word of the book, and a number that any could be
        "visits 1, 2, 3, 4, 5, 6, 7, 8",
        "12.0 19 26 28 38",  # a course backwards is nobody's
        '<svg><path d="M 0.9516 3.021 L 3.958 24.45"/></svg>',
        "https://doi.org/10.1186/s12974-021-02245-5",
    ],
)
def test_what_is_nobodys_passes(searched, content):
    searched("figures/f.svg" if content.startswith("<svg") else "book/page.html", content)


def test_bytes_inside_pictures_and_pdfs_spell_nobody(searched):
    for name, content in (("f.png", picture("Quiet")), ("f.pdf", pdf("Quiet"))):
        searched(name, content + b" K017 ")


def test_a_zip_file_has_the_same_bytes_whenever_it_is_made(tmp_path):
    folder = tmp_path / "share"
    folder.mkdir()
    for name in ("b.txt", "a.txt"):
        (folder / name).write_text(name, encoding="utf-8")
    pack(folder, tmp_path / "1.zip", "share")
    (folder / "a.txt").touch()
    pack(folder, tmp_path / "2.zip", "share")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "1.zip").namelist() == ["share/a.txt", "share/b.txt"]
