"""Part A: the loss's derivative and the output's delta."""

from __future__ import annotations

from functools import partial

from gradcheck.mistakes.conditions import (
    A_LOSS,
    AVERAGED,
    CLASSES,
    CURVED,
    ELEMENTWISE,
    OUTPUT,
    PAIRED,
    SEVERAL_OUTPUTS,
    SUMMED,
    activation,
    loss,
)
from gradcheck.mistakes.records import mistake

CONSTANT = "Differentiate the loss alone, for one output and one target. Which number is left in front?"
MEAN = "What does this loss add up, and over what does it take a mean?"
VARIABLE = (
    "With respect to which variable is your output delta: what the last layer makes, or what goes into it?"
)
ZERO = "What does your gradient say of an example whose target is 0?"
INNER = "How does the logarithm of 1 minus the output change when the output grows?"

of_output = partial(mistake, of=("a",))
in_delta = partial(mistake, of=("z",))

in_delta(
    id="A01a",
    slug="output-slope-omitted",
    wrong="da",
    where=OUTPUT & CURVED & ELEMENTWISE,
    kind="factor",
    says="{slope(z)} is left out of {dz}",
    hint="How many steps lead from an output unit's input to the loss, and how many slopes did you multiply?",
    seen=(
        "Bot-Academy/NeuralNetworkFromScratch#3",
        "jiexunsee/Neural-Network-with-Python#1",
        "dannyneil/spiking_relu_conversion#1",
        "PRIMEN",
    ),
)
in_delta(
    id="A01b",
    slug="output-slope-omitted-logits",
    wrong="share * (p - y) / (p * (1 - p))",
    where=PAIRED & loss("binary_cross_entropy_with_logits"),
    kind="factor",
    says="{dz} is the derivative with respect to {p}, not to {z}",
    hint=VARIABLE,
)

of_output(
    id="A02a",
    slug="output-slope-doubled",
    wrong="share * (a - y)",
    where=PAIRED & loss("binary_cross_entropy", "cross_entropy", "kl_divergence"),
    kind="factor",
    says="{a - y} stands for {da}, but is the derivative with respect to {z}: {dz} has the slope twice",
    hint="For this loss, is output minus target the derivative by the output, or by what goes into the unit?",
    seen=(
        "rasbt/python-machine-learning-book-2nd-edition#54",
        "mnielsen/neural-networks-and-deep-learning#77",
        "udacity/deep-learning-v2-pytorch#409",
        "udacity/deep-learning-v2-pytorch#105",
        "parasdahal/tinyml#1",
        "DS-SIGMA",
    ),
)
in_delta(
    id="A02b",
    slug="output-slope-added",
    wrong="share * (p - y) * p * (1 - p)",
    where=PAIRED
    & loss(
        "binary_cross_entropy_with_logits",
        "cross_entropy",
        "cross_entropy_with_logits",
        "kl_divergence",
        "nll",
    ),
    kind="factor",
    says="{dz} is multiplied by {p * (1 - p)}, though {p - y} is the derivative with respect to {z} already",
    hint="For this loss, is prediction minus target the derivative by the prediction, or by the score?",
)

of_output(
    id="A03a",
    slug="loss-factor-two-extra",
    wrong="2 * right",
    where=OUTPUT & loss("half_squared_error"),
    kind="scale",
    says="{da} has a 2 that the ½ of the loss cancels",
    hint=CONSTANT,
    seen=("markroxor/fromscratchtoml#65", "deepjavalibrary/djl#520"),
)
of_output(
    id="A03b",
    slug="loss-factor-two-missing",
    wrong="0.5 * right",
    where=OUTPUT & loss("squared_error", "mean_squared_error"),
    kind="scale",
    says="{da} lacks the 2 that the square brings down",
    hint=CONSTANT,
    seen=("davisking/dlib#1169",),
)

of_output(
    id="A04",
    slug="output-sign-flipped",
    wrong="-right",
    where=OUTPUT & A_LOSS,
    kind="sign",
    says="{da} has the opposite sign",
    hint="Let one weight grow by a hair. Does the loss grow or shrink, and does your number say so?",
    seen=("dennybritz/nn-from-scratch#11", "NeuromatchAcademy/course-content-dl#176"),
)

of_output(
    id="A05a",
    slug="output-mean-missing",
    wrong="n_out * right",
    where=OUTPUT & SEVERAL_OUTPUTS & AVERAGED,
    kind="scale",
    says="{da} is not divided by the number of outputs, over which this loss is a mean",
    hint=MEAN,
    seen=("oysteijo/simd_neuralnet#1",),
)
of_output(
    id="A05b",
    slug="output-mean-extra",
    wrong="right / n_out",
    where=OUTPUT & SEVERAL_OUTPUTS & SUMMED,
    kind="scale",
    says="{da} is divided by the number of outputs, over which this loss is a sum",
    hint=MEAN,
    seen=("oysteijo/simd_neuralnet#1",),
)

of_output(
    id="A06a",
    slug="bce-positive-term-only",
    wrong="-share * y / a",
    where=OUTPUT & loss("binary_cross_entropy"),
    kind="term",
    says="{da} has the derivative of {-y * log(a)} and nothing of the loss's other term",
    hint=ZERO,
    seen=("deeplearning4j/nd4j#1328", "RubixML/ML#424"),
)
in_delta(
    id="A06b",
    slug="bce-positive-term-only-logits",
    wrong="-share * y * (1 - p)",
    where=PAIRED & loss("binary_cross_entropy_with_logits"),
    kind="term",
    says="{dz} has the derivative of {-y * log(p)} and nothing of the loss's other term",
    hint=ZERO,
)

of_output(
    id="A07a",
    slug="bce-inner-sign",
    wrong="-share * (y / a + (1 - y) / (1 - a))",
    where=OUTPUT & loss("binary_cross_entropy"),
    kind="sign",
    says="{(1 - y) / (1 - a)} has the wrong sign in {da}",
    hint=INNER,
)
in_delta(
    id="A07b",
    slug="bce-inner-sign-logits",
    wrong="share * (-y * (1 - p) - (1 - y) * p)",
    where=PAIRED & loss("binary_cross_entropy_with_logits"),
    kind="sign",
    says="{(1 - y) * p} has the wrong sign in {dz}",
    hint=INNER,
)

in_delta(
    id="A08",
    slug="softmax-diagonal-only",
    wrong="da * a * (1 - a)",
    where=activation("softmax"),
    kind="term",
    says="{dz} uses only the diagonal of softmax's Jacobian, {a * (1 - a)}",
    hint="One score rises. What becomes of the other classes' probabilities?",
    seen=("deeplearning4j/libnd4j#440", "pocketpy/cTensor#31", "HomericIntelligence/Odyssey#2134"),
)

in_delta(
    id="A09a",
    slug="softmax-skipped",
    wrong="da",
    where=activation("softmax", "log_softmax"),
    kind="factor",
    says="{dz} is {da}: nothing goes back through the activation",
    hint=VARIABLE,
)
in_delta(
    id="A09b",
    slug="softmax-skipped-logits",
    wrong="-share * y / p",
    where=PAIRED & loss("cross_entropy_with_logits"),
    kind="factor",
    says="{dz} is the derivative with respect to {p}, not to {z}",
    hint=VARIABLE,
)

in_delta(
    id="A10",
    slug="one-hot-forgotten",
    wrong="share * p",
    where=PAIRED & CLASSES,
    kind="term",
    says="{y} is left out of {dz}",
    hint="Two examples have equal scores and different labels. Do their output deltas differ?",
)

in_delta(
    id="A11",
    slug="softmax-true-class-only",
    wrong="share * (p - y) * y",
    where=PAIRED & CLASSES,
    kind="term",
    says="{dz} is {p - y} for the true class and 0 for all others",
    hint="Raise the score of a wrong class. Does the loss stay as it is?",
)

in_delta(
    id="A12a",
    slug="softmax-local-mixed",
    wrong="last_unit(da * a, u) - da * a * last_entry(z, u)",
    where=activation("softmax"),
    kind="sum",
    says="softmax's Jacobian has {z} in place of {a}, and in {dz} each column overwrites the one before",
    hint="Is each number in your local slope a probability? And what becomes of an entry that is set twice?",
    seen=("SO-SOFTMAX",),
)
in_delta(
    id="A12b",
    slug="softmax-z-for-a",
    wrong="a * da - z * sum(a * da, u)",
    where=activation("softmax"),
    kind="factor",
    says="softmax's Jacobian has {z} in place of {a} in {dz}",
    hint="Is each number in your local slope a probability?",
    seen=("SO-SOFTMAX",),
)
in_delta(
    id="A12c",
    slug="softmax-sum-overwritten",
    wrong="last_unit(da * a, u) - da * a * last_entry(a, u)",
    where=activation("softmax"),
    kind="sum",
    says="in {dz} each column of softmax's Jacobian overwrites the one before, and only the last is left",
    hint="What becomes of an entry that a loop over the classes sets once for each of them?",
    seen=("SO-SOFTMAX",),
)

of_output(
    id="A13",
    slug="output-not-loss",
    wrong="share",
    where=OUTPUT & A_LOSS,
    kind="factor",
    says="{da} is the same for all outputs: they themselves are differentiated, not the loss",
    hint="Whose slope do you compute: that of what the network says, or of how wrong it is?",
    seen=("stats.SE 188678",),
)

of_output(
    id="A14a",
    slug="difference-of-squares",
    wrong="2 * share * a",
    where=OUTPUT & loss("squared_error"),
    kind="term",
    says="{da} has {2 * a} in place of {2 * (a - y)}",
    hint="Let the output hit its target. How large should the slope be there, and how large is yours?",
    seen=("datascience.SE 74328",),
)
of_output(
    id="A14b",
    slug="difference-of-half-squares",
    wrong="share * a",
    where=OUTPUT & loss("half_squared_error"),
    kind="term",
    says="{da} has {a} in place of {a - y}",
    hint="Let the output hit its target. How large should the slope be there, and how large is yours?",
)

in_delta(
    id="A16",
    slug="log-softmax-upstream-added",
    wrong="da + exp(a)",
    where=activation("log_softmax"),
    kind="term",
    says="{dz} adds {exp(a)} to {da}, where {-exp(a) * sum(da, u)} belongs",
    hint="Raise all scores of an example alike: no loss changes. What must its delta's entries add up to?",
    seen=("mlpack/mlpack#2360", "mlpack/mlpack#2364", "mlpack/mlpack#3469"),
)
