"""Vector drawings without what a page need not load: the same marks in about two thirds of the bytes."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

_COORDINATES = re.compile(r'(?<=\s)(?:d|x|y|points)="[^"]*"|translate\([^)]*\)')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_STYLE = re.compile(r' style="([^"]*)"')
_MOVED = re.compile(r'(<use xlink:href="#[\w-]+") transform="translate\((\S+) 0\)"')
_CLIP = re.compile(r'<clipPath id="(\w+)">(.*?)</clipPath>', re.DOTALL)
_INDENT = re.compile(r"\n\s+")


def slim(svg: str) -> str:
    """A drawing by matplotlib with coordinates to a hundredth of a point, and each style written once.

    What a label says stays beside its outlines as a comment, so that a drawing can be searched for words.
    A style's class is named after what it says, so that drawings inside one page cannot restyle each other, and so is a
    frame that others are cut off at: matplotlib's name for it depends on the last digits of its corners.

    >>> line = '<path d="M 1.23456 2" style="fill: none"/>'
    >>> print(slim(f'<svg><style type="text/css">*{{}}</style>{line * 3}</svg>').replace("/><", "/>\\n<"))
    <svg><style type="text/css">*{}
    .s261dc67f{fill: none}
    </style><path d="M 1.23 2" class="s261dc67f"/>
    <path d="M 1.23 2" class="s261dc67f"/>
    <path d="M 1.23 2" class="s261dc67f"/>
    </svg>
    """
    svg = _INDENT.sub("\n", svg)
    svg = _COORDINATES.sub(lambda found: _LONG.sub(_rounded, found[0]), svg)
    svg = _renamed(svg)
    svg = _MOVED.sub(r'\1 x="\2"', svg)
    often = {text: _name(text) for text, many in Counter(_STYLE.findall(svg)).items() if many > 2}
    svg = _STYLE.sub(lambda found: f' class="{often[found[1]]}"' if found[1] in often else found[0], svg)
    rules = "".join(f"\n.{name}{{{text}}}" for text, name in often.items())
    return svg.replace("</style>", f"{rules}\n</style>", 1)


def _renamed(svg: str) -> str:
    """Frames named after their rounded corners; of several with the same corners, each has a name of its own."""
    alike: Counter = Counter()
    names = {}
    for old, corners in _CLIP.findall(svg):
        names[old] = f"p{_digest(corners)}" + (f"-{alike[corners]}" if alike[corners] else "")
        alike[corners] += 1
    if not names:
        return svg
    return re.sub(rf'(?<=id="|rl\(#)({"|".join(names)})\b', lambda found: names[found[1]], svg)


def _rounded(found: re.Match) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


def _name(text: str) -> str:
    return f"s{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
