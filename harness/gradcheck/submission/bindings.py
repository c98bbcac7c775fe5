"""The names of a student's module while `run` is executed in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, MutableMapping
from typing import Any

from gradcheck.submission.unpacking import CHECK, checked

Names = dict[str, Any]
_ABSENT = object()


class Bindings(MutableMapping[str, Any]):
    """Names of a module, to be entered for one call: `exec` takes it for the local names of `run`.

    What `run` binds reaches the module's functions, and is noted. On leaving, the module has the names that
    it had before: those that the call has given it are gone, and those that it has hidden are back. What the
    student's own functions have bound with `global` stays, as it would anywhere. A value that has the name of
    a function of the module is `run`'s alone: other functions may call that one.
    """

    def __init__(self, home: Names, given: Mapping[str, Any], answers: Collection[str]) -> None:
        """`home` are the module's names, `given` what the call gives, `answers` the names to be read."""
        self._home = home
        self.given = given
        self._answers = answers
        self._before: Names = {}
        self._of_run: Names = {CHECK: checked}
        self._bound: set[str] = set()
        self._at_first: Names = {}

    def __enter__(self) -> Bindings:
        for name in self._answers:
            if name not in self._home:
                self._before[name] = _ABSENT
        for name, value in self.given.items():
            self._put(name, value, alone=callable(self._home.get(name)))
        self._at_first = {name: self._value(name) for name in self._answers}
        return self

    def __exit__(self, *_: object) -> None:
        for name, value in self._before.items():
            if value is _ABSENT:
                self._home.pop(name, None)
            else:
                self._home[name] = value

    @property
    def module_names(self) -> list[str]:
        """The names that the module has itself."""
        return [name for name in self._home if self._before.get(name) is not _ABSENT]

    def answered(self, changed: Collection[str] = ()) -> Names:
        """The answers that this call has bound, in `run` or as a global name, and those in `changed`."""
        return {
            name: value
            for name, at_first in self._at_first.items()
            if (value := self._value(name)) is not _ABSENT
            and (value is not at_first or name in self._bound or name in changed)
        }

    def _value(self, name: str) -> Any:
        return self._of_run[name] if name in self._of_run else self._home.get(name, _ABSENT)

    def __getitem__(self, name: str) -> Any:
        return self._of_run[name] if name in self._of_run else self._home[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._put(name, value, alone=callable(self._home.get(name)) and not callable(value))
        self._bound.add(name)

    def __delitem__(self, name: str) -> None:
        if name in self._of_run:
            del self._of_run[name]
        else:
            self._keep(name)
            del self._home[name]
        self._bound.discard(name)

    def __iter__(self) -> Iterator[str]:
        return iter({**self._home, **self._of_run})

    def __len__(self) -> int:
        return len({**self._home, **self._of_run})

    def _put(self, name: str, value: Any, *, alone: bool) -> None:
        """Bind a name: for `run` alone, or for the module's functions, too."""
        if alone:
            self._of_run[name] = value
            return
        self._keep(name)
        self._of_run.pop(name, None)
        self._home[name] = value

    def _keep(self, name: str) -> None:
        if name not in self._before:
            self._before[name] = self._home.get(name, _ABSENT)
