"""Part C: how a delta follows from the next layer's."""

from __future__ import annotations

from functools import partial

from gradcheck.mistakes.conditions import (
    BIASED,
    CURVED,
    DENSE,
    ELEMENTWISE,
    HIDDEN,
    LAST_WIDTH,
    MATRIX,
    SEVERAL_NEXT,
    SQUARE,
    UNPAIRED,
    before,
    elementwise_but,
)
from gradcheck.mistakes.records import mistake

of_output = partial(mistake, of=("a",))

of_output(
    id="C01",
    slug="raw-error-propagated",
    wrong="da_next @ W_next.T",
    where=before(DENSE & CURVED),
    kind="factor",
    says="{dz} is built from {da_next}, where {dz_next} belongs",
    hint="What you send back through the weights: is it ∂J/∂a or ∂J/∂z of the layer it comes from?",
    seen=(
        "makeyourownneuralnetwork/makeyourownneuralnetwork#88",
        "Stack Overflow 53287032",
        "jiexunsee/Neural-Network-with-Python#1",
    ),
)
of_output(
    id="C02",
    slug="weights-not-transposed",
    wrong="dz_next @ W_next",
    where=before(SQUARE & MATRIX),
    kind="order",
    says="{W_next} stands the wrong way round in {dz}",
    hint="Which neuron does one row of W belong to, going forward and going back?",
    seen=("PF 3368762", "makeyourownneuralnetwork/makeyourownneuralnetwork#77"),
)
mistake(
    id="C03",
    slug="weights-left-out",
    of=("a",),
    wrong="sum(dz_next, v)",
    where=before(DENSE),
    kind="factor",
    says="{W_next} is left out of {dz}",
    hint="Move one hidden unit a little: how far does each z of the next layer move?",
    seen=("math.SE 3048198",),
)
of_output(
    id="C05",
    slug="updated-weights-used",
    wrong="dz_next @ (W_next - eta * dW_next).T",
    where=before(DENSE),
    kind="order",
    says="{dz} goes back through {W_next} after its update, not as it was in the forward pass",
    hint="At which weights was J computed, and at which do you go back?",
    seen=(
        "Stack Overflow 6013429",
        "joelgrus/data-science-from-scratch#31",
        "kim-marcel/basic_neural_network#7",
        "CodingTrain/Toy-Neural-Network-JS#72",
        "Bot-Academy/NeuralNetworkFromScratch#3",
        "louisjc/mnist-neural-network#1",
        "LxMLS/lxmls-guide#115",
    ),
    unknown="eta",
)
of_output(
    id="C06",
    slug="weight-layer-off-by-one",
    wrong="dz_next @ W.T",
    where=SQUARE & before(SQUARE),
    kind="index",
    says="{dz} goes back through {W} in place of {W_next}",
    hint="Do the weights with this number lead into the layer or out of it, in the source that you follow?",
    seen=("datascience.SE 11743", "amaas/stanford_dl_ex#15"),
)
of_output(
    id="C07",
    slug="output-delta-reused",
    wrong="dz_last @ W_next.T",
    where=before(DENSE & HIDDEN & LAST_WIDTH),
    kind="index",
    says="{dz} is built from {dz_last} in place of {dz_next}",
    hint="Which layer's delta goes into the delta of this one?",
    seen=("fanghao6666/neural-networks-and-deep-learning#7",),
)
of_output(
    id="C08a",
    slug="downstream-sum-first-only",
    wrong="first_unit(dz_next, v) @ W_next.T",
    where=before(DENSE) & SEVERAL_NEXT,
    kind="sum",
    says="only the first unit of {dz_next} counts in {dz}",
    hint="By how many routes does this unit reach the loss?",
)
of_output(
    id="C08b",
    slug="downstream-sum-last-only",
    wrong="last_unit(dz_next, v) @ W_next.T",
    where=before(DENSE) & SEVERAL_NEXT,
    kind="sum",
    says="only the last unit of {dz_next} counts in {dz}",
    hint="Each unit of the next layer sends something back: what becomes of the earlier ones?",
)
of_output(
    id="C08c",
    slug="downstream-sum-same-index",
    wrong="dz_next * diagonal(W_next, u, v)",
    where=before(SQUARE & MATRIX),
    kind="sum",
    says="each unit of {dz} gets only the unit of {dz_next} with the same number",
    hint="Does a unit feed only the unit of the same number in the next layer?",
)
mistake(
    id="C09",
    slug="chain-added",
    of=("z",),
    wrong="da + slope(z)",
    where=CURVED & ELEMENTWISE,
    kind="sum",
    says="{slope(z)} is added in {dz}, where it should multiply",
    hint="Two links of one chain, one after the other: do their rates add up or multiply?",
)
of_output(
    id="C10",
    slug="bias-column-kept",
    wrong="shifted(dz_next @ W_next.T, sum(dz_next * b_next, v), u)",
    where=before(DENSE & BIASED),
    kind="index",
    says="{dz} goes back through {b_next} as if it were the first weights, and loses the last of {W_next}",
    hint="Is there anything that leads into the bias unit?",
    seen=("louisjc/mnist-neural-network#1", "EX4-SOOP"),
)
mistake(
    id="C13",
    slug="slope-applied-twice",
    of=("z",),
    wrong="right * slope(z)",
    # The slopes of these are 0 and 1, which are their own squares.
    where=CURVED & elementwise_but("relu", "relu6", "hardtanh") & UNPAIRED,
    kind="factor",
    says="{slope(z)} stands in {dz} twice",
    hint="In which line does the activation's derivative enter for the first time? And for the last?",
)
