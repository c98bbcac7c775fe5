"""What a function is called with, and which of it can be differentiated by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradcheck.arrays import Array
from gradcheck.errors import UsageError
from gradcheck.function.signature import Signature
from gradcheck.function.trees import Tree, built, leaves, map_leaves, tree
from gradcheck.function.values import FLOATS, Argument, Kind, as_floats

Group = tuple[str, ...]
"""Arguments that a gradient may be about, by name."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of the function, and what it is given."""

    name: str
    tree: Tree
    keyword: bool = False
    """Whether it is given by its name alone, `f(w, *, scale)`."""

    def has(self, *kinds: Kind) -> bool:
        """Whether any of its values is of one of these kinds."""
        return any(leaf.kind in kinds for leaf in leaves(self.tree))

    def with_floats(self) -> Parameter:
        """All its numbers ready to be moved."""
        return replace(self, tree=map_leaves(as_floats, self.tree))


@dataclass(frozen=True)
class Arguments:
    """The arguments of one call."""

    parameters: tuple[Parameter, ...]

    def __iter__(self) -> Iterator[Argument]:
        """All values, the parts of nested ones one by one."""
        for parameter in self.parameters:
            yield from leaves(parameter.tree)

    def given(self, value: Callable[[Argument], Any]) -> tuple[list[Any], dict[str, Any]]:
        """The positional and the named arguments of a call, from what each value is to be."""
        plain = [built(p.tree, value) for p in self.parameters if not p.keyword]
        return plain, {p.name: built(p.tree, value) for p in self.parameters if p.keyword}

    def moved(self, arrays: Mapping[str, Array]) -> Arguments:
        """The same call at another point: some of its floats replaced, by name."""

        def move(a: Argument) -> Argument:
            return replace(a, value=arrays[a.name]) if a.name in arrays else a

        return Arguments(tuple(replace(p, tree=map_leaves(move, p.tree)) for p in self.parameters))

    def named(self, names: Sequence[str]) -> list[Parameter]:
        """The parameters of these names, in this order."""
        by_name = {parameter.name: parameter for parameter in self.parameters}
        return [by_name[name] for name in names]

    def floats_of(self, group: Group) -> Group:
        """The names of all floats that the parameters of a group hold."""
        return tuple(a.name for p in self.named(group) for a in leaves(p.tree) if a.kind in FLOATS)


def read(f: Callable[..., Any], x: Any, names: Sequence[str] | None, wrt: Group = ()) -> Arguments:
    """The arguments of the call `f(*x)`, or `f(x)` where x is no tuple; those of `wrt` ready to be moved.

    Whole numbers stay what they are beside floats, and become floats where there are no others. Raises
    UsageError where names and values don't match, or where nothing can be differentiated by.
    """
    values = x if isinstance(x, tuple) else (x,)
    signature = Signature.of(f)
    named = tuple(names) if names is not None else signature.names(len(values))
    if len(named) != len(values) or len(set(named)) != len(named):
        need = "argument needs a name" if len(values) == 1 else "arguments need as many different names"
        raise UsageError(f"{len(values)} {need}, not {', '.join(named)}")
    signature.check(named)
    arguments = Arguments(
        tuple(
            Parameter(n, tree(n, v), signature.by_keyword(i, n))
            for i, (n, v) in enumerate(zip(named, values, strict=True))
        )
    )
    if wrt:
        return _chosen(arguments, wrt)
    if all(a.kind is Kind.OTHER for a in arguments):
        raise UsageError(_nothing(arguments))
    if any(a.kind in FLOATS for a in arguments):
        return arguments
    return Arguments(tuple(p.with_floats() for p in arguments.parameters))


def _chosen(arguments: Arguments, wrt: Group) -> Arguments:
    known = {p.name: p for p in arguments.parameters}
    for name in wrt:
        if name not in known:
            raise UsageError(f"wrt: there is no argument {name!r}; there are {', '.join(known)}")
        if not known[name].has(*FLOATS, Kind.WHOLE):
            why = next(
                _reasons(leaves(known[name].tree)), f"{name} holds no real numbers, so it has no gradient"
            )
            raise UsageError(f"wrt: {why}")
    return Arguments(tuple(p.with_floats() if p.name in wrt else p for p in arguments.parameters))


def _nothing(arguments: Arguments) -> str:
    """Why nothing can be differentiated by."""
    names = ", ".join(p.name for p in arguments.parameters)
    plain = f"of {names} none holds real numbers" if names else "no arguments are given"
    return f"nothing to differentiate by: {next(_reasons(arguments), plain)}"


def _reasons(values: Iterable[Argument]) -> Iterator[str]:
    """Why some of the values have no derivative, and what to give instead."""
    return (f"{a.name} {a.obstacle}; {a.remedy}" for a in values if a.obstacle)


def names_of(wrt: str | Sequence[str] | None) -> Group:
    """`wrt` as a tuple of names; commas separate them in a text."""
    if isinstance(wrt, str):
        return tuple(name.strip() for name in wrt.split(","))
    return tuple(wrt or ())


def groups(arguments: Arguments) -> list[Group]:
    """What a gradient is about where nobody says so, likeliest first: all floats, or the arrays alone."""
    floats = tuple(p.name for p in arguments.parameters if p.has(*FLOATS))
    arrays = tuple(p.name for p in arguments.parameters if p.has(Kind.ARRAY))
    return [group for group in dict.fromkeys((floats, arrays)) if group]


def all_numbers(arguments: Arguments) -> Group:
    """All arguments that hold numbers, whole ones, too."""
    return tuple(p.name for p in arguments.parameters if p.has(*FLOATS, Kind.WHOLE))
