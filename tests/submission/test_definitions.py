"""What a file defines behind the statement at which it stops."""

from __future__ import annotations

import types

import numpy as np
import pytest

from gradcheck.submission.definitions import beginning, define

FILE = """\
from __future__ import annotations
raise ValueError
import math
if True:
    import cmath
try:
    import package_nowhere
except ImportError:
    package_nowhere = None
RATE, SIZE = 0.5, (3, 2)
ROOT: float = math.sqrt(RATE)
W = np.random.default_rng(0).normal(size=SIZE).T
parameters = {"W": W}
parameters["b"] = np.zeros(3)
W *= 0.01
square = lambda x: unknown(x)
names = [str(n) for n in range(3)]
"a text"
trained = train(SIZE)
opened = open("made", "w")
broken = 1 / 0
print("work")
class Net:
    def __init__(self, size): self.size = size
net = Net(SIZE)
class Broken(Nowhere): ...
if RATE:
    train(SIZE)
def probe(x: Nowhere) -> float: return x * ROOT
if __name__ == "__main__":
    train(SIZE)
net.train()
"""


def defined(text: str, stopped: int) -> tuple[dict[str, object], list[tuple[int, int]]]:
    """The names that are there afterwards, and the lines that were left out."""
    home: dict[str, object] = {"np": np, "__name__": "anna"}
    left_out = define(text, "anna.py", home, stopped, lambda code: exec(code, home), lambda *_: None)
    return {name: value for name, value in home.items() if not name.startswith("__")}, left_out


def test_definitions_are_there_and_work_is_not() -> None:
    """What fails is left out like what does more than to define something; a main guard is neither."""
    home, left_out = defined(FILE, stopped=2)
    assert set(home) - {"np", "annotations", "math", "cmath", "package_nowhere"} == {
        *("RATE", "SIZE", "ROOT", "W", "parameters", "square", "names", "Net", "net", "probe")
    }
    assert home["W"] is home["parameters"]["W"]  # type: ignore[index]
    assert left_out == [(19, 22), (26, 28), (32, 32)]


def test_what_follows_in_the_block_is_taken() -> None:
    """Of a condition it is the branch that was executed; a loop is no block of definitions."""
    text = "if x:\n    stops\n    a = 1\n    work()\nelse:\n    b = 2\nc = 3\n"
    home, left_out = defined(text, stopped=2)
    assert (set(home), left_out) == ({"np", "a", "c"}, [(4, 4)])
    home, left_out = defined(text, stopped=6)
    assert (set(home), left_out) == ({"np", "c"}, [])
    home, left_out = defined("with x:\n    stops\n    a = 1\nfor i in x:\n    b = 2\n", stopped=2)
    assert (set(home), left_out) == ({"np", "a"}, [(4, 5)])
    assert defined("for i in x:\n    stops\n    a = 1\n", stopped=2)[0].keys() == {"np"}


def test_a_loop_begins_where_it_begins() -> None:
    """Whatever line of it is executed."""
    assert [beginning("a = 1\nfor i in a:\n    b\n    c\nd\n", line) for line in (1, 2, 4, 5)] == [1, 2, 2, 5]


def test_what_stands_before_was_executed_already() -> None:
    """Nothing is executed twice."""
    home, left_out = defined("n = 1\nm = 2\n", stopped=1)
    assert (set(home), left_out) == ({"np", "m"}, [])


@pytest.mark.parametrize(
    ("value", "is_taken"),
    [
        ("0.5", True),
        ("zeros(3)", True),
        ("np.pi * 2", True),
        ("rng.normal(size=3)", True),
        ("'a b'.split()", True),
        ("[f(x) for x in range(3)]", False),
        ("f(3)", False),
        ("np.sum(f(3))", False),
        ("f", True),
        ("eval('1')", False),
        ("plot.figure()", False),
        ("thing.run()", False),
        ("Thing()", True),
        ("Thing.run()", False),
        ("Thing().run()", True),
        ("f(1)(2)", False),
    ],
)
def test_what_counts_as_a_constant(value: str, is_taken: bool) -> None:
    """NumPy's functions and a few others may be called, and classes of the file; no function of the file."""
    before = (
        "from numpy import zeros\nrng = np.random.default_rng(0)\nplot = types.ModuleType('plot')\n"
        "def f(x): return x\nclass Thing:\n    def run(self=None): return 1\nthing = Thing()\n"
    )
    home: dict[str, object] = {"np": np, "types": types, "__name__": "anna"}
    exec(before, home)
    left_out = define(
        f"raise\nvalue = {value}\n", "anna.py", home, 1, lambda code: exec(code, home), lambda *_: None
    )
    assert (left_out == []) == is_taken


def test_what_fails_is_passed_on() -> None:
    """With its line and what it raised."""
    failures: list[tuple[int, str]] = []
    text = "raise\nimport nowhere\nn = 1\nm = [][1]\n"
    define(text, "anna.py", {}, 1, exec, lambda line, error: failures.append((line, type(error).__name__)))
    assert failures == [(2, "ModuleNotFoundError"), (4, "IndexError")]


@pytest.mark.parametrize(
    ("head", "is_taken"),
    [
        ("@numba.njit(parallel=True)\ndef f(x):", True),
        ("@typechecked\n@np.vectorize\ndef f(x):", True),
        ("def f(x: Tensor) -> Float[Tensor, 'n m']:", True),
        ("@jit\ndef f(x: Tensor):", True),
        ("@egrad\ndef f(x):", False),
        ("@np.nothing\ndef f(x):", False),
        ("def f(x=Tensor):", False),
    ],
)
@pytest.mark.parametrize("first", ["raise\n", ""])
def test_what_a_function_does_not_need(head: str, is_taken: bool, first: str) -> None:
    """Decorators that change no value, and annotations, though the file stops there; not what may matter."""
    home, left_out = defined(f"{first}{head}\n    return x + 1\n", stopped=1)
    assert ("f" in home) == is_taken
    function = home.get("f", np.positive)
    assert callable(function)
    assert function(1) == 1 + is_taken
    if first:
        assert bool(left_out) == (not is_taken or "j" in head or "typechecked" in head)


def test_interrupts_and_a_lack_of_memory_end_it() -> None:
    """They are no fault of a statement's."""
    for name in ("KeyboardInterrupt", "MemoryError"):
        with pytest.raises((KeyboardInterrupt, MemoryError)):
            defined(f"raise\n@lambda f: (_ for _ in ()).throw({name})\ndef f(): ...\n", stopped=1)
