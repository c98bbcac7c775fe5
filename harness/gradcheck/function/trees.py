"""Arguments that hold several arrays: lists, dictionaries and objects, nested as one likes.

A tree is a value or a branch; its values have names, ``theta[0]``, ``params['W'][1]``, ``model.b``. A
gradient by such an argument comes in the same form.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from gradcheck.function.frameworks import FRAMEWORKS
from gradcheck.function.values import FLOATS, Argument, Kind, argument

DEEPEST = 8
"""How many branches may lie within each other."""

ABSENT = object()
"""Stands for a part that a gradient does not have."""


Sort: TypeAlias = Literal["items", "keys", "attributes"]
"""How the parts of a branch are found: those of a list, a dictionary, an object."""


@dataclass(frozen=True)
class Branch:
    """A list, a dictionary or an object that holds at least one float."""

    name: str
    sort: Sort
    keys: tuple[Any, ...]
    """Positions, keys or attributes, one for each part."""
    parts: tuple[Tree, ...]
    build: Callable[[Sequence[Any]], Any]
    """A new one, with other parts."""

    @property
    def form(self) -> str:
        """What a gradient by it must be, in words."""
        match self.sort:
            case "items":
                return f"a list of {len(self.keys)}"
            case "keys":
                return f"a dictionary with the keys {', '.join(map(str, self.keys))}"
        return f"a dictionary with the keys {', '.join(self.keys)}, or an object like {self.name}"


Tree: TypeAlias = Argument | Branch


class MisfitError(Exception):
    """A gradient has another form than the argument that it is by."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message, self.advice = message, advice


def tree(name: str, value: Any, above: frozenset[int] = frozenset()) -> Tree:
    """The value, taken apart as far as there are floats in it; `above` are the ids of what it lies in."""
    leaf = argument(name, value)
    if leaf.kind is not Kind.OTHER or leaf.obstacle or len(above) == DEEPEST or id(value) in above:
        return leaf
    branch = _branch(name, value, above | {id(value)})
    return branch if branch is not None and _is_of_numbers(branch, value) else leaf


def _is_of_numbers(branch: Branch, value: Any) -> bool:
    """Whether there is something to differentiate by; settings, a few numbers in an object, are not."""
    settings = branch.sort == "attributes" and not (
        dataclasses.is_dataclass(value) or isinstance(value, tuple)
    )
    wanted = (Kind.ARRAY,) if settings else FLOATS
    return any(a.kind in wanted or (a.kind is Kind.WHOLE and np.ndim(a.value)) for a in leaves(branch))


def leaves(root: Tree) -> Iterator[Argument]:
    """The values of a tree, in order."""
    if isinstance(root, Argument):
        yield root
    else:
        for part in root.parts:
            yield from leaves(part)


def map_leaves(change: Callable[[Argument], Argument], root: Tree) -> Tree:
    """The tree with each of its values changed."""
    if isinstance(root, Argument):
        return change(root)
    return dataclasses.replace(root, parts=tuple(map_leaves(change, part) for part in root.parts))


def built(root: Tree, value: Callable[[Argument], Any]) -> Any:
    """What the function gets, from what it gets in place of each value."""
    if isinstance(root, Argument):
        return value(root)
    return root.build([built(part, value) for part in root.parts])


def spread(root: Tree, gradient: Any) -> dict[str, Any]:
    """The parts of a gradient by the names of the floats that they are by; ABSENT for one that is missing.

    A single number may be left out. Raises MisfitError where the gradient has another form.
    """
    if isinstance(root, Argument):
        if root.kind not in FLOATS or (gradient is ABSENT and root.kind is Kind.NUMBER):
            return {}
        return {root.name: gradient}
    if not any(leaf.kind in FLOATS for leaf in leaves(root)):
        return {}
    parts = [ABSENT] * len(root.keys) if gradient is ABSENT else _parts(root, gradient)
    return {
        name: part for one, p in zip(root.parts, parts, strict=True) for name, part in spread(one, p).items()
    }


def _parts(branch: Branch, gradient: Any) -> list[Any]:
    """A gradient's parts in the order of the branch."""
    if isinstance(gradient, Mapping) and branch.sort != "items":
        parts = [gradient.get(key, gradient.get(f"d{key}", ABSENT)) for key in branch.keys]
    elif branch.sort == "attributes" and _has_parts(gradient):
        parts = [_attribute(gradient, key) for key in branch.keys]
    elif (
        branch.sort == "items" and isinstance(gradient, (list, tuple)) and len(gradient) == len(branch.keys)
    ) or (branch.sort == "attributes" and isinstance(gradient, tuple) and len(gradient) == len(branch.keys)):
        return list(gradient)
    else:
        parts = []
    if all(part is ABSENT for part in parts):
        raise MisfitError(f"d{branch.name} is {_described(gradient)}", f"give {branch.form}")
    return parts


def _attribute(gradient: Any, key: str) -> Any:
    """A gradient's part; one that its class brings along by itself, such as a rate, is a setting."""
    part = getattr(gradient, key, getattr(gradient, f"d{key}", ABSENT))
    return ABSENT if isinstance(part, float) and part == getattr(type(gradient), key, None) else part


def _described(gradient: Any) -> str:
    if isinstance(gradient, Mapping):
        return f"a dictionary with the keys {', '.join(map(str, gradient)) or 'none'}"
    if isinstance(gradient, (list, tuple)):
        return f"a {type(gradient).__name__} of {len(gradient)}"
    if hasattr(gradient, "shape"):
        return "one array"
    return "None" if gradient is None else f"of type {type(gradient).__name__}"


def _branch(name: str, value: Any, above: frozenset[int]) -> Branch | None:
    """The value as a branch, whatever is in it; None for what is none."""

    def branch(
        sort: Sort, held: Mapping[Any, Any], label: str, build: Callable[[Sequence[Any]], Any]
    ) -> Branch:
        parts = tuple(tree(name + label.format(key), part, above) for key, part in held.items())
        return Branch(name, sort, tuple(held), parts, build)

    if isinstance(value, Mapping):
        return branch("keys", value, "[{!r}]", lambda parts: _like_mapping(value, parts))
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        fields = dict(zip(value._fields, value, strict=True))
        return branch("attributes", fields, ".{}", lambda parts: type(value)(*parts))
    if isinstance(value, (list, tuple)):
        return branch("items", dict(enumerate(value)), "[{}]", type(value))
    if _has_parts(value):
        return branch("attributes", vars(value), ".{}", lambda parts: _like_object(value, parts))
    return None


def _has_parts(value: Any) -> bool:
    """Whether the value is an object of a class of the user's own."""
    known = type(value).__module__.partition(".")[0]
    return (
        hasattr(value, "__dict__")
        and not isinstance(value, type)
        and not callable(getattr(type(value), "__get__", None))
        and known
        not in ("builtins", "numpy", "scipy", "pandas", "sklearn", *(one.name for one in FRAMEWORKS))
    )


def _like_mapping(value: Mapping[Any, Any], parts: Sequence[Any]) -> Any:
    if type(value) is dict:
        return dict(zip(value, parts, strict=True))
    new = copy.copy(value)
    new.update(zip(value, parts, strict=True))  # type: ignore[attr-defined]
    return new


def _like_object(value: Any, parts: Sequence[Any]) -> Any:
    new = copy.copy(value)
    vars(new).update(zip(vars(value), parts, strict=True))
    return new
