"""What a twin's folder says of its distance from the study: aggregates only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .make import Twin
from .matches import counted_or_few, rare_categories, row_matches


def privacy(twin: Twin) -> dict[str, Any]:
    """The report on privacy, as it is written to ``privacy.json``."""
    wide = twin.model.wide
    return {
        "module": "helpers.study.twin",
        "seed": twin.seed,
        "participants": len(twin.values),
        "variables": len(wide.values.columns),
        "distance": twin.distances.summary(),
        "closer than real ones to each other": int(twin.distances.too_close().sum()),
        "draws put aside as too close": counted_or_few(twin.redrawn),
        "rows of three values or more": row_matches(wide, twin.values),
        "rare categories": rare_categories(wide, twin.values),
        "not modelled": list(twin.model.said),
    }


def markdown(report: Mapping[str, Any], title: str) -> str:
    """The report for people."""
    aside = report["draws put aside as too close"]
    lines = [
        "# How far this twin is from the study",
        "",
        f"Synthetic twin of: {title}. {report['participants']} participants drawn, {report['variables']} variables "
        f"(columns at visits), seed {report['seed']}. Nobody in these tables exists.",
        "",
        "Distances are Gower's, the mean over the variables that two participants both have: 0 the same, 1 as far "
        "apart as the study's range. **No participant of the twin is closer to a real one of any group than the "
        f"closest two real ones of their group are**; draws put aside for that: {aside}.",
        "",
        *_distances(report["distance"]),
        "",
        *_matches(report["rows of three values or more"]),
        "",
        _rare(report["rare categories"]),
    ]
    if report["not modelled"]:
        lines += ["", "Left out, or modelled from more than a group's own values:", ""]
        lines += [f"- {sentence}" for sentence in report["not modelled"]]
    return "\n".join(lines) + "\n"


def _distances(groups: Mapping[str, Any]) -> list[str]:
    lines = [
        "| Group | From | Smallest | 5 % | 25 % | Median | 75 % |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for group, found in groups.items():
        for kind in ("real to nearest real", "twin to nearest real"):
            cells = [f"{value:.3f}" for value in found[kind].values()] or ["–"] * 5
            lines.append(f"| {group} | {kind} | {' | '.join(cells)} |")
    return lines


def _matches(tables: Mapping[str, Any]) -> list[str]:
    lines = ["| Table | Rows of three values or more | Also in the study | Real rows of two participants or more |"]
    lines.append("| --- | ---: | ---: | ---: |")
    lines += [f"| {name} | {' | '.join(str(value) for value in found.values())} |" for name, found in tables.items()]
    return [*lines, "", "On scales of few points rows recur by chance, among real participants too."]


def _rare(found: Mapping[str, Any]) -> str:
    return (
        f"Categories that fewer than five participants have: {found['categories']}; cells of the twin with such a one: "
        f"{found['cells of the twin']}. Their probability is smoothed, so that having one says nothing of who has."
    )
