"""Networks as NumPy code: what it computes, run, is what the network's own evaluation computes."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from values import drawn, random_network

from gradcheck.arrays import Array
from gradcheck.expr.named import Lengths
from gradcheck.expr.tree import Axes
from gradcheck.network.backward import adjoint
from gradcheck.network.code import Call, with_backward, write_function, write_functions
from gradcheck.network.forward import laid, run
from gradcheck.network.read import read_network
from graphs import GRAPHS, MOVING, Graph
from halves import some

AXES = ("n", "T", "d", "u", "k", "v", "q", "e")
LENGTHS = [
    {axis: 2 + n for n, axis in enumerate(AXES)},
    dict.fromkeys(AXES, 3),
    dict.fromkeys(AXES, 1),
]


SPECS = sorted((Path(__file__).parent / "examples" / "specs").glob("*.yaml"))


def called(code: str, arguments: list[Array]) -> Any:
    """The function of the code, called."""
    scope: dict[str, Any] = {}
    exec(code, scope)
    return scope["backward"](*arguments)


CASES = [
    *((graph, lengths) for graph in GRAPHS.values() for lengths in LENGTHS),
    *MOVING.values(),
]
NAMES = [*(f"{name}-{n}" for name in GRAPHS for n in ("different", "square", "one")), *MOVING]


@pytest.mark.parametrize(("graph", "lengths"), some(CASES, 12), ids=NAMES)
def test_the_function_returns_the_gradients(graph: Graph, lengths: Lengths) -> None:
    """Arrays go in as they lie, and every gradient comes out as it lies."""
    whole = with_backward(*graph)
    given = drawn(whole, lengths)
    results = [adjoint(q) for q in graph.network.given if adjoint(q) in whole.equations]
    code = write_function(whole, results, parameters=list(whole.given), lengths=lengths)
    values = run(whole, given, lengths)
    got = called(code, [laid(whole, q, given[q], lengths) for q in whole.given])
    for result, array in zip(results, got if len(results) > 1 else [got], strict=True):
        want = laid(whole, result, values[result], lengths)
        assert array.shape == want.shape
        np.testing.assert_allclose(array, want, rtol=1e-12, atol=1e-14, err_msg=result)


@pytest.mark.parametrize("count", [3, pytest.param(150, marks=pytest.mark.slow)])
def test_code_of_random_networks_computes_every_quantity(count: int) -> None:
    """Sharing, branches, loops, windows, square parameters: all quantities and all their adjoints."""
    for seed in range(count):
        network, lengths, given, upstream = random_network(seed)
        whole = with_backward(network, upstream)
        results = list(whole.equations)
        code = write_function(whole, results, parameters=list(whole.given), lengths=lengths)
        with np.errstate(all="ignore"):
            values = run(whole, given, lengths)
            got = called(code, [laid(whole, q, given[q], lengths) for q in whole.given])
        for result, array in zip(results, got if len(results) > 1 else [got], strict=True):
            want = laid(whole, result, values[result], lengths)
            assert np.shape(array) == want.shape, f"{result} of seed {seed}"
            size = max(1, np.max(np.abs(want)))
            np.testing.assert_allclose(
                array, want, rtol=1e-9, atol=1e-10 * size, err_msg=f"{result} of {seed}"
            )


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_functions_that_a_spec_calls_hand_each_other_what_they_need(spec: Path) -> None:
    """The lines under `run`, run: every quantity that is asked for is right."""
    parts = yaml.safe_load(spec.read_text(encoding="utf-8"))
    whole = with_backward(*GRAPHS[spec.stem])
    lengths = dict(LENGTHS[0])
    given = drawn(whole, lengths)
    values = run(whole, given, lengths)
    text = parts["submission"]["run"]
    scope: dict[str, Any] = {q: laid(whole, q, value, lengths) for q, value in given.items()}
    exec(write_functions(whole, [_call(line) for line in ast.parse(text).body]), scope)
    exec(text, scope)
    for asked in parts["check"]:
        np.testing.assert_allclose(scope[asked], laid(whole, asked, values[asked], lengths), rtol=1e-12)


def _call(line: ast.stmt) -> Call:
    match line:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Call(func=function, args=arguments)):
            parameters = {name: name for name in map(ast.unparse, arguments)}
            return Call(ast.unparse(function), parameters, tuple(map(ast.unparse, targets)))
    raise AssertionError(ast.unparse(line))


def test_only_what_is_needed_is_computed() -> None:
    """Neither parameters nor lines that the results do not depend on."""
    whole = with_backward(*GRAPHS["dense"])
    code = write_function(whole, ["db3"])
    assert "def backward(x, Y, W1, b1, W2, b2, W3, b3):" in code
    assert "dz3 = p * (dp - np.sum(dp * p, axis=1, keepdims=True))" in code
    assert "dz2" not in code


def test_what_is_handed_in_is_not_made() -> None:
    """A cache of the forward pass, say."""
    whole = with_backward(*GRAPHS["dense"])
    code = write_function(whole, ["dW3", "db3"], name="last_layer", parameters=["a2", "p", "Y"])
    assert code.endswith(
        "def last_layer(a2, p, Y):\n"
        "    dp = -Y / (len(a2) * p)\n"
        "    dz3 = p * (dp - np.sum(dp * p, axis=1, keepdims=True))\n"
        "    dW3 = a2.T @ dz3\n"
        "    db3 = np.sum(dz3, axis=0)\n"
        "    return dW3, db3\n"
    )
    assert "def softmax" not in code


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        ("J = mean(maximum(0, 1 - y * a), n)", {"y": ("n",), "a": ("n",)}),
        (
            "h[-1] = 0\nfor t in T:\n  h[t] = x[t] @ W + h[t-1] @ U\nJ = sum(h, n, T, u)",
            {"x": ("n", "T", "d"), "W": ("d", "u"), "U": ("u", "u")},
        ),
    ],
    ids=["the negative of a comparison", "nothing before the first"],
)
def test_code_of_what_numpy_would_refuse(text: str, axes: dict[str, Axes]) -> None:
    """NumPy takes no negative of truth values, and no product of a number and a matrix with @."""
    lengths = {"n": 3, "T": 2, "d": 2, "u": 2}
    layouts = {"h": ("n", "T", "u")} if "h" in text else {}
    whole = with_backward(read_network(text, axes, lengths, layouts))
    given = drawn(whole, lengths)
    results = [adjoint(q) for q in whole.given]
    code = write_function(whole, results, parameters=list(whole.given), lengths=lengths)
    values = run(whole, given, lengths)
    for result, array in zip(results, called(code, [given[q].array for q in whole.given]), strict=True):
        np.testing.assert_allclose(array, laid(whole, result, values[result], lengths), rtol=1e-12)


def test_what_comes_back_to_a_mean_over_windows_is_repeated_in_them() -> None:
    """An adjoint that is the same all along an axis has no entries of its own to be moved."""
    text = "z = mean(mean(windows(windows(x, h, p, i, 2), w, q, j, 2), i), j)\nJ = sum(z * y, n, p, q)"
    given = {"x": ("n", "h", "w"), "y": ("n", "p", "q")}
    lengths = {"n": 3, "h": 4, "w": 6, "p": 2, "q": 3, "i": 2, "j": 2}
    whole = with_backward(read_network(text, given, lengths))
    values = run(whole, drawn(whole, lengths), lengths)
    code = write_function(whole, ["dx"], parameters=["x", "y"], lengths=lengths)
    made = called(code, [laid(whole, q, values[q], lengths) for q in ("x", "y")])
    np.testing.assert_allclose(made, laid(whole, "dx", values["dx"], lengths), rtol=1e-12)
