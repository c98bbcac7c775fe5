"""The normalised document of a spec, and every complaint that a faulty one gets."""

import contextlib
import json
import random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from spec_examples import EXERCISE, FAULTS, GOOD, RUN, edited

from gradcheck.errors import SpecError
from gradcheck.layers.activation import OPTIONS
from gradcheck.specification.language import Sheet
from gradcheck.specification.read import parse
from gradcheck.specification.wording import _WRITTEN
from gradcheck.specification.yaml_text import load

pytestmark = pytest.mark.slow


def made(text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(parse(text.encode(), "specs/two_layer.yaml").data))
    return data


def complaints(text: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        made(text)
    return [str(complaint) for complaint in caught.value.complaints]


def test_the_document_is_in_canonical_names() -> None:
    """Symbols of the notation are looked up, and every checked quantity has points."""
    data = made(GOOD)
    assert data["check"] == ["dW2", "dW1", "db1"]
    assert data["accept"] == ["dz2", "dz1"]
    assert data["points"] == {"dW2": 4, "dW1": 4, "db1": 2}
    assert data["contract"]["run_line"] == 12


def test_the_document_is_complete() -> None:
    """What a spec leaves out is filled in: the shortest spec says as much as one that spells it out."""
    short = """\
title: One layer
network:
  inputs: 2
  layers: [{dense: {units: 3, activation: leaky_relu}}]
loss: huber
check: [dW1]
"""
    long = """\
title: One layer
notation: plain
network:
  inputs: [2]
  layers: [{dense: {units: 3, activation: {leaky_relu: {slope: 0.01}}, bias: true}}]
loss: {huber: {delta: 1.0}}
reduction: mean
labels: false
submission: {file: two_layer.py, seconds: 10, memory_mb: 1024, output: 64000, given: []}
check: [dW1]
accept: []
cases: [{batch: 1, seed: 0}, {batch: 5, seed: 1}]
seed: 0
points: {dW1: 1}
"""
    ours, theirs = made(short), made(long)
    assert ours["contract"].pop("run_line") == 6
    assert theirs["contract"].pop("run_line") == 9
    assert ours == theirs


@pytest.mark.parametrize(
    ("loss", "reduction"), [("half_squared_error", "mean"), ("upstream", "sum"), ("none", "sum")]
)
def test_the_reduction_follows_from_the_loss(loss: str, reduction: str) -> None:
    """A loss is averaged, what takes its place is added up."""
    text = edited(("loss: half_squared_error", f"loss: {loss}"), (", widths: [3, 5, 2]", ""))
    assert made(text)["network"]["reduction"] == reduction


def test_seeds_follow_from_the_specs_seed() -> None:
    """Every case has its own, unless it is given."""
    data = made(
        edited(("{batch: 1}", "{batch: 1, seed: 77}"), ("notation: nielsen", "notation: nielsen\nseed: 4"))
    )
    assert [case["seed"] for case in data["cases"]] == [77, 4001]


def test_a_penalty_covers_the_weights() -> None:
    """By default all of them and no bias."""
    data = made(GOOD + "penalty: {l2: 1e-3, constant: lambda/2m}\n")
    assert data["network"]["penalty"] == {
        "norm": "l2",
        "strength": 0.001,
        "constant": "lambda/2m",
        "covers": ["W"],
    }


def test_the_plain_contract_goes_by_dictionaries() -> None:
    """Parameters in one, gradients out of one, each symbol set where it is there."""
    run = made(edited((RUN, "")))["contract"]["run"]
    given = {"x": 1, "y": 2, "W2": 3, "b2": 4, "W3": 5}
    seen: list[Any] = []

    def backprop(*arguments: Any) -> dict[str, float]:
        seen.extend(arguments)
        return {"dW2": 0.5, "delta3": 0.25}

    namespace: dict[str, Any] = {**given, "backprop": backprop}
    exec(run, namespace)
    assert seen == [{"W2": 3, "b2": 4, "W3": 5}, 1, 2]
    assert (namespace["dW2"], namespace["delta3"]) == (0.5, 0.25)
    assert "dW3" not in namespace


@pytest.mark.parametrize(
    ("change", "call"),
    [
        (("title", "title"), 'grads = backprop({"w": w, "b": b}, x, dout)'),
        (
            ("check:", "penalty: {l1: 1, constant: lambda}\ncheck:"),
            'grads = backprop({"w": w, "b": b}, x, dout, lam)',
        ),
        (
            ("check:", "submission: {given: [z]}\ncheck:"),
            'grads = backprop({"w": w, "b": b, "z": z}, x, dout)',
        ),
    ],
    ids=["upstream", "penalty", "given"],
)
def test_the_plain_contract_passes_what_there_is(change: tuple[str, str], call: str) -> None:
    """An upstream gradient in place of targets, λ at the end, given intermediates with the parameters."""
    assert made(edited(change, text=EXERCISE))["contract"]["run"].splitlines()[0] == call


def test_without_a_loss_there_are_no_targets() -> None:
    """The plain contract is `backprop(params, x)` where the output itself is differentiated."""
    text = edited((RUN, ""), ("half_squared_error", "none"), (", widths: [3, 5, 2]", ""))
    assert made(text)["contract"]["run"].startswith('grads = backprop({"W2": W2, "b2": b2, "W3": W3}, x)\n')


@pytest.mark.parametrize(("changes", "first_line", "advice"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_has_one_complaint(
    changes: list[tuple[str, str]], first_line: str, advice: str | None
) -> None:
    """It says what is wrong, at which line and column, and what to do; nothing else is complained about."""
    text = edited(*changes)
    line, column = map(int, first_line.split(":")[:2])
    expected = [
        f"specs/two_layer.yaml:{first_line}",
        f"    {text.splitlines()[line - 1]}",
        " " * (column + 3) + "^",
    ]
    assert complaints(text) == ["\n".join(expected + ([f"help: {advice}"] if advice else []))]


@pytest.mark.parametrize(
    ("loss", "place"),
    [
        ('{custom: "(a - y)**2 + q"}', "8:30"),
        ("{custom: {formula: a + q}}", "8:30"),
        ("\n  custom: |\n    a + q", "9:11"),
    ],
    ids=["quoted", "option", "block"],
)
def test_a_formula_is_complained_about_at_its_column(loss: str, place: str) -> None:
    """What can't be read in it is shown; in a block, the block."""
    (complaint,) = complaints(edited(("half_squared_error", loss)))
    assert complaint.startswith(
        f"specs/two_layer.yaml:{place}: the formula can't be read: there is no q here"
    )


def test_a_name_of_another_type_gets_all_names() -> None:
    """What is no name can't be near one."""
    (complaint,) = complaints(edited(("activation: sigmoid}", "activation: 3}")))
    assert complaint.startswith("specs/two_layer.yaml:6:37: activation must be a name, not 3\n")
    assert complaint.endswith(f"help: there is {', '.join(sorted(OPTIONS))}")


def test_all_complaints_come_at_once() -> None:
    """Six faults of six kinds are six complaints, in the order of the file."""
    text = edited(
        ("title: Two layers", "title: Two layers\ntitel: Three"),
        ("file: backprop.py", "seconds: soon"),
        ("dW2, db2, dW3 = backprop(x, y, W2, b2, W3)", "dW2, db2, dW3 = backprop(x, y"),
        ("check: [dW3, dW2, db2]", "check: [dW3, dW2, db2, dW7]"),
        ("widths: [3, 5, 2]", "widths: [3, 5]"),
        ("db2: 2}", "db2: 2, db3: 1}"),
    )
    assert [
        complaint.splitlines()[0].removeprefix("specs/two_layer.yaml:") for complaint in complaints(text)
    ] == [
        "2:1: the spec has no key titel",
        "11:12: seconds must be a number, not the text 'soon'",
        "14:29: run is not Python: '(' was never closed",
        "15:24: this network has no quantity dW7",
        "19:24: this network has 3 widths, not 2",
        "20:34: there are points for db3, which is not checked",
    ]


def test_faults_of_the_network_come_at_once() -> None:
    """Every layer and the loss are looked at, whichever is wrong first."""
    text = edited(
        ("activation: sigmoid}", 'activation: {custom: "zz"}}'),
        ("bias: false", "bias: no"),
        ("loss: half_squared_error", "loss: {huber: {delta: 0}}"),
    )
    assert [int(complaint.split(":")[1]) for complaint in complaints(text)] == [6, 7, 8]


def test_what_depends_on_a_fault_is_not_complained_about() -> None:
    """With an unknown notation nobody can say which symbols exist."""
    text = edited(("nielsen", "adventure"), ("dW3: 4", "dW9: 4"))
    assert len(complaints(text)) == 1


@pytest.mark.parametrize(
    ("run", "line"),
    [
        ('  run: "dW2, db2, dW3 = f(x)"\n', 11),
        ("  run: |\n    dW2, db2, dW3 = f(x)\n", 12),
        ("  run: |\n\n    # a comment\n    dW2, db2, dW3 = f(x)\n", 12),
    ],
)
def test_the_first_line_of_run_is_known(run: str, line: int) -> None:
    """A block starts below its sign, anything else right after the key."""
    assert made(edited((RUN, run)))["contract"]["run_line"] == line


@pytest.mark.parametrize(
    ("run", "place"),
    [
        ('  run: "dW3 = = 1"\n', "11:15"),
        ("  run: dW3 = = 1\n", "11:14"),
        ("  run: |\n\n      x = 1\n      dW3 = = 1\n", "14:13"),
        ("  run: >\n    x = = 1\n    y = 2\n", "11:8"),
    ],
    ids=["quoted", "plain", "block", "folded"],
)
def test_a_syntax_error_is_shown_where_it_stands(run: str, place: str) -> None:
    """At its own line and column, or at the start of a text whose lines are folded."""
    (complaint,) = complaints(edited((RUN, run)))
    assert complaint.startswith(f"specs/two_layer.yaml:{place}: run is not Python: invalid syntax")


def test_run_is_read_in_bounded_depth() -> None:
    """A text that the parser gives up on is a complaint like any other."""
    (complaint,) = complaints(edited(("delta2 = None", "x = " + "-" * 9000 + "1")))
    assert complaint.startswith("specs/two_layer.yaml:11:8: run is not Python that can be read")


@pytest.mark.parametrize(
    "statement",
    [
        "dW3 = dW2 = db2 = 0",
        "dW3, (dW2, *db2) = f()",
        "for dW3, dW2 in g(): db2 = 1",
        "from m import dW3, q as dW2\n    db2 = 0",
        "if (dW3 := 1): dW2 = db2 = 0",
        "dW3 = 0; dW3 += 1; dW2 = db2 = 0",
        "with f() as (dW3, dW2): db2 = 0",
    ],
)
def test_any_way_of_setting_a_symbol_will_do(statement: str) -> None:
    """Whatever binds a name in Python counts."""
    assert made(edited(("delta2 = None\n    dW2, db2, dW3 = backprop(x, y, W2, b2, W3)", statement)))


def test_a_folded_bias_has_no_name() -> None:
    """In a notation where W holds the bias, asking for db points to dW."""
    (complaint,) = complaints(edited(("cs231n", "plain"), text=EXERCISE).replace("[dx, dw, db]", "[out, dw]"))
    assert "this network has no quantity dw" in complaint
    folded = """\
title: Folded
notation: lfd
network: {inputs: 2, layers: [{dense: {units: 3}}]}
loss: squared_error
check: [db1]
"""
    assert complaints(folded) == [
        "specs/two_layer.yaml:5:9: the bias is part of the weights here, and db1 has no name of its own\n"
        "    check: [db1]\n            ^\nhelp: name dW1"
    ]


def test_too_many_layers_are_refused() -> None:
    """The length is looked at before the layers."""
    many = "    - dense: {units: 3}\n" * 51
    old = GOOD[GOOD.index("    - dense") : GOOD.index("loss:")]
    (complaint,) = complaints(edited((old, many)))
    assert complaint.startswith("specs/two_layer.yaml:6:5: layers must have at most 50 entries")


def test_letters_and_numbers_can_be_changed() -> None:
    """A source that calls z^(2) what h^(3) is the activation of can be followed."""
    text = edited(
        ("nielsen", 'adventures\nletters: {z: "s{n}"}\nnumbers: {z: -1}'),
        ("dW2, db2, dW3 =", "dW1, db1, dW2, s1 ="),
        ("check: [dW3, dW2, db2]", "check: [dW2, dW1, db1, s1]"),
        ("accept: [delta3, delta2]", "accept: [delta2, dh3_ds2]"),
        ("{dW3: 4, dW2: 4, db2: 2}", "{s1: 3}"),
    )
    data = made(text)
    assert data["check"] == ["dW2", "dW1", "db1", "z1"]
    assert data["accept"] == ["dz2", "da2/dz2"]


keys = st.sampled_from(
    [
        "title",
        "network",
        "layers",
        "dense",
        "units",
        "loss",
        "run",
        "check",
        "cases",
        "batch",
        "widths",
        "letters",
    ]
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**6), st.floats(), st.text(max_size=8), keys,
    st.sampled_from(["dW2", "relu", "custom", "z**2", "{n}", "lfd", "010", "[1]"]),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)


def mutated(data: Any, rng: random.Random, value: Any) -> Any:
    """The data with one value, anywhere in it, replaced, removed or added."""
    if not isinstance(data, dict | list) or not data or rng.random() < 0.15:
        return value
    copy = data.copy()
    place = rng.choice([*copy]) if isinstance(copy, dict) else rng.randrange(len(copy))
    if rng.random() < 0.1:
        copy.pop(place)
    elif isinstance(copy, dict) and rng.random() < 0.1:
        copy[str(value)] = copy.pop(place)
    else:
        copy[place] = mutated(copy[place], rng, value)
    return copy


@given(
    st.sampled_from([GOOD, EXERCISE]),
    st.randoms(use_true_random=False),
    st.lists(values, min_size=1, max_size=4),
)
def test_any_mutation_is_read_or_refused(text: str, rng: random.Random, replacements: list[Any]) -> None:
    """A good spec changed at random is a good spec or a SpecError, whose complaints name lines of it."""
    data = load(text.encode(), "x.yaml").data
    for value in replacements:
        data = mutated(data, rng, value)
    text = json.dumps(data, indent=1)
    try:
        json.dumps(made(text), allow_nan=False)
    except SpecError as error:
        lines = {complaint.line for complaint in error.complaints}
        assert lines <= {*range(1, len(text.splitlines()) + 2)}


@given(st.text(max_size=30), st.integers(0, len(GOOD)), st.integers(0, 40))
def test_any_edit_is_read_or_refused(new: str, start: int, length: int) -> None:
    """A piece of a good spec replaced by any text."""
    text = GOOD[:start] + new + GOOD[start + length :]
    with contextlib.suppress(SpecError):
        parse(text.encode("utf-8", "surrogatepass"), "x.yaml")


@pytest.mark.parametrize("key", [key for key in _WRITTEN if key in Sheet.model_fields])
def test_examples_in_complaints_are_sound(key: str) -> None:
    """What a complaint says a key is written like can be written so."""
    base = yaml.safe_load(f"{{title: t, network: {_WRITTEN['network']}, loss: squared_error, check: [dW1]}}")
    Sheet.model_validate({**base, key: yaml.safe_load(_WRITTEN[key])})


@pytest.mark.parametrize(
    ("text", "says", "advice"),
    [
        ("points: 3", "points must be a mapping, not 3", "as in points: {dW1: 2}"),
        (
            "penalty: 0.1",
            "penalty must be a mapping, not 0.1",
            "as in penalty: {l2: 0.1, constant: lambda/2}",
        ),
        ("cases: 5", "cases must be a list, not 5", "as in cases: [{batch: 1}, {batch: 5}]"),
    ],
)
def test_a_value_of_another_kind_is_answered_with_an_example(text: str, says: str, advice: str) -> None:
    """Line, column, and how it is written."""
    lines = "title: t\nnetwork: {inputs: 2, layers: [dense: {units: 3}]}\nloss: squared_error\ncheck: [dW1]\n"
    (told,) = complaints(f"{lines}{text}\n")
    assert told.startswith(f"specs/two_layer.yaml:5:{text.index(' ') + 2}: {says}")
    assert told.endswith(f"help: {advice}")
