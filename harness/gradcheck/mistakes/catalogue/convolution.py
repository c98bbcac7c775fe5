"""Part F: convolutions."""

from __future__ import annotations

from functools import partial

from gradcheck.edits.operations import laid_by, one_apart, overwritten
from gradcheck.mistakes.conditions import BIASED, SEVERAL_PLACES, convolution
from gradcheck.mistakes.records import mistake

OVERLAPPING = convolution("windows that overlap", lambda its, x: its.size > its.stride) & SEVERAL_PLACES

mistake(
    id="F08a",
    slug="conv-kernel-not-rotated",
    of=("x",),
    reads={"W": "flip(flip(W, i), j)"},
    where=convolution("a kernel of more than one weight", lambda its, x: its.size > 1),
    kind="order",
    says="{W} is turned by half a turn on the way from {dz} to {da_prev}, against the forward pass",
    hint="Take one weight in a kernel's corner: which input met it, and for which place of the output?",
    seen=(
        "ddbourgin/numpy-ml#27",
        "rasmusbergpalm/DeepLearnToolbox#169",
        "wuziheng/CNN-Numpy#2",
        "fengbingchun/NN_Test#2",
    ),
)
mistake(
    id="F08b",
    slug="conv-axes-not-swapped",
    of=("x",),
    reads={"W": "swapped(W, f, c)"},
    where=convolution("as many filters as channels", lambda its, x: its.filters == x[0] > 1),
    kind="order",
    says="filters and channels of {W} are mixed up on the way from {dz} to {da_prev}",
    hint="Going back, which axis of W do you sum over, and which one is left?",
)
mistake(
    id="F09",
    slug="conv-stride-forgotten",
    of=("x", "W"),
    wrong=laid_by(one_apart),
    where=convolution("a stride above 1", lambda its, x: its.stride > 1) & SEVERAL_PLACES,
    kind="index",
    says="going back, the windows of {dW} and {da_prev} lie one step apart, as if the stride were 1",
    hint="Where in the input does the window of the second place begin?",
    seen=(
        "enggen/Deep-Learning-Coursera#7",
        "Kulbear/deep-learning-coursera#34",
        "fissehab/Deep_learning_specialization#1",
    ),
)
mistake(
    id="F10a",
    slug="conv-overwrite",
    of=("x",),
    wrong=laid_by(overwritten),
    where=OVERLAPPING,
    kind="sum",
    says="where windows overlap, what the last weight sends to {da_prev} replaces the rest",
    hint="In how many windows does one input lie?",
    seen=("oreilly-japan/deep-learning-from-scratch#27", "hguomin#2"),
)
mistake(
    id="F10b",
    slug="conv-windows-overwritten",
    of=("x",),
    wrong=laid_by(partial(overwritten, last_window=True)),
    where=OVERLAPPING,
    kind="sum",
    says="where windows overlap, what the last window sends to {da_prev} replaces the rest",
    hint="In how many windows does one input lie?",
)
mistake(
    id="F11",
    slug="conv-wrong-channel",
    of=("x",),
    reads={"W": "first_channel(W, c)"},
    where=convolution("several channels", lambda its, x: x[0] > 1),
    kind="index",
    says="the weights of the first channel of {W} stand for those of every channel in {da_prev}",
    hint="Does every channel of the input meet the same weights?",
    seen=("NervanaSystems/neon#111",),
)
mistake(
    id="F12",
    slug="bias-wrong-axes",
    of=("b",),
    wrong="sum(dz, n, f, p)",
    where=BIASED & convolution("a bias", lambda its, x: its.bias),
    kind="sum",
    says="{db} is the sum of {dz} over all axes but the last, which is not that of the filters",
    hint="Which axis of the output counts the filters?",
    seen=("deeplearning4j/deeplearning4j#8280", "ooples/AiDotNet.Tensors#234"),
)
mistake(
    id="D13d",
    slug="conv-mean-over-places",
    of=("W",),
    wrong="right / (m * size(p) * size(q))",
    where=SEVERAL_PLACES,
    kind="scale",
    says="{dW} is divided by the number of examples times that of places in the output",
    hint="Is J a mean over the places of the output?",
    seen=("sebgao/cTensor#3",),
)
