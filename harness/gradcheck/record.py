"""`dataclass` for the records that a warm command needs: frozen, and made in a tenth of the usual time.

That of the standard library writes the text of six methods for each class and compiles it whenever a process
starts, which takes some 0.5 ms a class; a command has fifty. Here all classes share their methods. A checker
of types sees the standard one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    from dataclasses import MISSING, FrozenInstanceError, fields
    from dataclasses import dataclass as standard
    from operator import attrgetter

    class _Fields:
        """What the methods need to know of a class."""

        def __init__(self, cls: type) -> None:
            every = fields(cls)
            self.positional = tuple(one.name for one in every if one.init and not one.kw_only)
            self.initial = frozenset(one.name for one in every if one.init)
            self.every = frozenset(one.name for one in every)
            self.defaults = {one.name: one.default for one in every if one.default is not MISSING}
            made = {one.name: one.default_factory for one in every}
            self.factories = {name: make for name, make in made.items() if make is not MISSING}
            self.values = _getter([one.name for one in every if one.compare])
            hashed = ((one.name, one.compare if one.hash is None else one.hash) for one in every)
            self.hashed = _getter([name for name, counts in hashed if counts])
            self.shown = tuple(one.name for one in every if one.repr)
            self.is_completed = hasattr(cls, "__post_init__")

    def _getter(names: list[str]):
        return attrgetter(*names) if names else lambda self: ()

    def dataclass(*, frozen: bool, eq: bool = True, kw_only: bool = False) -> Any:
        """The decorator, with the options that records have."""
        assert frozen
        methods = {"__init__": _init, "__repr__": _repr, "__setattr__": _refuse, "__delattr__": _refuse}
        if eq:
            methods |= {"__eq__": _eq, "__hash__": _hash}

        def made(cls: type) -> type:
            cls = standard(init=False, repr=False, eq=False, kw_only=kw_only)(cls)
            for name, method in methods.items():
                if name not in cls.__dict__:
                    setattr(cls, name, method)
            cls.__record__ = _Fields(cls)
            return cls

        return made

    def _init(self, /, *values, **named) -> None:
        its = type(self).__record__
        state = self.__dict__
        state.update(its.defaults)
        state.update(zip(its.positional, values, strict=False))
        state.update(named)
        for name, make in its.factories.items():
            if name not in state:
                state[name] = make()
        if (
            state.keys() != its.every
            or len(values) > len(its.positional)
            or (named and not named.keys() <= its.initial.difference(its.positional[: len(values)]))
        ):
            raise TypeError(f"{len(values)} values and {', '.join(named)} don't fit {type(self).__name__}")
        if its.is_completed:
            self.__post_init__()

    def _repr(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in type(self).__record__.shown)
        return f"{type(self).__qualname__}({shown})"

    def _eq(self, other):
        if type(other) is not type(self):
            return NotImplemented
        values = type(self).__record__.values
        return values(self) == values(other)

    def _hash(self) -> int:
        return hash(type(self).__record__.hashed(self))

    def _refuse(self, name, *value) -> None:
        raise FrozenInstanceError(f"{type(self).__name__}.{name} is frozen")
