"""Networks as code: a function that makes the quantities asked for from those that are given."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gradcheck.expr.tree import Axes, axis_of
from gradcheck.expr.writing.dialect import Moment
from gradcheck.expr.writing.numpy_code import NumPyCode, helpers, is_reserved, variable
from gradcheck.expr.writing.walk import Writer
from gradcheck.network.backward import backward
from gradcheck.network.records import Equation, Network, Step, equations_of
from gradcheck.network.write import write_equation, writer_of


def with_backward(network: Network, upstream: Iterable[str] | None = None) -> Network:
    """The network and, behind its equations, those of its adjoints."""
    reverse = backward(network, upstream)
    given = {name: layout for name, layout in reverse.given.items() if name not in network.equations}
    return Network(given, (*network.steps, *reverse.steps))


@dataclass(frozen=True)
class Call:
    """`out, cache = forward(x, W)`: what is no quantity, a cache, hands quantities on to later calls."""

    function: str
    parameters: Mapping[str, str | None]
    """What the function calls each parameter -> the quantity or cache that it is handed; None of what is
    neither, a constant."""
    results: tuple[str, ...]
    keywords: frozenset[str] = frozenset()
    """The parameters that are called by name."""
    constants: Mapping[str, int] = field(default_factory=dict)
    """Parameters that are handed a whole number -> that."""
    hiding: frozenset[str] = frozenset()
    """Names of parameters that would hide a function which the code calls."""

    @property
    def options(self) -> list[str]:
        """The parameters called by name whose names would hide what the code needs."""
        several = [name for name in self.parameters if name in self.keywords]
        return [name for name in several if is_reserved(name) or name in self.hiding]

    def variable(self, parameter: str) -> str:
        """How the function reads a parameter."""
        if parameter in self.options:
            return f'options["{parameter}"]'
        return parameter if parameter in self.keywords else variable(parameter)

    @property
    def signature(self) -> str:
        """`def forward(x, W, **options):`."""
        plain = [self.variable(name) for name in self.parameters if name not in self.options]
        return f"def {self.function}({', '.join([*plain, *['**options'] * bool(self.options)])}):"

    @property
    def arguments(self) -> list[str]:
        """The quantities and caches that it is handed."""
        return [name for name in self.parameters.values() if name is not None]


def write_function(
    network: Network,
    results: Iterable[str],
    name: str = "backward",
    parameters: Collection[str] | None = None,
    lengths: Mapping[str, int] | None = None,
) -> str:
    """NumPy code: imports, functions that NumPy lacks, and `def backward(x, W1, ...)`, which returns results.

    Only what the results need is computed. The parameters are the given quantities that this reads, unless
    they are listed; what is listed and made by an equation is taken as it is handed in. The length of an axis
    that no parameter has is that of `lengths`.
    """
    wanted = tuple(results)
    if parameters is None:
        read = _read(_needed(network, wanted, set())) | set(wanted)
        parameters = [q for q in network.given if q in read]
    return write_functions(network, [Call(name, {q: q for q in parameters}, wanted)], lengths)


@dataclass(frozen=True)
class Style:
    """What makes a solution easier to read."""

    counts: Mapping[str, str] = field(default_factory=dict)
    """Axis -> a variable for its length: m."""
    gradients: Collection[str] = ()
    """The quantities of the reverse pass: a comment stands above the first of them, and above the others."""


PLAIN = Style()


def write_functions(
    network: Network,
    calls: Sequence[Call],
    lengths: Mapping[str, int] | None = None,
    style: Style = PLAIN,
) -> str:
    """NumPy code of all functions that are called, one after the other, with `write_function`'s care."""
    caches: dict[str, tuple[str, ...]] = {}
    for n, call in enumerate(calls):
        known = _reachable(network, _quantities(call.arguments, caches))
        for cache in (name for name in call.results if name not in network.layouts):
            later = [other for other in calls[n + 1 :] if cache in other.arguments]
            read = {q for other in later for q in _read_in(network, other, known)}
            caches[cache] = tuple(q for q in network.layouts if q in read & known)
    code = "\n\n".join(_definition(network, call, caches, lengths or {}, style) for call in calls)
    return f"{helpers(code)}\n\n{code}"


def _definition(
    network: Network,
    call: Call,
    caches: Mapping[str, tuple[str, ...]],
    lengths: Mapping[str, int],
    style: Style,
) -> str:
    known, asked = _quantities(call.arguments, caches), _quantities(call.results, caches)
    sizes = {axis: str(length) for axis, length in lengths.items()}
    sizes |= _sizes({q: network.layouts[q] for q in known})
    counts = {letter: sizes[axis] for axis, letter in style.counts.items() if axis in sizes}
    counts = {letter: size for letter, size in counts.items() if not size.isdigit() and letter not in known}
    counted = {axis: letter for axis, letter in style.counts.items() if letter in counts}
    sizes |= counted
    writer = writer_of(network, NumPyCode(sizes, _options(call)))
    forward, backward = list[str](), list[str]()
    for step in _needed(network, asked, set(known)):
        is_back = bool(backward) or equations_of(step)[0].name in style.gradients
        lines = backward if is_back else forward
        lines += _lines(step, replace(writer, dialect=NumPyCode(sizes, _options(call))))
        known += [equation.name for equation in equations_of(step)]
        sizes |= _sizes({q: network.layouts[q] for q in known}) | counted
    body = _titled(forward, backward) if style.gradients else forward
    text = "\n".join(body)
    if hidden := {name for name in call.keywords - call.hiding if re.search(rf"(?<![\w.]){name}\(", text)}:
        return _definition(network, replace(call, hiding=call.hiding | hidden), caches, lengths, style)
    used = [f"{n} = {size}" for n, size in counts.items() if re.search(rf"(?<![\w.]){n}(?!\w)", text)]
    returned = [_tuple(caches[name]) if name in caches else variable(name) for name in call.results]
    above = [*_unpacked(call, caches), *used]
    body = [*above, *(body if above else body[body[:1] == [""] :]), f"return {', '.join(returned)}"]
    return "\n".join([call.signature, *(f"    {line}" if line else "" for line in body)]) + "\n"


def _titled(forward: list[str], backward: list[str]) -> list[str]:
    """The lines of both passes, each under a comment where there are both."""
    if not forward or not backward:
        return [*forward, *backward]
    return ["", "# forward", *forward, "", "# backward", *backward]


_MEANT = {"pad": "padding", "padding": "padding", "stride": "stride"}
"""What a parameter of an exercise is called -> what it is of an operation."""


def _options(call: Call) -> dict[str, tuple[int, str]]:
    """What operations take -> the number that a parameter has, and how the function reads it."""
    named = {word: number for word, number in call.constants.items() if word in _MEANT}
    return {_MEANT[word]: (number, call.variable(word)) for word, number in named.items()}


def _unpacked(call: Call, caches: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The lines that give what a function is handed the names by which equations go."""
    for parameter, name in call.parameters.items():
        if name is None or caches.get(name) == ():
            continue
        if name in caches:
            yield f"{_tuple(caches[name]).strip('()')} = {call.variable(parameter)}"
        elif name != parameter:
            yield f"{variable(name)} = {call.variable(parameter)}"


def _tuple(names: Sequence[str]) -> str:
    return f"({', '.join(map(variable, names))}{',' if len(names) == 1 else ''})"


def _quantities(names: Iterable[str], caches: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The quantities among names, and those that caches hold."""
    return [q for name in names for q in caches.get(name, (name,))]


def _read(steps: Iterable[Step]) -> set[str]:
    """What steps read."""
    return {q for step in steps for equation in equations_of(step) for q in equation.expression.reads}


def _read_in(network: Network, call: Call, known: set[str]) -> set[str]:
    """What a call reads or returns of what is known before, and is not handed to it."""
    results = [name for name in call.results if name in network.layouts]
    read = _read(_needed(network, results, known | set(call.arguments)))
    return (read | set(results)) - set(call.arguments)


def _reachable(network: Network, known: Iterable[str]) -> set[str]:
    """What can be computed from what is known."""
    reached = set(known)
    for step in network.steps:
        new = {equation.name for equation in equations_of(step)}
        if _read([step]) <= reached | new:
            reached |= new
    return reached


def _needed(network: Network, results: Iterable[str], known: set[str]) -> list[Step]:
    """The steps that the results depend on, in their order; what is known need not be made."""
    needed, steps = set(results), list[Step]()
    for step in reversed(network.steps):
        if any(equation.name in needed - known for equation in equations_of(step)):
            needed |= _read([step])
            steps.insert(0, step)
    return steps


def _sizes(layouts: Mapping[str, Axes]) -> dict[str, str]:
    """Code for the length of each axis, by the first array that has it."""
    sizes: dict[str, str] = {}
    for name, layout in layouts.items():
        for n, axis in enumerate(layout):
            text = variable(name)
            sizes.setdefault(axis_of(axis), f"{text}.shape[{n}]" if n else f"len({text})")
    return sizes


def _lines(step: Step, writer: Writer) -> Iterator[str]:
    if isinstance(step, Equation):
        yield write_equation(step, writer)
        return
    for equation in step.equations:
        yield f"{variable(equation.name)} = {writer.dialect.zeros(equation.layout).text}"
    time = Moment(step.axis, writer.loops[step.axis])
    yield writer.dialect.loop(time, backwards=step.backwards)
    for equation in step.equations:
        yield f"    {write_equation(equation, replace(writer, moment=time))}"
