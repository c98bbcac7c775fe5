"""NumPy: code that runs, `dW1 = x.T @ dz1`, `db1 = np.sum(dz1, axis=0)`. Axes are matched by their places."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gradcheck.expr.arithmetic import WHERE
from gradcheck.expr.layout import UNNAMED
from gradcheck.expr.operation import Along, Entrywise, Moving
from gradcheck.expr.registry import CALLED, MOVING, OVER
from gradcheck.expr.tree import Axes, axis_of
from gradcheck.expr.windows import Overlap2d, Windows2d
from gradcheck.expr.writing.dialect import (
    ATOM,
    POWER,
    PRODUCT,
    Dialect,
    Moment,
    Piece,
    broadcasts,
    gone,
    moved_layout,
)

_MOVES = (*MOVING.values(), Windows2d(), Overlap2d())
_HELPERS = {op.numpy[len("def ") : op.numpy.find("(")]: op.numpy for op in _MOVES}


@dataclass(frozen=True)
class NumPyCode(Dialect):
    """Python that evaluates to arrays which lie as asked for."""

    sizes: Mapping[str, str]
    """Axis -> code for its length."""
    options: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """What a function that moves entries takes -> a number, and the variable that holds it."""

    by_place = True
    outer = "np.outer({}, {})"

    def name(self, text: str, layout: Axes, time: Moment | None) -> Piece:
        """`h[:, t - 1]`."""
        text = variable(text)
        if time is None:
            return Piece(text, ATOM)
        return Piece(self.entry(Piece(text, ATOM, layout), time), ATOM)

    def constant(self, symbol: str) -> Piece:
        """`np.pi`."""
        return Piece(f"np.{symbol}", ATOM)

    def entry(self, piece: Piece, time: Moment) -> str:
        """`cumsum(x, axis=1)[:, t]`."""
        colons = ":, " * piece.layout.index(time.axis)
        return f"{self.least(piece, ATOM)}[{colons}{time.written('{} {} {}')}]"

    def size(self, axis: str) -> Piece:
        """`len(x)`, `x.shape[1]`."""
        return Piece(self.sizes[axis_of(axis)], ATOM)

    def powered(self, base: Piece, exponent: Piece) -> Piece:
        """`x**2`."""
        base, exponent = _number(base), _number(exponent)
        return Piece(f"{self.least(base, ATOM)}**{self.least(exponent, POWER)}", POWER)

    def called(self, operation: Entrywise, arguments: Sequence[Piece]) -> Piece:
        """`np.tanh(x)`."""
        name = operation.name if _is_source(operation.numpy) else operation.numpy
        if isinstance(operation.value, np.ufunc):
            name = f"np.{operation.value.__name__}"
        of = [one if operation is WHERE and not n else _number(one) for n, one in enumerate(arguments)]
        return Piece(f"{name}({', '.join(one.text for one in of)})", ATOM)

    def gone_over(self, operation: Along, of: Piece, over: Axes, want: Axes) -> Piece:
        """`np.sum(x, axis=1, keepdims=True)`."""
        where = [of.layout.index(axis) for axis in over]
        axis = str(where[0]) if len(where) == 1 else f"({', '.join(map(str, sorted(where)))})"
        layout = gone(operation, of.layout, over)
        text = _number(of).text
        if operation.numpy:
            return Piece(f"{operation.name}({text}, axis={axis})", ATOM, layout)
        kept = tuple(UNNAMED if axis in over else axis for axis in of.layout)
        if not operation.keeps and not broadcasts(layout, want) and broadcasts(kept, want):
            return Piece(f"np.{operation.name}({text}, axis={axis}, keepdims=True)", ATOM, kept)
        if not layout:
            return Piece(f"np.{operation.name}({text})", ATOM)
        return Piece(f"np.{operation.name}({text}, axis={axis})", ATOM, layout)

    def contracted(self, parts: Sequence[Piece], over: Axes, want: Axes) -> Piece:
        """`np.einsum("ntd,ntu->du", x, dz)`."""
        axes = list(dict.fromkeys(axis for part in parts for axis in part.layout))
        letters = dict(zip(axes, _letters(axes), strict=True))
        left = [axis for axis in axes if axis not in over and axis != UNNAMED]
        layout = want if sorted(want) == sorted(left) else tuple(left)
        subscripts = ",".join("".join(letters[axis] for axis in part.layout) for part in parts)
        result = "".join(letters[axis] for axis in layout)
        operands = ", ".join(_number(part).text for part in parts)
        return Piece(f'np.einsum("{subscripts}->{result}", {operands})', ATOM, layout)

    def moved(self, operation: Moving, arguments: Sequence[Piece], over: Axes) -> Piece:
        """`windows(x, lengths=(4, 3), stride=1, padding=0)`: a function that is defined above the code."""
        layouts = [argument.layout for argument in arguments]
        if operation.compares and arguments[0].text == "1":
            above = {">": ", 1", ">=": ""}[operation.compares]
            return Piece(f"np.triu(np.ones({self.shape(over)}){above})", ATOM, over)
        if operation.symbol:
            text = ", ".join(_number(one).text for one in arguments)
            return Piece(f"{operation.symbol}({text})", ATOM, moved_layout(operation, layouts, over))
        if operation.name == "repeat" and self.size(over[0]).text == "1":
            return Piece(f"{self.least(arguments[0], ATOM)}[None]", ATOM, (*over, *layouts[0]))
        if operation.name == "part" and operation.numbers["block"] == -1:
            return self._last(arguments[0], over)
        if operation.name == "first":
            colons = ":, " * layouts[0].index(over[0])
            return Piece(f"{self.least(arguments[0], ATOM)}[{colons}0]", ATOM, gone_from(layouts[0], over))
        cores, new = operation.core(layouts, over)
        if operation.name == "concat" and (stacked := self._stacked(arguments, cores, new)):
            return stacked
        gone = {axis for core in cores for axis in core}
        front = tuple(
            dict.fromkeys(a for one in arguments for a in one.layout if a not in gone and a != UNNAMED)
        )
        arrays = [self._cored(one, front, core) for one, core in zip(arguments, cores, strict=True)]
        name, parameters = operation.numpy[len("def ") : operation.numpy.index("):")].split("(")
        named = [
            f"{word}={self._parameter(word, operation, cores, new)}"
            for word in parameters.split(", ")[operation.arrays :]
        ]
        texts = ", ".join([*(_number(array).text for array in arrays), *named])
        return Piece(f"{name}({texts})", ATOM, (*front, *new))

    def _last(self, piece: Piece, over: Axes) -> Piece:
        """`x[:, -3:]`, and `W[1:]` of an axis that is longer by one."""
        whole, part = over
        start = "1" if whole == f"{part}_and_1" else f"-{self.least(self.size(part), ATOM)}"
        text = f"{self.least(piece, ATOM)}[{':, ' * piece.layout.index(whole)}{start}:]"
        return Piece(text, ATOM, tuple(part if axis == whole else axis for axis in piece.layout))

    def _stacked(self, arguments: Sequence[Piece], cores: Sequence[Axes], new: Axes) -> Piece | None:
        """`np.concatenate([x1, x2], axis=1)` of arrays that lie alike; None of others."""
        pairs = zip(arguments, cores, strict=True)
        whole = [tuple(new[0] if a == core[0] else a for a in one.layout) for one, core in pairs]
        if whole[0] != whole[1]:
            return None
        axis = whole[0].index(new[0])
        texts = [_number(one).text for one in arguments]
        if axis == 0 and len(whole[0]) == 2:
            return Piece(f"np.vstack([{', '.join(t.removesuffix('[None]') for t in texts)}])", ATOM, whole[0])
        return Piece(f"np.concatenate([{', '.join(texts)}], axis={axis})", ATOM, whole[0])

    def _cored(self, piece: Piece, front: Axes, core: Axes) -> Piece:
        """An argument with the axes from which entries are moved last, repeated along those that it lacks."""
        target = (*front, *core)
        return self.fitted(piece, target) if set(core) <= set(piece.layout) else self.whole(piece, target)

    def _parameter(self, word: str, operation: Moving, cores: Sequence[Axes], new: Axes) -> str:
        """What a function that moves entries is called with."""
        if word == "core":
            return str(len(cores[-1]))
        if word in ("length", "lengths"):
            sizes = [self.size(axis).text for axis in new]
            return sizes[-1] if word == "length" else f"({', '.join(sizes)})"
        if word == "size":
            return f"({', '.join(self.size(axis).text for axis in new[-2:])})"
        number, variable = self.options.get(word, (None, ""))
        return variable if number == operation.numbers[word] else str(operation.numbers[word])

    def summed_over_time(self, term: Piece, time: Moment) -> Piece:
        """`sum(x[t].T @ dz[t] for t in range(len(x)))`."""
        text = _number(term).text
        return Piece(f"sum({text} for {time.index} in range({self.size(time.axis).text}))", ATOM)

    def at_time(self, inside: Piece, time: Moment, otherwise: Piece) -> Piece:
        """`(h[:, t - 1] if t > 0 else h0)`."""
        inside, otherwise = _number(inside), _number(otherwise)
        exists = f"{time.index} > {-time.offset - 1}"
        if time.offset > 0:
            exists = f"{time.written('{} {} {}')} < {self.size(time.axis).text}"
        zeros = time.offset < 0 and otherwise.text == "0" and inside.layout  # a number has no matrix product
        instead = f"np.zeros_like({inside.text})" if zeros else otherwise.text
        return Piece(f"({inside.text} if {exists} else {instead})", ATOM)

    def loop(self, time: Moment, *, backwards: bool) -> str:
        """`for t in reversed(range(x.shape[1])):`."""
        times = f"range({self.size(time.axis).text})"
        return f"for {time.index} in {f'reversed({times})' if backwards else times}:"

    def fitted(self, piece: Piece, target: Axes) -> Piece:
        """The piece transposed and with axes of length one, so that it broadcasts against the target."""
        piece = super().fitted(piece, target)
        if broadcasts(piece.layout, target):
            return piece
        if UNNAMED in piece.layout:
            index = ", ".join("0" if axis == UNNAMED else ":" for axis in piece.layout)
            named = tuple(axis for axis in piece.layout if axis != UNNAMED)
            text = f"{self.least(piece, ATOM)}[{index.removesuffix(', :')}]"
            piece = replace(piece, text=text, level=ATOM, layout=named)
        if broadcasts(piece.layout, target):
            return piece
        ordered = tuple(sorted(piece.layout, key=target.index))
        if ordered != piece.layout:
            order = ", ".join(str(piece.layout.index(axis)) for axis in ordered)
            text = f"np.transpose({piece.text}, ({order}))"
            piece = replace(piece, text=text, level=ATOM, layout=ordered)
        layout = tuple(axis if axis in ordered else UNNAMED for axis in target[target.index(ordered[0]) :])
        if layout == ordered:
            return piece
        index = ", ".join("None" if axis == UNNAMED else ":" for axis in layout)
        return replace(piece, text=f"{self.least(piece, ATOM)}[{index}]", level=ATOM, layout=layout)

    def whole(self, piece: Piece, target: Axes) -> Piece:
        """The piece, repeated along the axes that it lacks."""
        piece = self.fitted(_number(piece), target)
        if piece.layout == target:
            return piece
        return Piece(f"np.broadcast_to({piece.text}, {self.shape(target)})", ATOM, target)

    def shape(self, layout: Axes) -> str:
        """`(len(x), 1)`."""
        lengths = ["1" if axis == UNNAMED else self.size(axis).text for axis in layout]
        return f"({', '.join(lengths)}{',' if len(lengths) == 1 else ''})"

    def zeros(self, layout: Axes) -> Piece:
        """`np.zeros((len(x), 3))`."""
        return Piece(f"np.zeros({self.shape(layout)})", ATOM, layout)

    def joined(self, layouts: Sequence[Axes]) -> Axes:
        """Place by place from the right; by names where they don't meet so, and have to be fitted first."""
        longest = max(layouts, key=len, default=())
        result = list(longest)
        for layout in layouts:
            for n, axis in enumerate(layout, len(longest) - len(layout)):
                result[n] = axis if result[n] == UNNAMED else result[n]
                if axis not in (UNNAMED, result[n]):
                    return super().joined(layouts)
        repeated = [axis for axis in result if axis != UNNAMED and result.count(axis) > 1]
        return super().joined(layouts) if repeated else tuple(result)

    def multiplied(self, left: Piece, right: Piece) -> Piece:
        """A product, of numbers."""
        return super().multiplied(_number(left), right)

    def matrix_product(self, left: Piece, right: Piece) -> Piece:
        """A product of matrices, of numbers."""
        return super().matrix_product(_number(left), right)

    def outer_product(self, left: Piece, right: Piece) -> Piece:
        """The products of the entries of two vectors, of numbers."""
        return super().outer_product(_number(left), right)

    def quotient(self, left: Piece, right: Piece) -> Piece:
        """A fraction, of numbers."""
        return super().quotient(_number(left), _number(right))

    def added(self, left: Piece, right: Piece) -> Piece:
        """A sum, of numbers."""
        return super().added(_number(left), _number(right))

    def subtracted(self, left: Piece, right: Piece) -> Piece:
        """A difference, of numbers."""
        return super().subtracted(_number(left), _number(right))

    def negative(self, of: Piece) -> Piece:
        """A number with its sign changed."""
        return super().negative(_number(of))


def gone_from(layout: Axes, over: Axes) -> Axes:
    """The axes that are left where those are gone."""
    return tuple(axis for axis in layout if axis not in over)


def helpers(code: str) -> str:
    """The imports and the definitions of functions that NumPy lacks, for code that calls them."""
    sources: dict[str, str] = {}
    pending = [code]
    while pending:
        text = pending.pop()
        for name in re.findall(r"(?<![\w.])(\w+)\(", text):
            source = _source(name)
            if source and name not in sources:
                sources[name] = source
                pending.append(source)
    imports = "import math\n\n" if any("math." in source for source in sources.values()) else ""
    return "\n\n".join([f"{imports}import numpy as np\n", *sorted(sources.values())])


def variable(name: str) -> str:
    """The name of a quantity as that of a variable which hides nothing that the code needs."""
    return f"{name}_" if is_reserved(name) or _source(name) else name


def is_reserved(name: str) -> bool:
    """Whether a name means something in the code already, whatever functions it calls."""
    return keyword.iskeyword(name) or name in ("np", "math", "sum", "len", "range", "reversed")


def _source(name: str) -> str:
    operation = CALLED.get(name) or OVER.get(name)
    if operation is None or not _is_source(operation.numpy):
        return _HELPERS.get(name, "")
    parameters = "x" if operation.arity == 1 else ", ".join(f"x{n + 1}" for n in range(operation.arity))
    axis = ", axis" if isinstance(operation, Along) else ""
    lines = operation.numpy.splitlines()
    return (
        f"def {name}({parameters}{axis}):\n    " + "\n    ".join([*lines[:-1], f"return {lines[-1]}"]) + "\n"
    )


def _is_source(text: str) -> bool:
    """Whether it is more than the name of a function."""
    return not re.fullmatch(r"[\w.]*", text)


def _number(piece: Piece) -> Piece:
    """The piece as a number, where it is true or false."""
    if not piece.is_boolean:
        return piece
    text = f"({piece.text})" if piece.level < PRODUCT else piece.text
    return replace(piece, text=f"1.0 * {text}", level=PRODUCT, is_boolean=False)


def _letters(axes: Sequence[str]) -> Iterator[str]:
    """A letter of its own for each axis, its first where that is free."""
    used: set[str] = set()
    for axis in axes:
        letter = next(
            x for x in (*axis[0].lower(), *"abcdefghijklmnopqrstuvwxyz") if x.isalpha() and x not in used
        )
        used.add(letter)
        yield letter
