"""Part F: layers through time."""

from __future__ import annotations

from gradcheck.edits.operations import laid_by, same_time
from gradcheck.mistakes.conditions import RECURRENT
from gradcheck.mistakes.records import mistake

mistake(
    id="F15",
    slug="rnn-next-step-lost",
    of=("h",),
    wrong="da",
    where=RECURRENT,
    kind="term",
    says="what the next time sends back through {Wh} is left out of {dz}",
    hint="What does the layer's output at one time change: only the loss of that time?",
    seen=("CaptainE/RNN-LSTM-in-numpy#1",),
)
mistake(
    id="F16",
    slug="rnn-time-off-by-one",
    of=("Wh",),
    wrong=laid_by(same_time),
    where=RECURRENT,
    kind="index",
    says="{dWh} is built from the layer's output of the same time, where that of the time before belongs",
    hint="Going forward, the output of which time does Wh multiply?",
    seen=("VikParuchuri/zero_to_gpt#9",),
)
mistake(
    id="C14",
    slug="branch-gradient-overwritten",
    of=("Wx", "Wh", "b"),
    wrong="first_time(a_prev, T).T @ first_time(dz, T)",
    extra={"Wh": "0", "b": "sum(first_time(dz, T), n)"},
    where=RECURRENT,
    kind="sum",
    says="{dWx}, {dWh} and {db} are those of the first time only, the last one on the way back",
    hint="A weight that is used at every time: how many gradients come back to it?",
    seen=("karpathy/micrograd#2", "karpathy/nn-zero-to-hero#52", "sebgao/cTensor#5"),
)
mistake(
    id="F18",
    slug="rnn-weights-not-transposed",
    of=("h",),
    reads={"Wh": "Wh.T"},
    where=RECURRENT,
    kind="order",
    says="{Wh} stands the wrong way round in {dz}",
    hint="Which neuron does one row of Wh belong to, going forward and going back?",
)
mistake(
    id="F19",
    slug="rnn-slope-omitted",
    of=("z",),
    wrong="dh",
    where=RECURRENT,
    kind="factor",
    says="{slope(z)} is left out of {dz}, at every time",
    hint="Whose non-linearity lies between one time and the next?",
)
mistake(
    id="F20",
    slug="rnn-slope-inverse",
    of=("z",),
    wrong="dh / slope(z)",
    where=RECURRENT,
    kind="factor",
    says="{dz} is divided by {slope(z)}, at every time",
    hint="Is it the derivative of the function that you multiply by, or of its inverse?",
    seen=("oreilly-japan/deep-learning-from-scratch-2#26",),
)
