"""The text of a network read into its equations, every axis checked and every fault listed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gradcheck.expr.errors import ExprError
from gradcheck.expr.faults import faults
from gradcheck.expr.layout import Laid, lying, shown
from gradcheck.expr.reader import Scope, Time, read
from gradcheck.expr.registry import nearest
from gradcheck.expr.tree import Axes, Expr, Name, Span
from gradcheck.network.backward import adjoint, backward, title
from gradcheck.network.records import Equation, Loop, Network, Step, equations_of, named, renamed
from gradcheck.network.text import Block, Line, Part, cut

_GRADIENT = re.compile(r"grad(?:ient)?\s*\(\s*(?P<of>[^\W\d]\w*)\s*,\s*(?P<by>[^\W\d]\w*)\s*\)\s*")

MANY = 50
"""With as many faults, of each further equation the first one is looked for, and nothing suggested."""

FARTHEST = 4
"""How many equations are gone back where quantities are made from each other."""

_NAME = re.compile(r"[^\W\d]\w*")

_BEFORE = re.compile(r"(\w+)\s*\[\s*\w+\s*-\s*1\s*\]")
"""`h[t-1]`."""


class EquationsError(ValueError):
    """Everything that is wrong with a network's text, by the place in it."""

    def __init__(self, faults: list[ExprError]) -> None:
        super().__init__(faults)
        self.faults = sorted(faults, key=lambda fault: fault.span)


def read_network(
    text: str,
    given: Mapping[str, Axes],
    axes: Collection[str],
    layouts: Mapping[str, Axes] | None = None,
    broken: Collection[str] = (),
) -> Network:
    """The network that the text states over what is given (name -> layout).

    `axes` are the names that axes may have; `layouts` say how quantities lie where that is not as their
    equation has it; nothing is said of what depends on names that are `broken`. Raises EquationsError, whose
    spans are offsets in the text.
    """
    reader = _NetworkReader({name: lying(layout) for name, layout in given.items()}, axes, layouts or {})
    reader.broken |= set(broken)
    return reader.network(text)


def _makers(part: Part) -> Sequence[Line]:
    """The lines that make a quantity, and not what stands before its first entry."""
    if isinstance(part, Block):
        return [line for line in part.lines if line.index != "-1"]
    return [part] if part.index is None else []


@dataclass
class _NetworkReader:
    given: Mapping[str, Axes]
    axes: Collection[str]
    asked: Mapping[str, Axes]
    """How quantities are to lie."""
    known: dict[str, Axes] = field(default_factory=dict)
    first: dict[str, Laid] = field(default_factory=dict)
    """What stands before the first entry of a quantity in time."""
    pending: set[str] = field(default_factory=set)
    """What the lines of a loop that are still to be read make."""
    broken: set[str] = field(default_factory=set)
    """Quantities whose equation could not be read: nothing more is said of what depends on them."""
    faults: list[ExprError] = field(default_factory=list)
    gradients: dict[str, tuple[str, str]] = field(default_factory=dict)
    makers: dict[str, Line] = field(default_factory=dict)
    """The first line that makes a quantity, by its name."""
    names: dict[str, tuple[Expr, Axes]] = field(default_factory=dict)
    """What is known, as expressions."""

    def network(self, text: str) -> Network:
        self.known = dict(self.given)
        parts = cut(text)
        self.faults += parts.faults
        for line in (line for part in parts.parts for line in _makers(part)):
            self.makers.setdefault(line.name, line)
        self.adjoints = {adjoint(name): name for name in (*self.given, *self.makers)}
        self.looped = {line.name for part in parts.parts if isinstance(part, Block) for line in part.lines}
        self.text = text
        steps: list[Step] = []
        for part in parts.parts:
            if isinstance(part, Block):
                steps += self._loop(part)
            elif part.index is not None:
                self._first_state(part)
            elif match := _GRADIENT.fullmatch(part.right):
                steps += self._gradient(part, match, steps)
            else:
                steps += self._equation(part, None)
        if not steps and not self.faults and not self.broken:
            self.faults.append(ExprError("there is no equation: write lines `name = expression`", (0, 1)))
        if self.faults:
            raise EquationsError(self.faults)
        return Network(self.given, tuple(steps), self.gradients)

    def _gradient(self, line: Line, match: re.Match[str], steps: list[Step]) -> list[Step]:
        """`g = gradient(J, W)`: the equations of J's reverse pass that it takes, and g."""
        of, by = match["of"], match["by"]
        if not self._may_name(line) or not self._can_be_derived(line, match):
            self.broken.add(line.name)
            return []
        reverse = backward(Network(self.given, tuple(steps), self.gradients), objective=of)
        titles = {title(name, reverse.given): f"d{of}_d{name}" for name in self.known}
        called = renamed(Network({}, reverse.steps), titles)
        if f"d{of}_d{by}" not in called.equations:
            self._fault(f"{of} does not depend on {by}", line.span)
            return []
        new = [step for step in called.steps if not {e.name for e in equations_of(step)} <= self.known.keys()]
        self.known |= {e.name: e.layout for step in new for e in equations_of(step)}
        self.known[line.name] = self.known[by]
        self.gradients[line.name] = of, by
        value = called.quantity(f"d{of}_d{by}")
        return [*new, Equation(line.name, value, self.known[by], self._line_number(line))]

    def _can_be_derived(self, line: Line, match: re.Match[str]) -> bool:
        of = match["of"]
        for place in ("of", "by"):
            name = match[place]
            if name not in self.known:
                if name not in self.broken:
                    start = line.right_start + match.start(place)
                    unknown = f"there is no {name} here{nearest(name, [*self.known])}"
                    reason = self._later(name, line) or unknown
                    self._fault(reason, (start, start + len(name)))
                return False
            if name in self.looped:
                reason = f"a gradient by or of what a loop makes is not derived, and a loop makes {name}"
                self._fault(reason, line.span)
                return False
        if named(self.known[of]):
            axes = ", ".join(named(self.known[of]))
            reason = f"gradient is of a single number, and {of} has the axes {axes}: sum over them before"
            self._fault(reason, (line.right_start, line.right_start + len(line.right)))
            return False
        return True

    def _equation(self, line: Line, time: Time | None) -> list[Equation]:
        if not self._may_name(line):
            self.broken.add(line.name)
            return []
        laid = self._read(line, time)
        if laid is None:
            self.broken.add(line.name)
            return []
        layout = self._layout(line, laid, time)
        self.known[line.name] = layout
        self.names.pop(line.name, None)  # what was expected of it may have lain otherwise
        return [Equation(line.name, laid.expression, layout, self._line_number(line))]

    def _loop(self, block: Block) -> list[Step]:
        if block.axis not in self.axes:
            reason = f"{block.axis} is no axis; there are {', '.join(self.axes)}"
            self._fault(reason, (block.axis_start, block.axis_start + len(block.axis)))
            self.broken |= {line.name for line in block.lines}
            return []
        if block.index in (*self.known, *self.axes):
            reason = f"{block.index} is {'an axis' if block.index in self.axes else 'a quantity'} here: "
            self._fault(f"{reason}let another letter stand for the time", (block.start, block.axis_start))
        time = Time(block.index, block.axis)
        self.pending = {line.name for line in block.lines}
        for line in block.lines:
            if line.name in self.first and line.name not in self.known:
                self.known[line.name] = self._expected(line.name, time)
        expected = dict(self.known)
        equations = [equation for line in block.lines for equation in self._looped_line(line, time)]
        for equation in equations:
            before = expected.get(equation.name)
            if before is not None and set(before) != set(equation.layout):
                self._unlike(equation, before, time)
        return [Loop(block.axis, tuple(equations))] if equations else []

    def _looped_line(self, line: Line, time: Time) -> list[Equation]:
        if line.index == "-1":
            self._fault(
                f"{line.name}[-1] stands before the first time: put this line in front of the loop", line.span
            )
            return []
        if line.index != time.index:
            index = f"[{line.index}]" if line.index else ""
            reason = f"in a loop an entry is made: write {line.name}[{time.index}] for {line.name}{index}"
            self._fault(reason, line.span)
            self.broken.add(line.name)
            return []
        equations = self._equation(line, time)
        self.pending.discard(line.name)
        return equations

    def _first_state(self, line: Line) -> None:
        if line.index != "-1":
            reason = f"{line.name}[{line.index}] stands in no loop: write it under `for t in T:`"
            if line.name in self.looped:
                reason = (
                    f"a loop makes the entries of {line.name}; what stands before them is {line.name}[-1]"
                )
            else:
                self.broken.add(line.name)
            self._fault(reason, line.span)
            return
        if line.name in self.first:
            self._fault(f"what stands before the first {line.name} is said twice: keep one line", line.span)
        elif line.name not in self.known and line.name not in self.looped:
            reason = (
                f"{line.name} is made in no loop, so nothing stands before its first: leave this line out"
            )
            self._fault(reason, line.span)
        else:
            laid = self._read(line, None)
            if laid is not None:
                self.first[line.name] = laid

    def _expected(self, name: str, time: Time) -> Axes:
        """How a quantity with a first state lies, before its own equation is read."""
        if name in self.asked:
            return lying(self.asked[name])
        return _with_time(self.first[name].layout, time)

    def _layout(self, line: Line, laid: Laid, time: Time | None) -> Axes:
        layout = _with_time(laid.layout, time) if time else laid.layout
        if line.name not in self.asked:
            return layout
        asked = lying(self.asked[line.name])
        if set(named(asked)) != set(named(layout)):
            reason = f"{line.name} is made with the axes {shown(layout)}, and `layout` says {shown(asked)}"
            self._fault(reason, line.span)
        return asked

    def _may_name(self, line: Line) -> bool:
        """Whether a line may make the quantity that it names."""
        earlier = self.makers.get(line.name, line)
        if line.name in self.axes:
            self._fault(f"{line.name} is an axis, too: give one of them another name", line.span)
        elif line.name in self.given:
            self._fault(f"{line.name} is given: it can't be made by an equation, too", line.span)
        elif earlier is not line:
            number = self._line_number(earlier)
            self._fault(f"{line.name} is made twice; line {number} of the equations makes it, too", line.span)
        elif line.name in self.adjoints:
            of = self.adjoints[line.name]
            self._fault(
                f"{line.name} is what the gradient of {of} is called: give it another name", line.span
            )
        else:
            return True
        return False

    def _read(self, line: Line, time: Time | None) -> Laid | None:
        for name in self.known.keys() - self.names.keys():
            self.names[name] = Name(name, named(self.known[name])), self.known[name]
        first: Mapping[str, Expr] = {name: laid.expression for name, laid in self.first.items()}
        pending = frozenset(self.pending) if time else frozenset()
        many = len(self.faults) >= MANY
        scope = Scope(
            self.names, {axis: (axis,) for axis in self.axes}, time, first, pending, suggests=not many
        )
        try:
            return read(line.right, scope)
        except ExprError as error:
            others = [] if many else faults(line.right, scope)
            by_span = {fault.span: fault for fault in (*others, error)}
            for (start, end), fault in by_span.items():
                word = line.right[start:end]
                if word.split("[")[0] not in self.broken:
                    reason = self._no_first(line.right, fault.span, time) or self._later(word, line)
                    self._fault(reason or fault.reason, (line.right_start + start, line.right_start + end))
        return None

    def _no_first(self, text: str, span: Span, time: Time | None) -> str | None:
        """What is wrong where the time before is read, and the first one isn't said or is a number."""
        match = _BEFORE.match(text, span[0])
        if time is None or match is None:
            return None
        name = match[1]
        if name in self.pending and name not in self.first:
            return (
                f"what stands before the first {name} is not said: put a line in front of the loop, as in "
                f"{name}[-1] = 0"
            )
        if name in self.first and name not in self.asked and not self.first[name].layout:
            return (
                f"{name}[-1], which stands before the first, is a single number: where {name}[{time.index}] "
                f"is an array, say how {name} lies, as in layout: {{{name}: [n, {time.axis}, u]}}"
            )
        return None

    def _later(self, word: str, line: Line) -> str | None:
        """What is wrong where a name is made only further down."""
        if word in self.known:
            return None
        name = word.split("[")[0]
        maker = self.makers.get(name)
        if maker is None or name in self.known:
            return None
        if maker is line:
            return f"{name} is made from itself: give what it is made from another name"
        if way := self._way(name, line.name):
            links = ", ".join(f"{one} from {other}" for one, other in pairwise([line.name, *way]))
            return f"each is made from the next, {links}: none of them can be the first"
        return f"{name} is used before it is made; line {self._line_number(maker)} of the equations makes it"

    def _way(self, start: str, goal: str) -> list[str]:
        """The names from one to another, each made from the next; none where there is no short way."""
        ways = {start: [start]}
        for name in (waiting := [start]):
            if len(ways[name]) > FARTHEST:
                break
            reads = _NAME.findall(self.makers[name].right)
            new = {read: [*ways[name], read] for read in reads if read in self.makers and read not in ways}
            ways |= new
            waiting += new
        return ways.get(goal, [])

    def _unlike(self, equation: Equation, before: Axes, time: Time) -> None:
        line = self.makers[equation.name]
        reason = (
            f"{line.name}[{time.index}] has the axes {shown(_without(equation.layout, time))}, and what "
            f"stands before the first, {line.name}[-1], has {shown(_without(before, time))}: say how "
            f"{line.name} lies, as in layout: {{{line.name}: {shown(equation.layout)}}}"
        )
        self._fault(reason, line.span)

    def _line_number(self, line: Line) -> int:
        return self.text.count("\n", 0, line.start) + 1

    def _fault(self, reason: str, span: tuple[int, int]) -> None:
        self.faults.append(ExprError(reason, span))


def _with_time(layout: Axes, time: Time) -> Axes:
    """The layout of what is made in a loop: the loop's axis stands before the last one."""
    return (*layout[:-1], time.axis, *layout[-1:])


def _without(layout: Axes, time: Time) -> Axes:
    return tuple(axis for axis in layout if axis != time.axis)
