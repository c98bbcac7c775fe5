"""What students begin with: their functions without a body, with the shape of everything."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gradcheck.network.code import Call
from gradcheck.specification.quantity import STRENGTH
from gradcheck.specification.records import CasePlan, Spec
from gradcheck.specification.shapes import shapes

EXAMPLES = "m"
"""Stands for the number of examples in a shape."""
_MANY = 8191
"""A number of examples that is no other length."""


def stub(spec: Spec, calls: Sequence[Call]) -> str:
    """A file that `run` can call, in which nothing is derived yet."""
    head = [f"# {spec.title}", "#", *_comment(spec.notation.about), "", "import numpy as np"]
    bodies = [_by_key(spec)] if spec.contract.by_key else [_body(spec, call) for call in calls]
    return "\n\n\n".join(["\n".join(head), *bodies]) + "\n"


def shape_texts(spec: Spec) -> dict[str, str]:
    """What each quantity is called -> its shape, with letters for what differs from case to case."""
    if spec.model is not None:
        layouts = {**spec.model.handed_over, **spec.model.computed}
        return {name: _tuple(map(str, layout)) for name, layout in layouts.items()}
    known = shapes(spec, CasePlan(batch=_MANY, seed=0))
    named = {spec.notation.symbol(name): known[name] for name in known if name in spec.layered_notation.known}
    return {name: _tuple(EXAMPLES if n == _MANY else str(n) for n in shape) for name, shape in named.items()}


def _tuple(lengths: Iterable[str]) -> str:
    every = [*lengths]
    return f"({', '.join(every)}{',' if len(every) == 1 else ''})" if every else "a number"


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in textwrap.wrap(text, 96))


def _body(spec: Spec, call: Call) -> str:
    given = [source or parameter for parameter, source in call.parameters.items()]
    takes = dict(zip(call.parameters, given, strict=True))
    returned = ", ".join(call.results)
    return "\n".join(
        [
            f"def {call.function}({', '.join(call.parameters)}):",
            *_docstring(spec, takes, call.results),
            *(f"    {name} = ..." for name in call.results),
            f"    return {returned}",
        ]
    )


def _by_key(spec: Spec) -> str:
    """Of the plain contract, dictionaries by symbol."""
    parameters = [name for name in spec.contract.names if name in _parameters(spec)]
    others = [name for name in spec.contract.names if name not in parameters]
    results = [spec.notation.symbol(name) for name in spec.check]
    unpacked = ", ".join(parameters), ", ".join(f'params["{name}"]' for name in parameters)
    return "\n".join(
        [
            f"def backprop({', '.join(['params', *others])}):",
            *_docstring(spec, {name: name for name in (*parameters, *others)}, results),
            *([f"    {unpacked[0]} = {unpacked[1]}"] if parameters else []),
            *(f"    {name} = ..." for name in results),
            f"    return {{{', '.join(f'{chr(34)}{name}{chr(34)}: {name}' for name in results)}}}",
        ]
    )


def _parameters(spec: Spec) -> list[str]:
    """And what else is given by key."""
    stated = spec.model.parameters if spec.model is not None else spec.stack.parameters
    return [spec.notation.symbol(name) for name in (*stated, *spec.contract.given)]


def _docstring(spec: Spec, takes: Mapping[str, str], results: Sequence[str]) -> Iterator[str]:
    known = shape_texts(spec) | {STRENGTH: "a float"}
    examples = f", for all {EXAMPLES} examples at once" if spec.model is None else ""
    yield f'    """Write your derivation here{examples}.'
    width = max(map(len, (*takes, *results)), default=0)
    for headline, rows in (("Takes", takes), ("Returns", dict(zip(results, results, strict=True)))):
        yield ""
        yield f"    {headline}"
        for name, quantity in rows.items():
            yield f"        {name:{width}}  {known.get(quantity, 'what you like')}"
    yield '    """'
