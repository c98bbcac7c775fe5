"""The page on mistakes, from the catalogue and the kinds of edits: `python -m gradcheck.diagnosis.page`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from gradcheck.diagnosis.examples import examples
from gradcheck.mistakes import catalogue
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.entry import Entry, by_part, entry
from gradcheck.mistakes.sources import KEYS, address
from gradcheck.specification.shipped import NOTATION

_EXAMPLE = "weights-left-out"
_GUIDE = """\
# Mistakes

What people get wrong when they derive gradients by hand, as far as the harness knows it by name. When wrong
numbers are those of one of these mistakes, on every case, a report says so. `gradcheck mistakes` prints the
same list; `gradcheck mistakes SLUG --notation NAME` explains one in the letters of another source.

Any other change of one equation, or of two, is found, too, where it makes all the numbers: its kinds stand
[below](#other-changes-of-an-equation).

This page is made from both: `python -m gradcheck.diagnosis.page > docs/mistakes.md`.

## How to add a mistake

1. Find the rule of the reverse pass that goes wrong, and what people have in its place.
2. Enter it in the file of its part in `harness/gradcheck/mistakes/catalogue/`:

{example}

3. `of` names the quantities whose gradients are others: `a`, `z`, `x`, `W`, `b`. What is replaced is what the
   data give a parameter's gradient, or the `part` that the penalty gives it, or all of it as it is handed in.
   `wrong` stands there, in the plain dialect of specs, of names without numbers as `mistakes/equations.py`
   has them: samples are rows, and `right` is what the equation has. What meets, meets by its place.
   Or `reads` says what stands for a quantity in an equation that is right but for that. `where` says at which
   layers it can be made, by the conditions in `mistakes/conditions.py`. A number that nobody knows is named
   by `unknown`, with the values it may have in `known` or its largest size in `most`; where a kind of edit
   that explains an answer finds it, `edit` is that kind.
4. `says` is literally true of the mistake, with formulas in braces; `kind` is what a learner may know who
   shall not know more; `hint` asks, and never names what is missing.
5. Make this page anew and run `pytest tests/mistakes`: formulas turn into every notation by themselves.
   `python benchmarks/diagnoses.py --pairs 0 --without 0` then says whether it is named wherever it is made.

## The catalogue

{count} mistakes in the letters of {notation}: δ is ∂C/∂z, ˡ a layer, ᴸ the last, m the number of samples; ⊙
multiplies entry by entry. A mistake with several pairs of formulas is made in several quantities at once.
"""
_KINDS = """\
## Other changes of an equation

A change that has no name of its own is shown as the equation that the learner has and the one that it should
be, with what is changed in words, and a question. These are the kinds, what people do most first, each with
an example that is worked out from a small network. They are made in any equation of the reverse pass or of
the forward pass, in one, in all that are alike, or in two at once; those of the forward pass with a reverse
pass that is right for what it is, or for what it should be. What makes the same numbers is listed.
"""
_KEYS = """\
### Short names

Names in capitals stand for places where mistakes were sighted.
"""


def page() -> str:
    """The page as the file holds it."""
    entries = [entry(mistake) for mistake in CATALOGUE.values()]
    guide = _GUIDE.format(example=_indented(_source(_EXAMPLE)), count=len(entries), notation=NOTATION)
    keys = (f"- {key}: {place}." for key, place in KEYS.items())
    return "\n".join([guide, *_parts(entries), _KEYS, *keys, "", _KINDS, *_kinds()])


def _kinds() -> Iterator[str]:
    for kind, category, change in examples():
        (one,) = change.corrections
        yield f"#### {kind}\n"
        yield f"{category[0].upper()}{category[1:]}. Here {one.change}.\n"
        yield f"    right   {one.right}\n    wrong   {one.yours}\n"
        yield f"Think: {change.question}\n"


def _parts(entries: list[Entry]) -> Iterator[str]:
    for title, ones in by_part(entries).items():
        yield f"### {title}\n"
        for one in ones:
            yield from _entry(one)


def _entry(one: Entry) -> Iterator[str]:
    number = f" Here {one.number}." if one.number else ""
    yield f"#### {one.slug}\n"
    yield f"{one.id}. {one.sentence}{number}\n"
    yield from (f"    right   {right}\n    wrong   {wrong}\n" for right, wrong in one.statements)
    yield f"Where: {one.where}.  "
    yield f"Think: {one.hint}" + ("  " if one.seen else "\n")
    if one.seen:
        yield f"Seen: {', '.join(map(_linked, one.seen))}.\n"


def _linked(sighting: str) -> str:
    link = address(sighting)
    return f"[{sighting}]({link})" if link else sighting


def _source(slug: str) -> str:
    """The entry as the catalogue has it."""
    for file in sorted(Path(catalogue.__file__).parent.glob("*.py")):
        text = file.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            source = ast.get_source_segment(text, node) or ""
            if source.startswith("mistake(") and f'slug="{slug}"' in source:
                return source
    raise LookupError(slug)


def _indented(code: str) -> str:
    return "\n".join(f"   {line}" for line in ["```python", *code.splitlines(), "```"])


if __name__ == "__main__":
    sys.stdout.write(page())
