"""PyTorch's tensors and JAX's arrays as arguments, values and gradients, and their own backward passes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gradcheck.function.check import check_file, check_function
from gradcheck.verdict.records import Status, Verdict
from halves import some

torch = pytest.importorskip("torch")


def statuses(verdict: Verdict) -> dict[str, Status]:
    return {quantity.name: quantity.status for quantity in verdict.quantities}


class Square(torch.autograd.Function):  # type: ignore[misc, name-defined]
    """x², with a factor in its backward pass."""

    factor = 2.0

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**2

    @classmethod
    def backward(cls, ctx: Any, up: Any) -> Any:
        (x,) = ctx.saved_tensors
        return cls.factor * x * up


class Dense(torch.autograd.Function):  # type: ignore[misc, name-defined]
    """x W + b, in the newer style."""

    @staticmethod
    def forward(x: Any, W: Any, b: Any) -> Any:
        return x @ W + b

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: Any, up: Any) -> Any:
        x, W, _ = ctx.saved_tensors
        return up @ W.T, x.T @ up, 2 * up.sum(0)


class Scale(torch.autograd.Function):  # type: ignore[misc, name-defined]
    """x · a, by x alone."""

    @staticmethod
    def forward(ctx: Any, x: Any, a: Any) -> Any:
        ctx.a = a
        return x * a

    @staticmethod
    def backward(ctx: Any, up: Any) -> Any:
        return up * ctx.a, None


X = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)


@pytest.mark.parametrize("f", some([Square, Square.apply, lambda x: Square.apply(x).sum()], 1))
@pytest.mark.parametrize("x", [X, X.float(), X.clone().requires_grad_()])
def test_a_backward_pass_of_one_s_own(f: Any, x: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is checked as it stands, by itself or within a function, in double precision."""
    assert statuses(check_function(f, None, x)) == {"dx": Status.RIGHT}
    monkeypatch.setattr(Square, "factor", 1.0)
    verdict = check_function(f, None, x)
    assert statuses(verdict) == {"dx": Status.WRONG}
    assert verdict.quantities[0].help == "dx is 0.5 times what it should be, in every entry"


def test_arguments_go_by_the_names_of_forward() -> None:
    """Of those that require a gradient, or else of all tensors; NumPy's arrays become tensors."""
    x, W, b = torch.randn(4, 3), torch.randn(3, 2), torch.randn(2)
    expected = {"dx": Status.RIGHT, "dW": Status.RIGHT, "db": Status.WRONG}
    assert statuses(check_function(Dense, None, (x, W, b))) == expected
    assert statuses(check_function(Dense, None, (x.numpy(), W.numpy(), b.numpy()))) == expected
    asked = check_function(Dense.apply, None, (x, W.requires_grad_(), b))
    assert statuses(asked) == {"dW": Status.RIGHT}
    assert "x, b are taken as fixed; name them in wrt to differentiate by them" in asked.notes


def test_what_a_backward_pass_leaves_out() -> None:
    """No gradient by a number is none to miss; by a tensor, it is."""
    assert statuses(check_function(Scale, None, (X, 2.0))) == {"dx": Status.RIGHT}
    verdict = check_function(Scale, None, (X, torch.tensor(2.0)))
    assert statuses(verdict) == {"dx": Status.RIGHT, "da": Status.ERROR}
    assert verdict.quantities[1].message == "the backward pass of Scale gives no gradient by a"


def test_no_way_back() -> None:
    """A value without a history says so."""
    (quantity,) = check_function(lambda x: x.detach().sum(), None, X).quantities
    assert quantity.message == "f has no backward pass that torch knows"


def test_tensors_as_arguments_and_answers() -> None:
    """Functions of tensors get tensors: of double precision, to differentiate by, to hold fixed, upstream."""
    kinds: set[Any] = set()

    def f(p: Any, labels: Any) -> Any:
        kinds.update((type(p["W"]), p["W"].dtype, labels.dtype))
        return torch.nn.functional.cross_entropy(p["W"], labels)

    def df(p: Any, labels: Any) -> Any:
        onehot = torch.nn.functional.one_hot(labels, 3)
        return {"dW": (torch.softmax(p["W"], 1) - onehot) / len(labels)}

    x = {"W": torch.randn(4, 3)}, torch.tensor([0, 2, 1, 1])
    assert check_function(f, df, x).status is Status.RIGHT
    assert kinds == {torch.Tensor, torch.float64, torch.int64}

    def back(x: Any, up: Any) -> Any:
        assert isinstance(up, torch.Tensor)
        return up * (1 - torch.tanh(x) ** 2)

    assert check_function(torch.tanh, back, X).status is Status.RIGHT
    assert check_function(torch.tanh, lambda x: 1 - torch.tanh(x) ** 2, X).status is Status.RIGHT


def test_tensors_that_are_changed_in_place() -> None:
    """Every call gets a fresh copy."""
    verdict = check_function(lambda x: x.mul_(2).sum(), lambda x: 2 * torch.ones_like(x), X)
    assert verdict.status is Status.RIGHT
    assert verdict.notes == ("f changes x in place; every call gets fresh copies here",)


@pytest.mark.parametrize(
    ("f", "x", "advice"),
    [
        (
            torch.nn.Linear(3, 1),
            X.float(),
            "came as float64: make the other arrays of your code float64, too",
        ),
        (torch.sum, X.numpy(), "give tensors: torch.tensor"),
    ],
)
def test_what_to_do_about_kinds_that_clash(f: Any, x: Any, advice: str) -> None:
    """PyTorch's own complaint is followed by what to write."""
    (quantity,) = check_function(f, lambda *x: 0, x).quantities
    assert advice in quantity.help


def test_a_file_of_pytorch_s_functions(tmp_path: Path) -> None:
    """FILE.py:Square is a function; a point may be written in tensors."""
    (tmp_path / "own.py").write_text(
        "import torch\n"
        "class Square(torch.autograd.Function):\n"
        "    @staticmethod\n"
        "    def forward(ctx, x):\n"
        "        ctx.save_for_backward(x)\n"
        "        return x**2\n"
        "    @staticmethod\n"
        "    def backward(ctx, up):\n"
        "        return 2 * ctx.saved_tensors[0] * up\n"
        "def f(x): return torch.sum(x**2)\n"
        "def df(x): return 2 * x\n"
    )
    assert check_file(tmp_path / "own.py", "Square").status is Status.RIGHT
    assert check_file(tmp_path / "own.py", "Square", at="[1., 2.]").status is Status.RIGHT
    assert check_file(tmp_path / "own.py", "f", "df", at="torch.randn(2, 3) * 2").status is Status.RIGHT


def test_jax() -> None:
    """Arrays, trees of them and custom_vjp, in double precision; what is set for JAX stays as it was.

    In a process of its own: JAX and its threads stay with whoever imports it.
    """
    pytest.importorskip("jax")
    code = """
import jax, jax.numpy as jnp, numpy as np
from gradcheck.function.check import check_function

def pair(factor):
    @jax.custom_vjp
    def f(x):
        return jnp.sin(x)
    f.defvjp(lambda x: (jnp.sin(x), x), lambda x, up: (factor * up * jnp.cos(x),))
    return f

x = jnp.array([0.1, 0.2, -0.3])
for verdict in (
    check_function(pair(1.0), None, x),
    check_function(jax.jit(pair(1.0)), None, x),
    check_function(pair(1.0), None, np.array([0.3])),
    check_function(pair(2.0), None, x),
    check_function(lambda w: (w**2).sum(), lambda w: 2 * w, x),
    check_function(jnp.tanh, lambda w, up: up * (1 - jnp.tanh(w) ** 2), x),
    check_function(lambda p: (p["W"] @ x).sum(), None, {"W": jnp.ones((2, 3))}),
    check_function(lambda z, y: -jax.nn.log_softmax(z)[:, y].mean(), None, (jnp.eye(2), jnp.array([0, 1]))),
    check_function(lambda w, k: (w * jax.random.normal(k, (3,))).sum(), None, (x, jax.random.key(0))),
):
    print(verdict.status, [q.name for q in verdict.quantities])
print(jnp.ones(1).dtype)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "right ['dx']",
        "right ['dx']",
        "right ['dx']",
        "wrong ['dx']",
        "right ['dw']",
        "right ['dx']",
        "right [\"dp['W']\"]",
        "right ['dz']",
        "right ['dw']",
        "float32",
    ]
