"""A Spec is built from its data alone, fast."""

import json

import pytest
from spec_examples import EXERCISE, GOOD, edited

from gradcheck.specification.read import parse
from gradcheck.specification.records import CasePlan, Spec


def built(text: str) -> Spec:
    return parse(text.encode(), "specs/x.yaml")


@pytest.mark.parametrize(
    "text",
    [GOOD, EXERCISE, GOOD + "penalty: {l1: 0.5, constant: lambda/m, of: [W, b]}\n"],
    ids=["network", "exercise", "penalty"],
)
def test_stored_data_builds_the_same_spec(text: str) -> None:
    """After a way through JSON nothing is missing."""
    spec = built(text)
    again = Spec.build(json.loads(json.dumps(spec.data, allow_nan=False)), spec.path, spec.text_hash)
    assert again == spec
    assert again.sized(again.cases[-1]).parameters == spec.sized(spec.cases[-1]).parameters


def test_the_spec_says_what_the_text_says() -> None:
    """All of it, in the words of the harness."""
    spec = built(GOOD)
    assert (spec.title, spec.path) == ("Two layers", "specs/x.yaml")
    assert (spec.stack.loss.name, spec.stack.reduction, spec.stack.penalty) == (
        "half_squared_error",
        "mean",
        None,
    )
    assert spec.check == ("dW2", "dW1", "db1")
    assert spec.accept == ("dz2", "dz1")
    assert spec.contract.file == "backprop.py"
    assert spec.cases == (
        CasePlan(batch=1, widths=None, inputs=None, seed=0),
        CasePlan(batch=7, widths=(3, 5, 2), inputs=None, seed=1),
    )


def test_a_case_may_have_other_widths() -> None:
    """The inputs' width first, then each layer's units; activations and biases stay."""
    spec = built(GOOD)
    own, other = (spec.sized(plan).parameters for plan in spec.cases)
    assert own == {"W1": (2, 3), "b1": (3,), "W2": (3, 1)}
    assert other == {"W1": (3, 5), "b1": (5,), "W2": (5, 2)}


def test_a_case_may_have_other_inputs() -> None:
    """Arrays of another size go through the same filters."""
    spec = built(edited(("check:", "cases: [{batch: 2, inputs: [1, 6, 7]}]\ncheck:"), text=EXERCISE))
    assert spec.sized(spec.cases[0]).shapes(2)["z1"] == (2, 2, 4, 5)
    assert spec.sized(spec.cases[0]).parameters["W1"] == (2, 1, 3, 3)


def test_a_penalty_is_part_of_the_stack() -> None:
    """With its constant and the letters that it covers."""
    spec = built(GOOD + "penalty: {l1: 0.5, constant: lambda/m}\n")
    assert spec.stack.penalty == {"norm": "l1", "strength": 0.5, "constant": "lambda/m", "covers": ["W"]}
