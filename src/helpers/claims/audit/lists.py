"""Lists of analytes and sample counts in different places of the text."""

from __future__ import annotations

from .finding import Finding, Reading, finding, text
from .words import analytes, names, whole


def _same(name: str, subject: str, keys: list[str], left: object, right: object, detail: str) -> Finding:
    return finding(name, subject, keys, f"{detail}.", [Reading("as printed", left == right, detail)])


def _sizes() -> tuple[Finding, ...]:
    measured, lower = analytes("list-measured"), analytes("list-lower-day-26")
    differing, with_pain = analytes("list-baseline-differing"), analytes("list-higher-with-pain")
    parts = [analytes(f"list-baseline-{part}") for part in ("higher", "lower", "lower-non-pain")]
    time, first = analytes("list-time-effects"), int(text("baseline-differing").split()[0])
    return (
        _same("list-measured", "Analytes measured", ["analytes", "list-measured"], len(measured), whole("analytes"),
              f"{len(measured)} named, {text('analytes')} stated"),
        _same("list-differing", "Analytes differing at baseline", ["baseline-differing", "list-baseline-differing"],
              len(differing), first, f"{len(differing)} named, {first} stated"),
        _same("list-post-hoc", "Post hoc lists against the overall list", ["list-baseline-differing",
              "list-baseline-higher",
              "list-baseline-lower", "list-baseline-lower-non-pain"], frozenset().union(*parts), differing,
              f"{' + '.join(str(len(part)) for part in parts)} named post hoc, {len(differing)} overall"),
        _same("list-others", "The other analytes", ["analytes", "list-higher-with-pain", "other-analytes"],
              len(measured - with_pain), whole("other-analytes"),
              f"{len(measured)} - {len(with_pain)} = {len(measured - with_pain)}; printed {text('other-analytes')}"),
        _same("list-day-26", "Lower at day 26, Results and Discussion", ["list-lower-day-26", "list-discussed-lower"],
              lower, analytes("list-discussed-lower"),
              f"{len(lower)} and {len(analytes('list-discussed-lower'))} named"),
        _same("list-time", "Lower at day 26 within those with a time effect",
              ["list-time-effects", "list-lower-day-26"],
              lower <= time, True, f"{len(time)} with a time effect; not lower: {', '.join(sorted(time - lower))}"),
        _same("list-elevated", "Elevated at baseline, Results and Discussion",
              ["list-baseline-higher", "list-discussed-higher"], parts[0], analytes("list-discussed-higher"),
              f"{len(parts[0])} and {len(analytes('list-discussed-higher'))} named"),
        _same("list-with-pain", "Higher with pain, Results and Discussion",
              ["list-higher-with-pain", "list-discussed-higher-with-pain"], with_pain,
              analytes("list-discussed-higher-with-pain"), f"{', '.join(sorted(with_pain))} in both"),
    )  # fmt: skip


def _il_4() -> Finding:
    both = analytes("list-baseline-lower") & analytes("list-discussed-elevated-pain")
    named = ", ".join(sorted(both)).upper()
    readings = [
        Reading(
            "elevated applies to both analytes named", not both, f"{named} is lower in Results, elevated in Discussion"
        ),
        Reading("elevated applies to IL-10 only", True, "IL-10 is elevated in both places"),
    ]
    keys = ["list-baseline-lower", "list-discussed-decreased", "list-discussed-elevated-pain"]
    arithmetic = f"{named} is listed as lower than in controls twice and as elevated with pain once."
    return finding("list-il-4", "IL-4 at baseline", keys, arithmetic, readings)


def _spelling() -> Finding:
    apart = sorted(set(names("list-time-effects")) - set(names("list-measured")))
    same = analytes("list-time-effects") <= analytes("list-measured")
    readings = [
        Reading("names as spelt", not apart, f"not among those measured: {', '.join(apart)}"),
        Reading("a, A and α the same letter", same, "every name is then among those measured"),
    ]
    keys = ["list-measured", "list-time-effects"]
    return finding("list-spelling", "Spelling of analytes", keys, f"Spelt otherwise: {', '.join(apart)}.", readings)


def _missing() -> Finding:
    few, many = whole("missing"), whole("samples-missing-seven")
    readings = [
        Reading("both count patients without a sample at day 26", few == many, f"{few} and {many}"),
        Reading("without a sample, and without cytokine data", True, f"{many - few} samples would have given no data"),
    ]
    arithmetic = f"{few} patients lacked a sample at day 26; {many} participants lacked cytokine data at two weeks."
    return finding("missing-counts", "Missing at day 26", ["missing", "samples-missing-seven"], arithmetic, readings)


def findings() -> tuple[Finding, ...]:
    """The findings on lists and samples.

    >>> sorted(item.id for item in findings() if item.verdict != "follows")
    ['list-il-4', 'list-spelling', 'missing-counts']
    """
    return (*_sizes(), _il_4(), _spelling(), _missing())
