"""A slim drawing is the same drawing: the same marks with the same look at the same places, in fewer bytes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from io import BytesIO

import numpy as np
import pytest

from helpers.report import slim as module
from helpers.report.slim import slim
from helpers.report.style import drawing, new_figure

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
RULE = re.compile(r"\.([\w-]+)\s*\{([^}]*)\}")
NEAR = 0.005 + 1e-9  # half a hundredth of a point


@pytest.fixture(scope="module")
def full():
    """Markers, lines, bars with hatches, cells, words and a rotated label, as matplotlib writes them."""
    with drawing():
        figure = new_figure(height=2.0)
        left, right = figure.subplots(1, 2)
        x = np.linspace(0, 1, 40)
        left.plot(x, np.sin(9 * x), "o-", markersize=2.2, label="first & second")
        left.plot(x, np.cos(9 * x), "s", color="#D55E00", markerfacecolor="white", alpha=0.4)
        left.barh([0.1, 0.4], [1 / 3, -2 / 3], hatch="////", color="#f3c98b", edgecolor="white")
        left.set_title("Wörter < 5 %")
        left.set_xlabel("turned", rotation=30)
        right.pcolormesh(np.outer(x, x)[:6, :7], cmap="Greys", edgecolor="white", linewidth=0.3)
        right.text(3, 3, "word", rotation=45)
        left.legend()
        stream = BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue().decode("utf-8")


def look(element: ET.Element, rules: dict[str, str]) -> dict[str, str]:
    """The declarations that hold for an element, wherever they are written."""
    text = ";".join([*(rules[name] for name in element.get("class", "").split()), element.get("style", "")])
    pairs = (part.partition(":") for part in text.split(";") if part.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def place(element: ET.Element) -> dict[str, str]:
    """Everything else that an element says; a shift along the line of writing is one, however it is written."""
    said = {name: value for name, value in element.attrib.items() if name not in ("class", "style")}
    shift = re.fullmatch(r"translate\((\S+) 0\)", said.get("transform", ""))
    if element.tag.endswith("}use") and shift:
        said |= {"x": shift[1], "transform": ""}
    return {name: value for name, value in said.items() if value}


def rules_of(svg: str) -> dict[str, str]:
    found = RULE.findall("".join(re.findall(r"<style[^>]*>(.*?)</style>", svg, re.DOTALL)))
    assert len(dict(found)) == len(found), "a class has two rules"
    return dict(found)


def same_words(first: str, second: str) -> bool:
    """Whether two attributes differ in the last digits of their numbers only."""
    if first == second or NUMBER.sub("#", first) != NUMBER.sub("#", second):
        return first == second
    pairs = zip(NUMBER.findall(first), NUMBER.findall(second), strict=True)
    return all(abs(float(a) - float(b)) <= NEAR for a, b in pairs)


def with_frames_of(svg: str, other: str) -> str:
    """A drawing with its frames called as in another, in order."""
    names = [re.findall(r'<clipPath id="([^"]*)"', text) for text in (svg, other)]
    assert len(set(names[0])) == len(set(names[1])) == len(names[0]) > 1
    for old, new in zip(*names, strict=True):
        svg = re.sub(rf'(?<=["#]){old}(?=[")])', new, svg)
    return svg


def test_every_mark_has_its_look_and_its_place(full):
    slimmed = slim(full)
    before, after = ET.fromstring(with_frames_of(full, slimmed)), ET.fromstring(slimmed)
    pairs = list(zip(before.iter(), after.iter(), strict=True))
    rules = rules_of(slimmed)
    assert len(pairs) > 200
    for old, new in pairs:
        assert old.tag == new.tag
        assert look(old, {}) == look(new, rules)
        first, second = place(old), place(new)
        assert first.keys() == second.keys()
        wrong = {name: (first[name], second[name]) for name in first if not same_words(first[name], second[name])}
        assert not wrong, wrong


def test_the_rules_of_the_whole_drawing_are_kept_and_it_is_smaller(full):
    slimmed = slim(full)
    assert "*{stroke-linejoin: round; stroke-linecap: butt}" in slimmed
    assert len(slimmed) < 0.8 * len(full)
    assert slim(full) == slimmed


def test_size_and_names_are_untouched(full):
    slimmed = slim(full)
    full = with_frames_of(full, slimmed)
    for name in ("width", "height", "viewBox", "id", r"xlink:href", "clip-path"):
        pattern = rf' {name}="([^"]*)"'
        assert re.findall(pattern, slimmed) == re.findall(pattern, full)


def test_the_last_digits_of_a_frame_do_not_name_it():
    frames = '<clipPath id="{}"><rect x="{}" y="0"/></clipPath>'
    svg = "<svg><style></style>{}<path clip-path='url(#{})'/>{}</svg>".replace("'", '"')
    one = slim(svg.format(frames.format("p1a", "10.123456"), "p1a", frames.format("p2b", "20")))
    other = slim(svg.format(frames.format("p77", "10.123457"), "p77", frames.format("p0", "20")))
    assert one == other
    alike = slim(svg.format(frames.format("p1", "3"), "p2", frames.format("p2", "3")))
    assert len(set(re.findall(r'id="(.*?)"', alike))) == 2
    assert re.findall(r"url\(#(.*?)\)", alike) == re.findall(r'id="(.*?)"', alike)[1:]


def test_what_labels_say_can_be_searched_for(full):
    comments = re.findall(r"<!-- (.*?) -->", slim(full))
    assert comments == re.findall(r"<!-- (.*?) -->", full)
    assert {"Wörter &lt; 5 %", "turned", "word", "first &amp; second"} <= set(comments)


def test_no_style_of_a_book_takes_the_class_of_another():
    """A page of a notebook holds many drawings whose rules are all of the page: their names must not meet."""
    styles = [f"fill: #{colour:06x}; stroke: none" for colour in range(0, 2**24, 2**24 // 20_000)]
    assert len({module._name(text) for text in styles}) == len(styles)


def test_two_drawings_in_one_page_share_a_class_only_with_its_rule(full):
    other = slim(full.replace("stroke-width: 0.8", "stroke-width: 0.9"))
    first, second = rules_of(slim(full)), rules_of(other)
    shared = first.keys() & second.keys()
    assert shared
    assert first.keys() - second.keys()
    assert all(first[name] == second[name] for name in shared)


def test_opacities_and_long_numbers_in_words_stay_as_they_are():
    svg = '<svg><style></style><!-- p = 0.12345 --><path opacity="0.12345" d="M 1.23456 0"/></svg>'
    assert slim(svg) == '<svg><style>\n</style><!-- p = 0.12345 --><path opacity="0.12345" d="M 1.23 0"/></svg>'


def test_a_raised_letter_stays_raised():
    raised = '<use xlink:href="#a-32" transform="translate(1.5 2)"/>'
    assert slim(f"<svg><style></style>{raised}</svg>") == f"<svg><style>\n</style>{raised}</svg>"
