"""Part E: the penalty's part of a gradient."""

from __future__ import annotations

from functools import partial

from gradcheck.mistakes.conditions import BIASED, PARAMETERS, penalised, penalty
from gradcheck.mistakes.records import mistake

COVERED = penalised(*PARAMETERS)
SQUARED = penalty("a squared penalty", lambda p: p["norm"] == "l2")
PER_BATCH = penalty("a penalty divided by m", lambda p: p["constant"].endswith("m"))
NOT_PER_BATCH = penalty("a penalty not divided by m", lambda p: not p["constant"].endswith("m"))
FREE_BIAS = BIASED & penalty("a penalty that leaves biases alone", lambda p: "b" not in p["covers"])
of_penalty = partial(mistake, of=PARAMETERS, part="penalty")

of_penalty(
    id="E01",
    slug="penalty-missing",
    wrong="0",
    where=COVERED,
    kind="term",
    says="the penalty is left out",
    hint="With λ = 0, is the difference gone?",
    seen=("zduey/machinelearning_coursera#2",),
)
of_penalty(
    id="E02a",
    slug="penalty-factor-half",
    wrong="right / 2",
    where=COVERED & SQUARED,
    kind="scale",
    says="the penalty's part is half of what it should be",
    hint="Differentiate the penalty of one weight alone: which constant is left?",
    seen=(
        "jingtinghuang/CS231n-Spring-2017#3",
        "cs231n/cs231n.github.io#89",
        "ageron/handson-ml3#118",
    ),
)
of_penalty(
    id="E02b",
    slug="penalty-factor-two",
    wrong="2 * right",
    where=COVERED & SQUARED,
    kind="scale",
    says="the penalty's part is twice what it should be",
    hint="Differentiate the penalty of one weight alone: which constant is left?",
)
of_penalty(
    id="E03",
    slug="bias-penalised",
    of=("b",),
    wrong="coefficient * derivative",
    where=FREE_BIAS,
    kind="term",
    says="{db} has a part from the penalty, which does not cover {b}",
    hint="Which parameters stand in the penalty of the exercise?",
    seen=("rasmusbergpalm/DeepLearnToolbox#32",),
)
of_penalty(
    id="E03b",
    slug="bias-lambda-constant",
    of=("b",),
    wrong="2 * coefficient",
    where=FREE_BIAS & SQUARED,
    kind="term",
    says="{db} has the part that the penalty would give a bias of 1, though it covers no bias",
    hint="What does the penalty give a parameter that it doesn't hold?",
    seen=("JWarmenhoven/Coursera-Machine-Learning#3",),
)
of_penalty(
    id="E04a",
    slug="penalty-batch-mean-missing",
    wrong="m * right",
    where=COVERED & PER_BATCH,
    kind="scale",
    says="the penalty's part is not divided by {m}",
    hint="Does the penalty stand inside the mean over the examples, or outside?",
)
of_penalty(
    id="E04b",
    slug="penalty-batch-mean-extra",
    wrong="right / m",
    where=COVERED & NOT_PER_BATCH,
    kind="scale",
    says="the penalty's part is divided by {m}",
    hint="Does the penalty stand inside the mean over the examples, or outside?",
    seen=("ageron/handson-ml3#118",),
)
of_penalty(
    id="E06",
    slug="penalty-sign-flipped",
    wrong="-right",
    where=COVERED,
    kind="sign",
    says="the penalty's part has the wrong sign",
    hint="When J falls, does the penalty pull a weight towards 0 or away from it?",
)
