"""Networks that several tests speak of, and strategies that draw others."""

from __future__ import annotations

from hypothesis import strategies as st

from gradcheck.layers import Layer, Stack
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.layers.conv2d import Conv2d
from gradcheck.layers.dense import Dense
from gradcheck.layers.flatten import Flatten
from gradcheck.layers.rnn import Rnn
from gradcheck.losses import LOSSES
from gradcheck.specification.cases import Case, draw

SMOOTH = ("identity", "sigmoid", "tanh", "softplus", "silu", "gelu", "mish", "arctan", "sine", "softmax")

TWO_LAYERS = Stack(
    (Dense(3, ACTIVATIONS["sigmoid"]()), Dense(1, ACTIVATIONS["sigmoid"](), bias=False)),
    (2,),
    LOSSES["half_squared_error"](),
)

PENALTIES = st.none() | st.fixed_dictionaries(
    {
        "norm": st.sampled_from(["l1", "l2"]),
        "strength": st.floats(0.01, 1),
        "constant": st.sampled_from(["lambda", "lambda/2", "lambda/m", "lambda/2m"]),
        "covers": st.sampled_from(["W", "Wb"]).map(list),
    }
)


@st.composite
def stacks(draw_: st.DrawFn, activations: tuple[str, ...] = SMOOTH) -> Stack:
    """Dense, convolutional and recurrent networks on a smooth loss."""
    names = st.sampled_from(activations)
    activation = names.map(lambda name: ACTIVATIONS[name]())
    elementwise = names.filter(lambda name: name != "softmax").map(lambda name: ACTIVATIONS[name]())
    dense = st.builds(Dense, st.integers(1, 4), activation, st.booleans())
    conv = st.builds(
        Conv2d,
        filters=st.integers(1, 2),
        size=st.integers(1, 2),
        stride=st.integers(1, 2),
        padding=st.integers(0, 1),
        activation=elementwise,
        bias=st.booleans(),
    )
    fronts: st.SearchStrategy[tuple[tuple[int, ...], list[Layer]]] = st.one_of(
        st.tuples(st.tuples(st.integers(1, 4)), st.lists(dense, max_size=2)),
        st.tuples(st.just((2, 3, 4)), conv.map(lambda layer: [layer, Flatten()])),
        st.tuples(
            st.just((3, 2)), st.builds(Rnn, st.integers(1, 3), elementwise).map(lambda r: [r, Flatten()])
        ),
    )
    inputs, front = draw_(fronts)
    loss = LOSSES[draw_(st.sampled_from(["half_squared_error", "squared_error", "log_cosh", "upstream"]))]()
    reduction = draw_(st.sampled_from(("mean", "sum")))
    return Stack((*front, draw_(dense)), inputs, loss, reduction, draw_(PENALTIES))


@st.composite
def cases(draw_: st.DrawFn, activations: tuple[str, ...] = SMOOTH) -> Case:
    """A case of such a network."""
    return draw(draw_(stacks(activations)), draw_(st.integers(1, 4)), draw_(st.integers(0, 10_000)))
