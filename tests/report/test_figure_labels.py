"""Labels beside marks: whatever the marks, none lies on another, on a mark, or outside its panel."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Annotation

from helpers.report.figures.labels import place_labels
from helpers.report.style import SINGLE, drawing, new_figure

points = st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 5)), min_size=1, max_size=12)


def labelled(marks):
    """A panel with marks and placed labels; the labels left, and how many were removed."""
    with drawing():
        figure = new_figure(SINGLE)
        axes = figure.add_subplot(xlim=(-1.2, 1.2), ylim=(-0.5, 6))
        axes.scatter(*zip(*marks, strict=True), s=9)
        labels = [axes.annotate(f"IL-{n}", mark, xytext=(0, 0), textcoords="offset points", va="center", fontsize=6.5)
                  for n, mark in enumerate(marks)]  # fmt: skip
        lost = place_labels(figure, [axes], [labels])
        kept = [item for item in axes.texts if isinstance(item, Annotation) and item.get_text()]
        return axes, kept, lost


@settings(max_examples=15, deadline=None)
@given(points)
def test_no_label_meets_another_or_a_mark_and_none_is_lost_silently(marks):
    axes, kept, lost = labelled(marks)
    boxes = [label.get_window_extent() for label in kept]
    assert len(kept) + lost == len(marks)
    spots = axes.transData.transform(np.array(marks))
    for number, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:number])
        assert not box.count_contains(spots)
        assert axes.get_window_extent().count_contains(box.corners()) == 4


def test_a_lonely_mark_has_its_label_at_its_side():
    _, (label,), lost = labelled([(0.0, 3.0)])
    assert (label.get_position(), label.get_ha(), lost) == ((4.0, 0.0), "left", 0)


def test_at_the_right_edge_it_stands_on_the_left():
    _, (label,), _ = labelled([(1.19, 3.0)])
    assert label.get_ha() == "right"


def test_the_same_marks_have_the_same_labels():
    marks = [(0.01 * n, 2 + 0.03 * n) for n in range(9)]
    places = [[label.get_position() for label in labelled(marks)[1]] for _ in range(2)]
    assert places[0] == places[1]
