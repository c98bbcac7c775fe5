"""Part B: the activation's derivative."""

from __future__ import annotations

from functools import partial

from gradcheck.mistakes.conditions import (
    CURVED,
    ELEMENTWISE,
    HIDDEN,
    NOT_FIRST,
    SEVERAL_NEXT,
    activation,
    elementwise_but,
    unlike,
)
from gradcheck.mistakes.records import mistake

STRAIGHT = ("identity", "relu", "relu6", "leaky_relu", "hardtanh", "hardsigmoid")
"""Made of straight lines: at a the slope is what it is at z, or nearly always so."""

OUT_FORM = ("elu", "selu", "softplus")
"""Often coded with a rule in terms of a."""

STEEPNESS = "How steep can a sigmoid be at most? How large can your factor become?"
IN_OR_OUT = "Is the variable in your rule what goes into the activation, or what comes out?"
WHOSE_Z = "Each slope belongs to one layer. At which layer's pre-activation have you taken this one?"
WHICH_G = "Which function does this layer apply on the way forward?"
PAIRING = "The slopes of how many units have a say in the delta of one unit?"

in_delta = partial(mistake, of=("z",), kind="factor")
of_tanh = partial(in_delta, where=activation("tanh"))
of_relu = partial(in_delta, where=activation("relu"))

in_delta(
    id="B01",
    slug="slope-at-activation",
    wrong="da * slope(a)",
    where=elementwise_but(*STRAIGHT, *OUT_FORM),
    says="{dz} has {slope(a)} in place of {slope(z)}",
    hint="Which variable does your function for the derivative expect, and which do you hand it?",
    seen=(
        "dwhitena/gophernet#6",
        "benoitfragit/libBrain#78",
        "davidrmiller/neural2d#40",
        "liashchynskyi/skynet#1",
        "rasbt/python-machine-learning-book-3rd-edition#138",
    ),
)

in_delta(
    id="B02a",
    slug="a-form-on-z",
    wrong="da * z * (1 - z)",
    where=activation("sigmoid"),
    says="{dz} has {z} in place of {a} in the derivative of σ",
    hint="In g' = g(1-g), which quantity is g?",
    seen=("BoltzmannEntropy/interviews.ai#4",),
)
of_tanh(
    id="B02b",
    slug="a-form-on-z-tanh",
    wrong="da * (1 - z^2)",
    says="{dz} has {z} in place of {a} in the derivative of tanh",
    hint="In g' = 1-g², which quantity is g?",
    seen=("PT 187917",),
)

in_delta(
    id="B03",
    slug="hidden-slope-omitted",
    wrong="da",
    where=HIDDEN & CURVED & ELEMENTWISE,
    says="{slope(z)} is left out of {dz}",
    hint="Which non-linearity does a change pass between this delta's layer and the next?",
    seen=(
        "PRIMEN",
        "ujjwalkarn/Machine-Learning-Tutorials#16",
        "makeyourownneuralnetwork/makeyourownneuralnetwork#88",
        "CaptainE/RNN-LSTM-in-numpy#1",
    ),
)

of_tanh(
    id="B04",
    slug="tanh-slope-unsquared",
    wrong="da * (1 - a)",
    says="{dz} has {1 - a} in place of {1 - a^2}",
    hint="What should the slope of tanh be far out on the left, and what is yours?",
)
of_tanh(
    id="B05",
    slug="tanh-slope-one-lost",
    wrong="-da * a^2",
    says="{dz} has {-a^2} in place of {1 - a^2}",
    hint="How steep is tanh where it crosses 0?",
    seen=("scutan90/DeepLearning-500-questions#544", "scutan90/DeepLearning-500-questions#466"),
)
of_tanh(
    id="B06",
    slug="tanh-slope-plus",
    wrong="da * (1 + a^2)",
    says="{dz} has {1 + a^2}, the derivative of tan, in place of {1 - a^2}",
    hint="Where is tanh steepest, and how steep is it there?",
    seen=("nicodjimenez/lstm#41", "gy910210/neural-network-from-scratch#2"),
)
of_tanh(
    id="B08a",
    slug="tanh-slope-inverse",
    wrong="da / (1 - a^2)",
    says="{dz} is divided by {1 - a^2}, not multiplied",
    hint="Does your factor say how the output of a unit moves with its input, or the other way round?",
    seen=("oreilly-japan/deep-learning-from-scratch-2#26",),
)
of_tanh(
    id="B08b",
    slug="tanh-slope-of-arctan",
    wrong="da / (1 + z^2)",
    says="{dz} has the derivative of arctan, {1 / (1 + z^2)}",
    hint="Which function has this derivative? Is it the one you applied?",
    seen=("neowsl/rust-ml#3",),
)

in_delta(
    id="B09a",
    slug="sigmoid-for-slope",
    wrong="da * a",
    where=activation("sigmoid"),
    says="{dz} has {a} itself in place of its derivative",
    hint=STEEPNESS,
    seen=("CaptainE/RNN-LSTM-in-numpy#1", "CaptainE/RNN-LSTM-in-numpy#2"),
)
in_delta(
    id="B09b",
    slug="sigmoid-slope-half",
    wrong="da * (1 - a)",
    where=activation("sigmoid"),
    says="{dz} has {1 - a} in place of {a * (1 - a)}",
    hint=STEEPNESS,
)

of_relu(
    id="B11",
    slug="relu-mask-missing",
    wrong="da",
    says="{dz} is {da} for negative {z}, too, where the unit was off",
    hint="What did this unit pass on where its input was negative?",
    seen=("dannyneil/spiking_relu_conversion#1",),
)
of_relu(
    id="B12",
    slug="relu-mask-overwrites",
    wrong="share * (z > 0)",
    says="{dz} is {share * (z > 0)}: {da} is lost",
    hint="Where in this delta does that of the next layer come in?",
    seen=("haifengl/smile#528",),
)
of_relu(
    id="B13",
    slug="relu-mask-wrong-tensor",
    wrong="da * (da > 0)",
    says="{dz} is cut off where {da} is negative, not where {z} is",
    hint="What decides whether a unit is on: what goes in, or what comes back?",
)
of_relu(
    id="B14",
    slug="relu-value-for-slope",
    wrong="da * max(0, z)",
    says="{dz} has {max(0, z)} itself in place of its derivative",
    hint="How steep is a straight line through 0 that rises by 1 for each step of 1?",
)
in_delta(
    id="B15",
    slug="leaky-slope-dropped",
    wrong="da * (z > 0)",
    where=activation("leaky_relu"),
    says="{dz} is 0 for negative {z}, as if nothing leaked",
    hint="What does the forward pass make of a negative input?",
    seen=("scientific-computing/FKB#15", "deeplearning4j/deeplearning4j#8178"),
)

in_delta(
    id="B16a",
    slug="elu-softplus-wrong-variable",
    wrong="da * slope(a)",
    where=activation(*OUT_FORM),
    says="{dz} has {slope(a)}: {a} in the rule for {z}",
    hint=IN_OR_OUT,
    seen=(
        "mlpack/mlpack#1540",
        "PaddlePaddle/Paddle#18678",
        "NVlabs/tiny-cuda-nn#130",
    ),
)
in_delta(
    id="B16b",
    slug="elu-a-form-on-z",
    wrong="da * ((z > 0) + (-z > 0) * (1 + z))",
    where=activation("elu"),
    says="{dz} has {1 + z} for negative {z}: {z} in the rule for {a}",
    hint=IN_OR_OUT,
    seen=("hughperkins/DeepCL#46",),
)
in_delta(
    id="B16c",
    slug="softplus-a-form-on-z",
    wrong="da * (1 - exp(-z))",
    where=activation("softplus"),
    says="{dz} has {1 - exp(-z)}: {z} in the rule for {a}",
    hint=IN_OR_OUT,
)

in_delta(
    id="B17a",
    slug="slope-at-next-layer",
    wrong="da * slope(z_next)",
    where=HIDDEN & CURVED & ELEMENTWISE,
    kind="index",
    says="{dz} has {slope(z_next)} in place of {slope(z)}",
    hint=WHOSE_Z,
    seen=("dennybritz/nn-from-scratch#3",),
)
in_delta(
    id="B17b",
    slug="slope-at-previous-layer",
    wrong="da * slope(z_prev)",
    where=NOT_FIRST & CURVED & ELEMENTWISE,
    kind="index",
    says="{dz} has {slope(z_prev)} in place of {slope(z)}",
    hint=WHOSE_Z,
    seen=("jeffheaton/encog-java-core#243",),
)
in_delta(
    id="B17c",
    slug="slope-of-next-activation",
    wrong="da * slope_next(z)",
    where=ELEMENTWISE & unlike(+1),
    says="{dz} has the slope of the next layer's activation, {slope_next(z)}",
    hint=WHICH_G,
    seen=("unda-ml/unda#1",),
)
in_delta(
    id="B17d",
    slug="slope-of-previous-activation",
    wrong="da * slope_prev(z)",
    where=ELEMENTWISE & unlike(-1),
    says="{dz} has the slope of the activation of the layer before, {slope_prev(z)}",
    hint=WHICH_G,
    seen=("unda-ml/unda#1",),
)

in_delta(
    id="B18a",
    slug="sigmoid-slope-everywhere",
    wrong="da * sigmoid(z) * (1 - sigmoid(z))",
    where=elementwise_but("sigmoid"),
    says="{dz} has {sigmoid(z) * (1 - sigmoid(z))}, which is the slope of σ, though this layer has no σ",
    hint=WHICH_G,
    seen=("ttezel/nn#8",),
)
in_delta(
    id="B18b",
    slug="sigmoid-a-form-everywhere",
    wrong="da * a * (1 - a)",
    where=elementwise_but("sigmoid"),
    says="{dz} has {a * (1 - a)}, which is the slope of σ, though this layer has no σ",
    hint=WHICH_G,
    seen=("ttezel/nn#8", "shiffman/Neural-Network-p5#22"),
)

in_delta(
    id="B19a",
    slug="matmul-for-hadamard",
    wrong="da @ slope(z)",
    where=CURVED & ELEMENTWISE,
    kind="sum",
    says="{da} and {slope(z)} are multiplied as matrices, not entry by entry",
    hint=PAIRING,
    seen=("DL 402919", "DL 290850", "DL 85937", "DL-NN"),
)
in_delta(
    id="B19b",
    slug="matmul-for-hadamard-reversed",
    wrong="slope(z) @ da",
    where=CURVED & ELEMENTWISE,
    kind="sum",
    says="{slope(z)} and {da} are multiplied as matrices, not entry by entry",
    hint=PAIRING,
)
of_tanh(
    id="B19c",
    slug="tanh-square-as-matmul",
    wrong="da * (1 - a @ a.T)",
    kind="sum",
    says="{a} is multiplied by itself as a matrix, where each of its entries should be squared",
    hint=PAIRING,
)

mistake(
    id="B20",
    slug="hadamard-for-matmul",
    of=("a",),
    wrong="dz_next * W_next.T",
    where=HIDDEN & SEVERAL_NEXT,
    kind="sum",
    says="{dz_next} and {W_next} are multiplied entry by entry in {dz}, not as matrices",
    hint="How many units of the next layer hear from one unit of this layer?",
    seen=("DL 723602", "DL 71024", "DL 111582", "DL-NN"),
)
