"""What every figure needs: names from the descriptor, a legend, counts under an axis, and the finishing touches."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from helpers.analysis.frames import groups
from helpers.analysis.pairs import pairs, several
from helpers.analysis.results import with_smallest_p
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, figure_exhibit
from helpers.report.format import DASH, SPACE, number, signs_joined
from helpers.report.style import FAINT, INK, MM, look, stamp

SMALL = 6.5  # smallest type, points
MOST_ABSENT = 20  # named in a caption as not estimated
MOST_ANALYTES = 40  # analytes in one figure; with more, those with the smallest p
GRID = "#e3e3e3"


def finish(run: Run, figure: Figure, name: str, caption: str, alt: str) -> FigureExhibit:
    """Stamp the figure, complete its caption and turn it into an exhibit; call inside ``drawing()``."""
    leave_room(run, figure)
    if run.synthetic:
        caption = f"{caption} {run.study.descriptor.notice}."
    stamp(figure, run.study.descriptor.notice if run.synthetic else "")
    return figure_exhibit(figure, name, signs_joined(one_line(caption)), one_line(alt))


def leave_room(run: Run, figure: Figure) -> None:
    """Keep what the layout places below the stamp; a legend leaves it room on its right."""
    if run.synthetic and not figure.legends:
        figure.get_layout_engine().set(rect=(0, 0, 1, 1 - 4 * MM / figure.get_figheight()))


def one_line(text: str) -> str:
    """Text without line breaks; no-break spaces stay.

    >>> one_line("p =\\xa00.03\\n  in all")
    'p =\\xa00.03 in all'
    """
    return re.sub(r"[ \n]+", " ", text).strip()


def level(run: Run) -> str:
    """The confidence level in words: ``95 %``."""
    return f"{100 * (1 - run.settings.alpha):g}{SPACE}%"


def group_looks(run: Run, which: Sequence[str] | None = None) -> dict[str, dict]:
    """Each group's colour, marker and line; a group keeps its look in every figure."""
    everyone = groups(run.study)
    return {group: look(everyone.index(group)) for group in which or everyone}


def handles(run: Run, which: Sequence[str], line: bool = True) -> list[Line2D]:
    """One legend entry a group."""
    made = []
    for group, style in group_looks(run, which).items():
        label = run.study.group_label(group)
        style = style if line else {**style, "linestyle": ""}
        made.append(Line2D([], [], markersize=4, linewidth=1.2, label=label, **style))
    return made


def top_legend(figure: Figure, entries: Sequence) -> None:
    """A legend above the panels, in one row where up to four entries fit."""
    figure.legend(handles=entries, loc="outside upper left", ncols=min(len(entries), 4), borderaxespad=0.2,
                  columnspacing=1.6, handlelength=2.8)  # fmt: skip


def count_rows(axes: Axes, run: Run, counts: Mapping[str, Mapping[float, float]]) -> float:
    """Write one row of counts a group under the x-axis; returns the space taken, in points.

    ``counts`` holds, by group, the count at each x position. The row starts with the group's marker.
    """
    for place, (group, row) in enumerate(counts.items()):
        style, drop = group_looks(run)[group], -7.0 - 8.5 * place
        to = {"xytext": (0, drop), "textcoords": "offset points", "va": "center", "annotation_clip": False}
        for x, count in row.items():
            axes.annotate(number(count, 0), (x, 0), xycoords=("data", "axes fraction"), ha="center", fontsize=SMALL,
                          color=style["color"], **to)  # fmt: skip
        axes.annotate("n", (0, 0), xycoords="axes fraction", fontsize=SMALL, color=style["color"], ha="right",
                      **{**to, "xytext": (-10, drop)})  # fmt: skip
        aside = axes.transAxes + ScaledTranslation(-19 / 72, drop / 72, axes.figure.dpi_scale_trans)
        mark = {"marker": style["marker"], "color": style["color"], "markersize": 3.2, "linestyle": ""}
        axes.add_artist(Line2D([0], [0], transform=aside, clip_on=False, **mark))
    return 2.0 + 8.5 * len(counts)


def visit_axis(axes: Axes, run: Run, visits: Sequence[str], width: float, pad: float = 2.0) -> dict[str, float]:
    """Put the visits on the x-axis and return their positions.

    Visits stand at their day, so that intervals look as long as they were. They stand at equal steps where their days
    would come closer than 4 mm on an axis ``width`` inches wide. Labels slant when they would touch.
    """
    days = {v.name: float(v.day) for v in run.study.roles.visits if v.name in visits}
    steps = (
        np.diff(sorted(days.values())) / max(np.ptp(list(days.values())), 1e-9) * width if len(days) > 1 else [width]
    )
    places = days if min(steps) > 4 * MM else {name: float(i) for i, name in enumerate(days)}
    labels = [run.study.visit_label(name) for name in places]
    # A 7-pt letter and its share of the gap to the next label are about 0.065 inches wide.
    tight = max(map(len, labels)) * 0.065 > min(steps if places is days else [width / len(days)])
    slant = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if tight else {}
    axes.set_xticks(list(places.values()), labels, **slant)
    axes.tick_params(axis="x", pad=pad)
    span = max(np.ptp(list(places.values())), 1.0)
    axes.set_xlim(min(places.values()) - 0.08 * span, max(places.values()) + 0.08 * span)
    return places


def dodge(places: Mapping[str, float], position: int, many: int, width: float, step: float = 4.0) -> np.ndarray:
    """X positions of one group's marks, ``step`` points from the next group's on an axis ``width`` inches wide."""
    x = np.array(list(places.values()))
    return x + (position - (many - 1) / 2) * step / 72 / width * max(np.ptp(x), 1.0)


def at_visits(rows: pd.DataFrame, visits: Sequence[str], column: str = "value") -> np.ndarray:
    """One column of the rows, in the order of the visits; missing where there is no row."""
    return rows.drop_duplicates("visit").set_index("visit")[column].reindex(list(visits)).to_numpy(float)


def error_marks(
    axes: Axes, x, y, low, high, style: Mapping, filled: bool = True, horizontal: bool = False, **more
) -> None:
    """An estimate with its interval; values that are missing are left out."""
    x, y, low, high = (np.atleast_1d(np.asarray(v, dtype=float)) for v in (x, y, low, high))
    centre = x if horizontal else y
    bars = np.abs(np.vstack([centre - low, high - centre]))
    seen = np.isfinite(x) & np.isfinite(y)
    if not seen.any():
        return
    bars = np.where(np.isfinite(bars), bars, 0)[:, seen]
    look_of = {"color": style["color"], "marker": style["marker"], "markersize": 4, "linewidth": 1.1, "elinewidth": 0.9}
    look_of |= {
        "linestyle": style.get("linestyle", ""),
        "markerfacecolor": style["color"] if filled else "white",
        **more,
    }
    axes.errorbar(x[seen], y[seen], **{"xerr" if horizontal else "yerr": bars}, capsize=0, **look_of)


def quiet(axes: Axes, axis: str = "y") -> None:
    """A light grid behind the data along one axis."""
    axes.set_axisbelow(True)
    axes.grid(visible=True, axis=axis, color=GRID, linewidth=0.6)
    axes.tick_params(length=2.5, width=0.6, color=FAINT)


def readable_cells(axes: Axes, values: np.ndarray) -> None:
    """Dark or white numbers in a heat map's cells, whichever has the higher contrast (W3C's relative luminance).

    Seaborn turns to white on mid tones, where small type is hard to read.
    """
    shown = values[np.isfinite(values)]
    for text, colour in zip(axes.texts, axes.collections[0].to_rgba(shown), strict=True):
        text.set_color(INK if sns.utils.relative_luminance(colour[:3]) > 0.21 else "white")


def grid_of(figure: Figure, many: int, columns: int) -> tuple[list[Axes], int]:
    """Panels in rows of ``columns``; the number of columns really used comes second."""
    columns = min(columns, many)
    lines = -(-many // columns)
    return [figure.add_subplot(lines, columns, i + 1) for i in range(many)], columns


def small_title(axes: Axes, text: str, columns: int = 5, **more) -> None:
    """A title for a panel of a small multiple: smaller, and broken when it is long for one of ``columns`` columns."""
    axes.set_title(textwrap.fill(text, 80 // columns), fontsize=7.5, **more)


def labels_outside_layout(axes: Axes) -> None:
    """Redraw the x tick labels of a panel with an empty cell below, so that they do not push the rows apart."""
    ticks, labels = axes.get_xticks(), [label.get_text() for label in axes.get_xticklabels()]
    axes.tick_params(labelbottom=False)
    slant = {"rotation": 45, "ha": "right", "va": "top", "rotation_mode": "anchor", "fontsize": 7}
    for tick, label in zip(ticks, labels, strict=True):
        made = axes.annotate(label, (tick, 0), xycoords=("data", "axes fraction"), xytext=(1, -6),
                             textcoords="offset points", annotation_clip=False, **slant)  # fmt: skip
        made.set_in_layout(False)


def level_unit(run: Run, analyte: str) -> str:
    """The unit of an analyte on the analysed scale: ``ln pg/mL``."""
    unit = run.study.field("analytes", analyte).unit
    return f"ln {unit}".strip() if run.study.roles.analytes.transform == "log" else unit


def analyte_title(run: Run, analyte: str) -> str:
    """The name a reader sees for an analyte."""
    return run.study.field("analytes", analyte).title


def most_telling(rows: pd.DataFrame, analytes: Sequence[str], most: int = 0) -> tuple[str, ...]:
    """The analytes that a figure shows, in the panel's order: all of them, or the ``most`` with the smallest p.

    ``most`` is :data:`MOST_ANALYTES` unless given.

    >>> frame = pd.DataFrame({"analyte": ["a", "b", "c"], "p": [0.2, 0.01, float("nan")]})
    >>> most_telling(frame, ["a", "b", "c"], 2)
    ('a', 'b')
    """
    return with_smallest_p(rows, analytes, most or MOST_ANALYTES)


def shown_of(shown: Sequence[str], analytes: Sequence[str]) -> str:
    """A caption's sentence on what a figure leaves out; nothing when it shows every analyte."""
    if len(shown) == len(analytes):
        return ""
    return f"Shown are the {len(shown)} of {len(analytes)} analytes with the smallest p; the tables have all."


def groups_differ(run: Run) -> str:
    """What a mark at a visit says of the groups, with the family of its adjustment."""
    alpha = f"{run.settings.alpha:g}"
    if several(run.study):
        many = len(pairs(run.study))
        return f"two of the groups differ at that visit (p < {alpha} after Bonferroni adjustment over {many} pairs"
    return f"the groups differ at that visit (p < {alpha}, one comparison a visit"


def span(values, decimals: int = 0) -> str:
    """A single number, or the smallest and largest: ``31–33``."""
    seen = np.asarray(values, dtype=float)
    seen = seen[np.isfinite(seen)]
    if not seen.size:
        return DASH
    low, high = number(seen.min(), decimals), number(seen.max(), decimals)
    return low if low == high else f"{low}{DASH}{high}"


def absent(names: Sequence[str]) -> str:
    """A caption's sentence on what could not be estimated; nothing when everything could."""
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - MOST_ABSENT} more" if len(names) > MOST_ABSENT else ""
    return f"Not estimated and left blank: {', '.join(names[:MOST_ABSENT])}{more}." if names else ""


def initial(text: str) -> str:
    """The text with a small first letter, unless it begins like an abbreviation.

    >>> initial("Infusion 6"), initial("MADRS")
    ('infusion 6', 'MADRS')
    """
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def adjustment_word(rows: pd.DataFrame) -> str:
    """How the comparisons in the rows were adjusted, in words."""
    words = {"fdr_bh": "Benjamini–Hochberg", "fdr_by": "Benjamini–Yekutieli", "none": "no"}
    named = [name for name in rows["adjustment"].unique() if name]
    return words.get(named[0], named[0].capitalize()) if named else "no"
