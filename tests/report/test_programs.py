"""Reports of wrong programs that students might write, each read once as its author would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from gradcheck.checker import Checker
from gradcheck.report.terminal import render
from gradcheck.submission.find import at
from snapshot import Text

ROOT = Path(__file__).parents[2]
FOLDER = Path("benchmarks/programs/open")
SCREEN = 52
"""The most lines of a report."""
ABOVE = 22
"""The most lines above the first status."""

PROGRAMS = {
    "adventures_l2/weights_sent_back_straight": "a mistake that the catalogue has",
    "attention_head/softmax_sum_lost": "a term left out, in equations",
    "batchnorm_layer/var_sum_not_mean": "a sum for a mean, in equations",
    "conv_stride/true_convolution": "a convolution for a correlation, forward and backward",
    "deep_tanh/unsquared_and_no_m": "two of the catalogue's at once",
    "lstm_cell/upstream_c_lost": "a path left out",
    "relu_softmax/leaky_forward": "another forward pass, whose backward pass is right",
    "relu_softmax/no_bias_in_hidden": "another forward pass, of which the backward pass does not know",
    "residual_columns/skip_and_mean": "two changes at once",
    "rnn_tagger/relu_cell": "another activation over time",
    "rnn_tagger/truncated_two_steps": "no change that is known",
    "rnn_tagger/loss_averaged_over_times": "a constant in what people know by heart",
    "rnn_tagger/zero_first_state": "another first state, forward and backward",
    "triplet/inactive_not_masked": "a factor left out in two equations, which odd forward passes make, too",
    "triplet/two_of_square": "a constant",
}
"""Program -> of which kind it is."""


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    with Checker() as checker:
        yield checker


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.replace("/", "-"))
def test_a_report(
    checker: Checker, monkeypatch: pytest.MonkeyPatch, program: str, snapshot: SnapshotAssertion
) -> None:
    """It is as it was found good, and begins with the mistake; what it says fits on a screen."""
    monkeypatch.chdir(ROOT)
    exercise = program.partition("/")[0]
    text = render(checker.check(at(FOLDER / "programs" / program), FOLDER / "specs" / f"{exercise}.yaml"))
    lines = text.split("\n")
    assert len(lines) <= SCREEN
    assert next(n for n, line in enumerate(lines) if line.startswith("  Question")) < ABOVE
    assert text == snapshot(extension_class=Text)
