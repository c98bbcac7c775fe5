"""Stand-ins for packages that only plot or display: they accept everything and show nothing."""

from __future__ import annotations

import dis
import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from types import CodeType, FrameType, ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    from importlib.abc import Loader

DEBUGGERS = ("pdb", "ipdb", "pudb")
DISPLAYS = frozenset(
    {
        *("matplotlib", "mpl_toolkits", "pylab", "seaborn", "plotly", "bokeh", "altair", "plotnine"),
        *("IPython", "ipywidgets", "graphviz", "pydot", "turtle", "tkinter", "pygame"),
        *DEBUGGERS,
    }
)
"""Packages that only show things, or wait for somebody who looks at them."""
_OF_OTHERS = frozenset({"google.colab"})
"""Parts of other packages that only show things, or lead to somebody's own files."""
_PLOTTING = """
annotate arrow axhline axis axvline bar barh boxplot cla clf close cm colorbar contour contourf draw errorbar
figure fill fill_between gca gcf grid hist hlines imread imshow legend loglog pause pcolormesh pie plot
plt quiver rc rcParams savefig scatter semilogx semilogy show stem step style subplot subplots
subplots_adjust suptitle text tick_params tight_layout title twinx vlines xlabel xlim xscale xticks ylabel
ylim yscale yticks display HTML Image Markdown Math Latex clear_output
"""
"""What `from matplotlib.pyplot import *` and its like give."""


class Stub:
    """What everything in such a package is: it can be called, asked, set, compared, entered and unpacked."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def __getattr__(self, name: str) -> Any:
        """Another stub; names that Python itself asks for are not there."""
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(f"{self._name} is a stand-in here, without {name}")
        return Stub(f"{self._name}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        """Forgotten."""

    def __delattr__(self, name: str) -> None:
        """Forgotten."""

    def __repr__(self) -> str:
        """It says what it is."""
        return f"<{self._name}: nothing is shown here>"

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """A decorator gives back what it is put on; anything else is a stub again."""
        (only,) = args if len(args) == 1 and not kwargs else (None,)
        return only if isinstance(only, (type, _FUNCTION)) else self

    def __getitem__(self, key: object) -> Stub:
        return self

    def __setitem__(self, key: object, value: object) -> None:
        """Forgotten."""

    def __iter__(self) -> Iterator[Stub]:
        """As many as whoever unpacks it expects, and none in a loop."""
        return iter((self,) * _expected(sys._getframe(1)))

    def __len__(self) -> int:
        return 0

    def __contains__(self, item: object) -> bool:
        return False

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Stub:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing was opened."""

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        """A class that is derived from it is derived from nothing."""
        return ()

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __subclasscheck__(self, subclass: type) -> bool:
        return False

    def __format__(self, spec: str) -> str:
        return ""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        return np.zeros(0, dtype)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __float__(self) -> float:
        return 0.0

    def __int__(self) -> int:
        return 0

    __index__ = __int__


_FUNCTION = type(lambda: None)


def _itself(self: Stub, *_: object) -> Stub:
    return self


def _no(self: Stub, _: object) -> bool:
    return False


for _operation in ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor"]:
    setattr(Stub, f"__{_operation}__", _itself)
    setattr(Stub, f"__r{_operation}__", _itself)
for _operation in ("neg", "pos", "abs", "invert", "round"):
    setattr(Stub, f"__{_operation}__", _itself)
for _operation in ("lt", "le", "gt", "ge"):
    setattr(Stub, f"__{_operation}__", _no)


def _expected(frame: FrameType) -> int:
    """How many values the instruction takes that the frame is at."""
    return _unpackings(frame.f_code).get(frame.f_lasti, 0)


@lru_cache(maxsize=64)
def _unpackings(code: CodeType) -> dict[int, int]:
    """The places in the code where a sequence is unpacked, and into how many."""
    counts = {}
    for instruction in dis.get_instructions(code):
        count = instruction.arg or 0
        if instruction.opname == "UNPACK_SEQUENCE":
            counts[instruction.offset] = count
        elif instruction.opname == "UNPACK_EX":  # those before the starred one, and those after it
            counts[instruction.offset] = (count & 0xFF) + (count >> 8)
    return counts


class _StubModule(ModuleType):
    """A module or a package of stubs."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "A stand-in: nothing is shown here.")
        self.__path__: list[str] = []
        self.__version__ = "0.0"
        self.__all__ = _PLOTTING.split()
        if self._is_pylab:
            self.__all__ += np.__all__

    @property
    def _is_pylab(self) -> bool:
        """Whether it is the module that gives NumPy's names beside its own."""
        return self.__name__.endswith("pylab")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(f"module {self.__name__!r} is a stand-in here, without {name}")
        if self._is_pylab and hasattr(np, name):
            return getattr(np, name)
        return Stub(f"{self.__name__}.{name}")


class _Maker:
    """A loader of stand-ins; no subclass of importlib.abc.Loader, which is slow to import."""

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """A module that has everything."""
        return _StubModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to execute."""


def _is_part(name: str) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in _OF_OTHERS)


def _leads_to_part(name: str) -> bool:
    """Whether it is a package with such a part, and not there otherwise."""
    leads = any(part.startswith(f"{name}.") for part in _OF_OTHERS)
    return leads and importlib.machinery.PathFinder.find_spec(name) is None


class DisplayFinder:
    """Finds stand-ins in the place of such packages; a submission's own module of that name comes first."""

    def stand(self) -> None:
        """Be asked from now on."""
        sys.meta_path.insert(0, self)

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Be asked as long as this lasts; packages that are there already stay, and come back afterwards."""
        before = set(sys.modules)
        self.stand()
        try:
            yield
        finally:
            sys.meta_path.remove(self)
            for name in set(sys.modules) - before:
                if isinstance(sys.modules[name], _StubModule):
                    del sys.modules[name]

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A stand-in for the package, or for any part of one."""
        del target
        top = name.partition(".")[0]
        if _is_part(name) or (path is None and _leads_to_part(name)):
            return importlib.machinery.ModuleSpec(name, cast("Loader", _Maker()), is_package=True)
        if top not in DISPLAYS:
            return None
        if path is None:
            if importlib.machinery.PathFinder.find_spec(name, sys.path[:1]) is not None:
                return None
        elif not isinstance(sys.modules.get(top), _StubModule):
            return None
        return importlib.machinery.ModuleSpec(name, cast("Loader", _Maker()), is_package=True)
