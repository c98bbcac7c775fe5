"""Options of `gradcheck init` to the spec that they state."""

from __future__ import annotations

import argparse
import builtins
import json
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from gradcheck.errors import SpecError, UsageError
from gradcheck.layers.activation import OPTIONS
from gradcheck.losses import LOSSES
from gradcheck.project.exercise import Draft, adapted, spec_text
from gradcheck.project.kinds import KINDS, WANTED, dense, other_widths
from gradcheck.specification.calling import is_variable
from gradcheck.specification.content import content
from gradcheck.specification.default import NOTATION
from gradcheck.specification.shipped import NOTATIONS
from gradcheck.spelling import nearest

LAYERS, ACTIVATION, LOSS = "2,3,1", "sigmoid", "half_squared_error"
"""What is taken where nobody says."""
MOST_LAYERS, WIDEST, LONGEST = 12, 1000, 200
ACTIVATIONS = tuple(name for name, options in OPTIONS.items() if name != "custom")
COMPARING = tuple(name for name in LOSSES if name not in ("custom", "none", "upstream"))
"""Losses that compare with targets and go by their names alone."""
SHORTEST_AXIS = 3
_NAME = re.compile(r"[^\W\d][\w-]{0,59}")
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")


def named_spec(options: argparse.Namespace) -> tuple[str, str]:
    """The spec's name and its text. Raises UsageError and SpecError."""
    if options.source and options.source not in KINDS:
        return _existing(options)
    draft = _draft(options)
    try:
        return draft.name, spec_text(draft)
    except SpecError as error:
        raise UsageError(f"can't make an exercise from this:\n{error}") from None


def widths(text: str) -> list[int]:
    """The widths of layers, the inputs first. Raises UsageError."""
    numbers = [part.strip() for part in re.split(r"[,\- x]+", text.strip())]
    if not all(re.fullmatch(r"[0-9]{1,4}", number) and 1 <= int(number) <= WIDEST for number in numbers):
        raise UsageError(
            f"--layers: {text!r} is not a list of widths from 1 to {WIDEST}; write, for example, {LAYERS}"
        )
    if not 2 <= len(numbers) <= MOST_LAYERS + 1:
        raise UsageError(f"--layers: write the inputs and 1 to {MOST_LAYERS} layers, for example {LAYERS}")
    return [*map(int, numbers)]


def choice(option: str, word: str, known: Collection[str]) -> str:
    """The word, if it is one that is known. Raises UsageError."""
    if word in known:
        return word
    close = nearest(word, known)
    guess = f"did you mean {close}?" if close else f"choose from {', '.join(known)}"
    raise UsageError(f"--{option}: there is no {word!r}; {guess}")


def refuse_unknown(options: argparse.Namespace) -> None:
    """Raise UsageError for an option that is no name, whatever the others are."""
    choices = {"activation": ACTIVATIONS, "output-activation": ACTIVATIONS, "loss": COMPARING}
    for name, known in {**choices, "notation": NOTATIONS}.items():
        if (word := getattr(options, name.replace("-", "_"))) is not None:
            choice(name, word, known)
    for stated, read in ((options.name, file_name), (options.function, function_name)):
        if stated is not None:
            read(stated)
    if options.title is not None:
        _refuse_title(options.title)


def usual_function(options: argparse.Namespace) -> str:
    """The function that students write, where nobody says."""
    return "gradients" if options.equations else "backward" if options.source else "backprop"


def function_name(word: str) -> str:
    """The name of a function that students write. Raises UsageError."""
    if not is_variable(word) or word in ("np", "numpy") or word in dir(builtins) or word.startswith("__"):
        raise UsageError(
            f"--function: {word!r} can't be the name of a function here; write, for example, backprop"
        )
    return word


def file_name(word: str) -> str:
    """The name of an exercise and its files. Raises UsageError."""
    if not _NAME.fullmatch(word) or _RESERVED.fullmatch(word):
        raise UsageError(f"--name: {word!r} can't be the name of the files; write letters, digits, - and _")
    return word


def _existing(options: argparse.Namespace) -> tuple[str, str]:
    """A spec that there is already."""
    path = Path(options.source)
    if not path.exists() and path.suffix not in (".yaml", ".yml"):
        close = nearest(options.source, KINDS)
        guess = (
            f"did you mean {close}?"
            if close
            else f"choose from {', '.join(KINDS)}, or give the path of a spec"
        )
        raise UsageError(f"--from: there is no {options.source!r}; {guess}")
    given = [name for name in ("title", "notation", "function") if getattr(options, name) is not None]
    if given:
        raise UsageError(f"--{given[0]} can't be combined with --from {path}: the spec states it")
    text = adapted(content(path).decode("utf-8", "replace"), str(path))
    return file_name(options.name or path.stem), text


def _draft(options: argparse.Namespace) -> Draft:
    notation = choice("notation", options.notation or NOTATION, NOTATIONS)
    if options.equations:
        stated = _of_equations(options)
    elif options.source:
        kind = KINDS[options.source]
        name, title = f"{options.source}_backward", f"The backward pass of {kind.about}"
        stated = {"name": name, "title": title, "network": kind.network, "loss": "upstream"}
    else:
        stated = _of_layers(options)
    given = {key: getattr(options, key) for key in ("name", "title", "function")}
    chosen = {key: word for key, word in given.items() if word is not None}
    draft = Draft(**{"function": usual_function(options), **stated, **chosen, "notation": notation})
    file_name(draft.name)
    function_name(draft.function)
    _refuse_title(draft.title)
    return draft


def _of_layers(options: argparse.Namespace) -> dict[str, Any]:
    sizes = widths(options.layers or LAYERS)
    loss = choice("loss", options.loss or LOSS, COMPARING)
    if sizes[-1] == 1 and LOSSES[loss]().targets in ("one_hot", "probabilities"):
        raise UsageError(f"--layers: {loss} compares classes; give the last layer at least 2 units")
    activation = choice("activation", options.activation or ACTIVATION, ACTIVATIONS)
    last = choice("output-activation", options.output_activation or WANTED.get(loss, activation), ACTIVATIONS)
    return {
        "name": "backpropagation",
        "title": f"Backpropagation by hand on a {'-'.join(map(str, sizes))} network",
        "network": dense(sizes, activation, last),
        "loss": loss,
        "cases": ["{batch: 1}", "{batch: 7}", f"{{batch: 5, widths: {other_widths(sizes)}}}"],
    }


def _of_equations(options: argparse.Namespace) -> dict[str, Any]:
    """A network in equations, with an axis as long as no other where nobody says how long."""
    text = options.equations
    if "=" not in text:
        text = content(Path(text)).decode("utf-8", "replace")
    lines = [one for line in textwrap.dedent(text).splitlines() for one in _parted(line)]
    network = {key: _mapping(key, getattr(options, key)) for key in ("inputs", "parameters")}
    arrays = [array for stated in network.values() for array in stated.values()]
    axes = dict.fromkeys(axis for array in arrays for axis in _axes(array))
    sizes = {axis: SHORTEST_AXIS + number for number, axis in enumerate(axes)}
    network = {"sizes": {**sizes, **_mapping("sizes", options.sizes)}, **network}
    written = {key: json.dumps(stated, ensure_ascii=False) for key, stated in network.items() if stated}
    return {
        "name": "gradients",
        "title": "Gradients by hand",
        "network": [
            *(f"{key}: {stated}" for key, stated in written.items()),
            "equations: |",
            *(f"  {line}" for line in lines),
        ],
    }


def _parted(line: str) -> Iterator[str]:
    """The equations of one line, each indented as the line is."""
    indent = line[: len(line) - len(line.lstrip())]
    return (f"{indent}{part.strip()}" for part in line.split(";") if part.strip())


def _mapping(option: str, text: str | None) -> Mapping[str, Any]:
    """What stands in an option as it would in a spec. Raises UsageError."""
    import yaml

    try:
        stated = yaml.safe_load(f"{{{text or ''}}}")
    except yaml.YAMLError:
        stated = None
    if not isinstance(stated, dict):
        example = "n: 5, d: 3" if option == "sizes" else "x: [n, d], y: [n]"
        raise UsageError(f"--{option}: {text!r} can't be read; write, for example, '{example}'")
    return {str(key): value for key, value in stated.items()}


def _axes(array: Any) -> Iterator[str]:
    """The axes that have a name."""
    stated = array.get("axes") if isinstance(array, dict) else array
    return (axis for axis in stated if isinstance(axis, str)) if isinstance(stated, list) else iter(())


def _refuse_title(title: str) -> None:
    if not title.isprintable() or not title.strip() or len(title) > LONGEST:
        raise UsageError(f"--title: write one line of at most {LONGEST} printable characters")
