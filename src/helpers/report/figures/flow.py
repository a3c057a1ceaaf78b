"""Who took part: a drawn flow diagram."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from helpers.analysis.frames import groups
from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit
from helpers.report.figures.common import SMALL, finish, group_looks, initial
from helpers.report.format import count_of, listed, number
from helpers.report.style import DOUBLE, FAINT, INK, MM, drawing, new_figure

BOX, GAP, TOP = 12.0, 8.0, 13.0  # millimetres: height of a box, room for an arrow, height of the upper boxes
WORDS = {"assessed": "assessed", "sampled": "blood sample"}
ENDS = {"assessed": "were assessed", "sampled": "gave a blood sample"}


def participant_flow(run: Run, rows: pd.DataFrame) -> FigureExhibit:
    """The diagram ``fig-flow``: participants, their groups, and attendance at the visits with blood samples.

    ``rows`` are those of :func:`helpers.analysis.cohort.participant_flow`.
    """
    rows = pick(rows, analysis="flow")
    sizes = {g: _value(rows, g, "participants") for g in groups(run.study)}
    visits = key_visits(run)
    height = 2 * TOP + GAP + len(visits) * (BOX + GAP) + 1
    with drawing():
        figure = new_figure(DOUBLE, (height + 6) * MM)
        axes = figure.add_subplot()
        axes.set(xlim=(0, 174), ylim=(-0.5, height + 0.5))
        axes.axis("off")
        _draw(axes, run, rows, sizes, visits, height)
        return finish(run, figure, "fig-flow", _caption(run, visits), _alt(run, rows, sizes, visits))


def key_visits(run: Run) -> list[str]:
    """The visits with blood samples and the one that decides response, in the protocol's order."""
    roles = run.study.roles
    deciding = {rule.visit for rule in (roles.response, roles.remission) if rule}
    wanted = {*roles.analytes.visits, *deciding} or {roles.visits[0].name, roles.visits[-1].name}
    return [visit.name for visit in run.study.roles.visits if visit.name in wanted]


def _value(rows: pd.DataFrame, group: str, statistic: str, visit: str = "") -> float | None:
    found = pick(rows, group=group, statistic=statistic, visit=visit)["value"]
    return None if found.empty else float(found.iloc[0])


def _draw(axes: Axes, run: Run, rows: pd.DataFrame, sizes: dict, visits: list[str], height: float) -> None:
    width = min(52.0, 170 / len(sizes) - 6)
    centres = [174 * (i + 0.5) / len(sizes) for i in range(len(sizes))]
    total = sum(size for size in sizes.values() if size is not None)
    _box(axes, 87, height - TOP / 2, 60, TOP, f"Participants\nn = {number(total, 0)}", INK)
    split = height - TOP - GAP / 2
    axes.plot([87, 87], [height - TOP, split], color=FAINT, linewidth=0.8)
    axes.plot([centres[0], centres[-1]], [split, split], color=FAINT, linewidth=0.8)
    for x, (group, style) in zip(centres, group_looks(run).items(), strict=True):
        y = height - TOP - GAP - TOP / 2
        _arrow(axes, x, split, y + TOP / 2)
        role = "reference" if group == run.study.roles.reference else "compared"
        _box(
            axes,
            x,
            y,
            width,
            TOP,
            f"{run.study.group_label(group)}\nn = {number(sizes[group] or 0, 0)}",
            style["color"],
            role,
        )
        _column(axes, run, rows, group, visits, x, y - TOP / 2, width, sizes[group])


def _column(axes, run: Run, rows, group: str, visits: list[str], x: float, bottom: float, width: float, size) -> None:
    """The boxes of one group, one a key visit; a visit the group does not attend has none."""
    for visit in visits:
        seen = _attendance(rows, group, visit)
        if not seen:
            continue
        top = bottom - GAP
        _arrow(axes, x, bottom, top)
        lost = [
            f"{number(size - n, 0)} no {'sample' if what == 'sampled' else 'assessment'}"
            for what, n in seen.items()
            if n < size
        ]
        if lost:
            axes.text(x + 2, bottom - GAP / 2, ", ".join(lost), fontsize=SMALL, color=INK, va="center", ha="left")
        between = " · " if width > 40 else "\n"
        counts = between.join(f"{WORDS[what]} {number(n, 0)}" for what, n in seen.items())
        _box(axes, x, top - BOX / 2, width, BOX, f"{run.study.visit_label(visit)}\n{counts}", FAINT)
        bottom = top - BOX


def _attendance(rows: pd.DataFrame, group: str, visit: str) -> dict[str, float]:
    found = {what: _value(rows, group, what, visit) for what in WORDS}
    return {what: n for what, n in found.items() if n is not None}


def _box(axes: Axes, x: float, y: float, width: float, height: float, text: str, colour: str, note: str = "") -> None:
    shape = FancyBboxPatch((x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0,rounding_size=1",
                           linewidth=1.0, edgecolor=colour, facecolor="white")  # fmt: skip
    axes.add_patch(shape)
    head, _, body = text.partition("\n")
    shift = 3.4 if note else 2.1
    # A letter of bold 8-point type is about 1.75 mm wide; a long name is set smaller and on two lines.
    lines = textwrap.wrap(head, max(int(width / 1.75), 6))
    size = 8 if len(lines) == 1 else 6
    axes.text(x, y + shift, "\n".join(lines[:2]), ha="center", va="center", fontsize=size, fontweight="bold",
              linespacing=0.95)  # fmt: skip
    axes.text(x, y + shift - (3.9 if note else 4.2), body, ha="center", va="center", fontsize=7)
    if note:
        axes.text(x, y - 4.4, note, ha="center", va="center", fontsize=SMALL, style="italic", color=FAINT)


def _arrow(axes: Axes, x: float, start: float, end: float) -> None:
    how = {"arrowstyle": "-|>", "color": FAINT, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 7}
    axes.annotate("", (x, end), (x, start), arrowprops=how)


def _caption(run: Run, visits: list[str]) -> str:
    return f"""**Participant flow.** Participants by group and, at the visits shown
    ({listed([initial(run.study.visit_label(v)) for v in visits])}), the number assessed on any outcome and the number
    with a blood sample. Beside an arrow: members of the group without an assessment or without a sample at the next
    visit shown; a participant may return later. Visits between these are left out."""


def _alt(run: Run, rows: pd.DataFrame, sizes: dict, visits: list[str]) -> str:
    total = sum(size for size in sizes.values() if size is not None)
    parts = [f"{run.study.group_label(g)} {number(size or 0, 0)}" for g, size in sizes.items()]
    text = f"Flow diagram: {count_of(total, 'participant')}, of whom {listed(parts)}."
    last = visits[-1]
    ends = [
        f"{number(n, 0)} of {number(sizes[g], 0)} in {run.study.group_label(g)} {ENDS[what]}"
        for g in run.study.roles.compared
        for what, n in _attendance(rows, g, last).items()
    ]
    return f"{text} At {initial(run.study.visit_label(last))}, {listed(ends)}." if ends else text
