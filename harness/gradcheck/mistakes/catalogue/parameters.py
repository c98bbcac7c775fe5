"""Part D: the gradients of weights and biases."""

from __future__ import annotations

from functools import partial

from gradcheck.edits.operations import columns_first
from gradcheck.mistakes.conditions import (
    ANY,
    BIASED,
    CALLED_TWICE,
    CURVED,
    DENSE,
    MATRIX,
    MEAN,
    NOT_FIRST,
    OUTPUT,
    PARAMETERS,
    SEVERAL_BIASES,
    SEVERAL_INPUTS,
    SEVERAL_LAYERS,
    SEVERAL_UNITS,
    SUM,
    VECTORS,
    WEIGHTS,
    after,
    before,
    kind,
)
from gradcheck.mistakes.records import mistake

of_weights = partial(mistake, of=("W",))
of_bias = partial(mistake, of=("b",))
handed_in = partial(mistake, part="handed in")

of_weights(
    id="D01",
    slug="own-output-as-input",
    wrong="a.T @ dz",
    where=DENSE,
    kind="index",
    says="{dW} has the layer's own output {a} in place of its input {a_prev}",
    hint="Going forward, by what is this weight multiplied?",
    seen=("VikParuchuri/zero_to_gpt#9",),
)
of_weights(
    id="D02",
    slug="preactivation-as-input",
    wrong="z_prev.T @ dz",
    where=DENSE & after(CURVED),
    kind="index",
    says="{dW} has {z_prev} in place of {a_prev}",
    hint="Going forward, does the weight meet the sum of the layer before, or what that layer hands on?",
    seen=("maziarraissi/backprop#1",),
)
of_weights(
    id="D03",
    slug="x-for-every-layer",
    wrong="x.T @ dz",
    where=DENSE & NOT_FIRST & VECTORS,
    kind="index",
    says="{dW} has the network's input {x} in place of {a_prev}",
    hint="Which of the layers does X enter?",
)
handed_in(
    id="D04",
    slug="dw-transposed",
    of=("W",),
    wrong="right.T",
    where=DENSE & MATRIX,
    kind="order",
    says="{dW} is the transpose of what it should be",
    hint="To which neuron does one row of dW belong?",
    seen=("iamtrask/Grokking-Deep-Learning#22",),
)
of_weights(
    id="D05a",
    slug="dw-product-untransposed",
    wrong="a_prev @ dz",
    where=DENSE & SEVERAL_INPUTS,
    kind="order",
    says="{a_prev} is not transposed in {dW}",
    hint="Which shape does dW need, and over which axis does your product sum?",
)
of_weights(
    id="D05b",
    slug="dw-product-swapped",
    wrong="dz @ a_prev",
    where=DENSE & SEVERAL_INPUTS,
    kind="order",
    says="{dW} is the plain product of {dz} and {a_prev}, in this order",
    hint="Which shape does dW need, and over which axis does your product sum?",
    seen=("MT 3400818", "MT 2979764"),
)
of_bias(
    id="D06a",
    slug="db-not-summed",
    wrong="dz",
    where=DENSE & BIASED,
    kind="sum",
    says="{db} is {dz} as it stands, one for each example",
    hint="How many examples does one bias serve?",
    seen=("datascience.SE 20139",),
)
of_bias(
    id="D06b",
    slug="db-first-example-only",
    wrong="first_sample(dz, n)",
    where=DENSE & BIASED,
    kind="sum",
    says="{db} is {dz} of the first example only",
    hint="How many examples does one bias serve?",
)
of_bias(
    id="D06c",
    slug="db-last-example-only",
    wrong="last_sample(dz, n)",
    where=DENSE & BIASED,
    kind="sum",
    says="{db} is {dz} of the last example only",
    hint="How many examples does one bias serve?",
)
of_bias(
    id="D07",
    slug="db-one-scalar",
    wrong="sum(right, u)",
    where=SEVERAL_BIASES,
    kind="sum",
    says="every entry of {db} is the sum over all of its units",
    hint="How many different numbers should there be in db?",
    seen=("rasbt/stat453-deep-learning-ss21#5",),
)
of_bias(
    id="D08a",
    slug="db-mean-for-sum",
    wrong="right / m",
    where=BIASED,
    kind="scale",
    says="{db} is divided by {m} once more",
    hint="How many factors 1/m stand between the loss and b, and how many between the loss and W?",
    seen=("kvfrans/notes#5",),
)
of_bias(
    id="D08b",
    slug="db-mean-missing",
    wrong="m * right",
    where=BIASED & MEAN,
    kind="scale",
    says="{db} alone is not divided by {m}",
    hint="How many factors 1/m stand between the loss and b, and how many between the loss and W?",
)
handed_in(
    id="D10",
    slug="db-left-out",
    of=("b",),
    wrong="0",
    where=BIASED,
    kind="term",
    says="{db} is left at 0",
    hint="Does a slope have to be 0 because the bias happens to be?",
    seen=("PRIMEN", "xnought/backprop-explainer#18"),
)
of_bias(
    id="D11",
    slug="db-from-raw-error",
    wrong="sum(da, n)",
    where=DENSE & BIASED & CURVED,
    kind="factor",
    says="{db} is summed up from {da} in place of {dz}",
    hint="The bias enters z: is what you sum up ∂J/∂a or ∂J/∂z?",
)
mistake(
    id="D12a",
    slug="batch-mean-missing",
    of=("a",),
    wrong="m * right",
    where=OUTPUT & MEAN,
    kind="scale",
    says="what comes back from the loss is not divided by {m}",
    hint="Give every example twice: should the gradient change?",
    seen=("hunkim/DeepLearningZeroToAll#173", "jxgu1016/MNIST_center_loss_pytorch#9", "davharris/mistnet#33"),
)
of_weights(
    id="D12b",
    slug="dw-mean-missing",
    wrong="m * right",
    where=WEIGHTS & MEAN,
    kind="scale",
    says="{dW} alone is not divided by {m}",
    hint="How many factors 1/m stand between the loss and W, and how many between the loss and b?",
)
mistake(
    id="D13a",
    slug="batch-mean-twice",
    of=("a",),
    wrong="right / m",
    where=OUTPUT & MEAN,
    kind="scale",
    says="what comes back from the loss is divided by {m} twice",
    hint="Give every example twice: should the gradient shrink?",
)
mistake(
    id="D13b",
    slug="batch-mean-for-sum",
    of=("a",),
    wrong="right / m",
    where=OUTPUT & SUM,
    kind="scale",
    says="what comes back from the loss is divided by {m}, where the loss is a sum over the examples",
    hint="With every example given twice, does the loss grow?",
)
of_weights(
    id="D13c",
    slug="dw-mean-extra",
    wrong="right / m",
    where=WEIGHTS,
    kind="scale",
    says="{dW} is divided by {m} once more",
    hint="Where on the way from the loss to W does 1/m enter for the first time?",
)
mistake(
    id="D14a",
    slug="wrong-batch-count",
    of=("W", "b"),
    wrong="m * right / n_in",
    where=DENSE & MEAN,
    kind="scale",
    says="the gradients of this layer are divided by the number of its inputs, in place of {m}",
    hint="Which axis of the layer's input counts the examples?",
    seen=("deeplearning4j/deeplearning4j#1452",),
)
mistake(
    id="D14b",
    slug="features-counted-for-batch",
    of=("a",),
    wrong="m * right / n_first",
    where=OUTPUT & MEAN & SEVERAL_LAYERS & VECTORS,
    kind="scale",
    says="what comes back from the loss is divided by the number of features, in place of {m}",
    hint="Which axis of X counts the examples?",
)
stray = partial(
    handed_in,
    wrong="k * right",
    kind="scale",
    hint="One array is off by a constant factor. In which line does a bare number stand?",
    seen=("Coursera's notebook on gradient checking", "bighuang624/Andrew-Ng-Deep-Learning-notes#10"),
    unknown="k",
    known=(2, 4, 0.5),
)
stray(
    id="D15a",
    slug="stray-constant",
    of=("W",),
    where=WEIGHTS,
    says="{dW} is multiplied by {k}",
)
stray(
    id="D15b",
    slug="stray-constant-in-db",
    of=("b",),
    where=BIASED,
    says="{db} is multiplied by {k}",
)
handed_in(
    id="D17",
    slug="accumulates-over-calls",
    of=PARAMETERS,
    wrong="2 * right",
    where=CALLED_TWICE,
    scope="network",
    kind="sum",
    says="the gradients of earlier calls are added to those of this one",
    hint="Call it twice on the same data: does it answer the same?",
    seen=(
        "karpathy/micrograd#53",
        "karpathy/micrograd#54",
        "karpathy/micrograd#63",
        "karpathy/micrograd#102",
        "TTS",
    ),
)
handed_in(
    id="D18",
    slug="update-returned",
    of=PARAMETERS,
    wrong="eta * right",
    where=ANY,
    scope="network",
    kind="scale",
    says="every gradient is multiplied by {eta}, as the step of an update is",
    hint="Does your result depend on the learning rate?",
    seen=("Site1997/LeNet-python#2",),
    unknown="eta",
    most=1.0,
    edit="constant",
)
handed_in(
    id="D20a",
    slug="layers-swapped",
    of=("W", "b"),
    wrong="dW_mirror",
    extra={"b": "db_mirror"},
    where=WEIGHTS & SEVERAL_LAYERS,
    scope="network",
    kind="index",
    says="the gradients of all layers are handed in in reverse order",
    hint="Layer by layer: does each gradient have the shape of its weights?",
)
handed_in(
    id="D20b",
    slug="weights-swapped",
    of=("W",),
    wrong="dW_mirror",
    where=WEIGHTS & SEVERAL_LAYERS,
    scope="network",
    kind="index",
    says="the gradients of the weights, not those of the biases, are handed in in reverse order",
    hint="Layer by layer: does each gradient have the shape of its weights?",
    seen=("datascience.SE 11743",),
)
handed_in(
    id="D21a",
    slug="unroll-order-mixed",
    of=("W",),
    wrong="reordered(right, d, u)",
    where=DENSE & SEVERAL_INPUTS & SEVERAL_UNITS,
    kind="index",
    says="{dW} is written column by column and read row by row",
    hint="Are they the same numbers, in other places?",
)
mistake(
    id="D21b",
    slug="flatten-order-mixed",
    of=("x",),
    wrong=columns_first,
    where=kind("flatten"),
    kind="index",
    says="what goes back through the flattening is read column by column, where it was written row by row",
    hint="Are they the same numbers, in other places?",
)
handed_in(
    id="D22",
    slug="neighbour-gradient-copied",
    of=("W",),
    wrong="dW_next",
    where=DENSE & before(DENSE),
    kind="index",
    says="{dW_next} is handed in as {dW}, too",
    hint="Two of your arrays hold the same numbers. Should they?",
)
of_weights(
    id="D23",
    slug="input-left-out",
    wrong="sum(dz, n)",
    where=DENSE,
    kind="factor",
    says="{a_prev} is left out of {dW}",
    hint="Move one weight a little: how far does z move, and what does that depend on?",
    seen=("datascience.SE, on f = W3 σ(W2 σ(W1 X))",),
)
