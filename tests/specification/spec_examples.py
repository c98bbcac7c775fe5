"""Good specs, how to edit them, and edits that make each a spec with one fault."""

GOOD = """\
title: Two layers
notation: nielsen
network:
  inputs: 2
  layers:
    - dense: {units: 3, activation: sigmoid}
    - dense: {units: 1, activation: sigmoid, bias: false}
loss: half_squared_error
submission:
  file: backprop.py
  run: |
    delta2 = None
    dW2, db2, dW3 = backprop(x, y, W2, b2, W3)
check: [dW3, dW2, db2]
accept: [delta3, delta2]
cases:
  - {batch: 1}
  - {batch: 7, widths: [3, 5, 2]}
points: {dW3: 4, dW2: 4, db2: 2}
"""
EXERCISE = """\
title: A convolution
notation: cs231n
network:
  inputs: [3, 5, 4]
  layers:
    - conv2d: {filters: 2, size: 3}
loss: upstream
check: [dx, dw, db]
"""
RUN = GOOD[GOOD.index("  run:") : GOOD.index("check:")]


def edited(*changes: tuple[str, str], text: str = GOOD) -> str:
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} must occur once"
        text = text.replace(old, new)
    return text


FAULTS: dict[str, tuple[list[tuple[str, str]], str, str | None]] = {
    "unknown-key": (
        [("title: Two", "titel: x\ntitle: Two")],
        "1:1: the spec has no key titel",
        "did you mean title?",
    ),
    "misspelt-required-key": (
        [("title: Two", "titel: Two")],
        "1:1: the spec has no key titel",
        "did you mean title?",
    ),
    "unknown-key-in-a-layer": (
        [("units: 3,", "units: 3, activaton: relu,")],
        "6:25: dense has no key activaton",
        "did you mean activation?",
    ),
    "missing-key": (
        [("units: 3, ", "")],
        "6:14: dense lacks the key units",
        "units: How many units the layer has.",
    ),
    "missing-at-the-top": (
        [("loss: half_squared_error\n", "")],
        "1:1: the spec lacks the key loss",
        "loss: Of a network of layers, the loss ℓ of one example; `upstream` where ∂J/∂output is given, "
        "`none` where the output itself is differentiated.",
    ),
    "unknown-activation": (
        [("activation: sigmoid}", "activation: sigmoidd}")],
        "6:37: there is no activation sigmoidd",
        "did you mean sigmoid?",
    ),
    "other-name-of-an-activation": (
        [("activation: sigmoid}", "activation: swish}")],
        "6:37: there is no activation swish",
        "did you mean silu?",
    ),
    "other-name-of-a-loss": (
        [("half_squared_error", "categorical_cross_entropy")],
        "8:7: there is no loss categorical_cross_entropy",
        "did you mean cross_entropy?",
    ),
    "other-name-of-a-layer": (
        [("- dense: {units: 3,", "- Linear: {units: 3,")],
        "6:7: there is no layer Linear",
        "did you mean dense?",
    ),
    "unknown-layer": (
        [("- dense: {units: 3,", "- densse: {units: 3,")],
        "6:7: there is no layer densse",
        "did you mean dense?",
    ),
    "layer-without-options": (
        [("- dense: {units: 3, activation: sigmoid}", "- dense")],
        "6:7: layer dense needs its options",
        "write {dense: {units: …}}",
    ),
    "two-names": (
        [("- dense: {units: 3, activation: sigmoid}", "- {dense: {units: 3}, flatten: {}}")],
        "6:27: flatten is a second name for one layer",
        "give one name alone",
    ),
    "unknown-notation": (
        [("nielsen", "nielson")],
        "2:11: there is no notation nielson",
        "did you mean nielsen?",
    ),
    "unknown-option": (
        [("loss: half_squared_error", "loss: {huber: {dleta: 2}}")],
        "8:16: huber has no key dleta",
        "did you mean delta?",
    ),
    "option-of-a-thing-without": (
        [("activation: sigmoid}", "activation: {relu: {slope: 2}}}")],
        "6:45: relu has no key slope",
        "it takes no options",
    ),
    "refused-option": (
        [("loss: half_squared_error", "loss: {huber: {delta: -2}}")],
        "8:23: delta must be above 0, not -2.0",
        None,
    ),
    "quoted-number": (
        [("inputs: 2", 'inputs: "2"')],
        "4:11: inputs must be a whole number, not the text '2'",
        "write 2",
    ),
    "octal": (
        [("inputs: 2", "inputs: 010")],
        "4:11: inputs must be a whole number, not the text '010'",
        "write 10",
    ),
    "sexagesimal": (
        [("batch: 7", "batch: 12:30")],
        "18:13: batch must be a whole number, not the text '12:30'",
        None,
    ),
    "underscore": (
        [("batch: 7", "batch: 1_000")],
        "18:13: batch must be a whole number, not the text '1_000'",
        "write 1000",
    ),
    "whole-float": (
        [("batch: 7", "batch: 7.0")],
        "18:13: batch must be a whole number, not 7.0",
        "write 7",
    ),
    "no-for-false": (
        [("bias: false", "bias: no")],
        "7:52: bias must be true or false, not the text 'no'",
        "write false",
    ),
    "truth-as-number": (
        [("batch: 7", "batch: true")],
        "18:13: batch must be a whole number, not true",
        None,
    ),
    "text-list": (
        [("check: [dW3, dW2, db2]", "check: dW3")],
        "14:8: check must be a list, not the text 'dW3'",
        "write [dW3]",
    ),
    "empty-value": (
        [("check: [", "tolerance:\ncheck: [")],
        "14:1: tolerance has no value",
        "give it one, or leave the key out",
    ),
    "infinite": (
        [("check: [", "tolerance: .inf\ncheck: [")],
        "14:12: tolerance must be a finite number, not inf",
        None,
    ),
    "too-large": (
        [("check: [", "tolerance: 0.5\ncheck: [")],
        "14:12: tolerance must be at most 0.01, not 0.5",
        None,
    ),
    "zero": (
        [("check: [", "tolerance: 0\ncheck: [")],
        "14:12: tolerance must be above 0, not 0",
        None,
    ),
    "units-too-many": (
        [("units: 3", "units: 20000")],
        "6:22: units must be at most 10000, not 20000",
        None,
    ),
    "empty-check": (
        [("check: [dW3, dW2, db2]", "check: []")],
        "14:8: check must have at least 1 entry",
        None,
    ),
    "title-of-lines": (
        [("title: Two layers", 'title: "Two\\nlayers"')],
        "1:8: title must be one line",
        None,
    ),
    "empty-title": (
        [("title: Two layers", 'title: ""')],
        "1:8: title must have at least 1 character",
        None,
    ),
    "mapping-wanted": (
        [("  inputs: 2\n", "  inputs: {a: 1}\n")],
        "4:11: inputs must be a whole number, not a mapping",
        None,
    ),
    "shape": (
        [("inputs: 2", "inputs: [2, 2]")],
        "6:7: layer 1 doesn't fit: a dense layer takes a vector an example, not an array of shape "
        "(2, 2): put a flatten layer before it",
        None,
    ),
    "logarithm": (
        [
            ("half_squared_error", "binary_cross_entropy"),
            ("activation: sigmoid, bias", "activation: relu, bias"),
        ],
        "8:7: binary_cross_entropy takes the logarithm of outputs, which must lie between 0 and 1; "
        "those of relu lie from 0 upwards",
        "end with sigmoid, or take binary_cross_entropy_with_logits",
    ),
    "distribution": (
        [("half_squared_error", "cross_entropy")],
        "8:7: cross_entropy takes the logarithm of probabilities, and the outputs of sigmoid don't "
        "add up to 1",
        "end with softmax, or take cross_entropy_with_logits",
    ),
    "labels": (
        [("loss: half_squared_error", "labels: true\nloss: poisson_nll")],
        "8:1: poisson_nll doesn't compare with classes",
        "leave labels out",
    ),
    "penalty-both": (
        [("check:", "penalty: {l1: 1, l2: 2, constant: lambda}\ncheck:")],
        "14:10: penalty takes one of l1 and l2",
        "as in {l2: 0.1, constant: lambda/2}",
    ),
    "penalty-constant": (
        [("check:", "penalty: {l2: 2}\ncheck:")],
        "14:10: penalty lacks the key constant",
        "write constant: lambda or lambda/2 or lambda/2m or lambda/m",
    ),
    "penalty-constant-wrong": (
        [("check:", "penalty: {l2: 2, constant: lambda/3}\ncheck:")],
        "14:28: there is no constant lambda/3",
        "there is lambda, lambda/2, lambda/2m, lambda/m",
    ),
    "penalty-strength": (
        [("check:", "penalty: {l2: 0, constant: lambda}\ncheck:")],
        "14:15: l2 must be above 0, not 0",
        None,
    ),
    "penalty-of": (
        [("check:", "penalty: {l2: 1, constant: lambda, of: [W, V]}\ncheck:")],
        "14:44: no layer has a parameter V",
        "there is W, b",
    ),
    "widths-length": (
        [("[3, 5, 2]", "[3, 5]")],
        "18:24: this network has 3 widths, not 2",
        "give one each for the inputs, layer 1, layer 2",
    ),
    "widths-and-inputs": (
        [("widths: [3, 5, 2]", "widths: [3, 5, 2], inputs: 3")],
        "18:16: widths give the inputs' number already",
        "leave inputs out",
    ),
    "inputs-shape": (
        [("widths: [3, 5, 2]", "inputs: [3, 5]")],
        "18:24: the layers don't take these inputs: a dense layer takes a vector an example, not "
        "an array of shape (3, 5): put a flatten layer before it",
        None,
    ),
    "memory": (
        [("batch: 7", "batch: 10000"), ("[3, 5, 2]", "[3, 5000, 2]")],
        "18:5: an array of 50,000,000 numbers is too large: at most 10,000,000",
        "take fewer examples",
    ),
    "parameters": (
        [("[3, 5, 2]", "[300, 9000, 2]")],
        "18:5: 2,727,000 parameters are too many: at most 2,000,000",
        None,
    ),
    "single-output-in-case": (
        [("loss: half_squared_error", "loss: none")],
        "18:5: loss none differentiates the output itself, which must be one number an example, not 2",
        "give the last layer one unit, or take the loss upstream",
    ),
    "checked-and-accepted": (
        [("accept: [delta3", "accept: [dW2")],
        "15:10: dW2 is checked already",
        None,
    ),
    "points": (
        [("points: {dW3: 4", "points: {delta2: 4")],
        "19:10: there are points for delta2, which is not checked",
        "there is dW3, dW2, db2",
    ),
    "negative-points": (
        [("points: {dW3: 4", "points: {dW3: -4")],
        "19:15: dW3 must be at least 0, not -4",
        None,
    ),
    "given": (
        [("file: backprop.py", "given: [delta2, z2]")],
        "10:11: delta2 is no intermediate",
        None,
    ),
    "given-and-checked": (
        [("file: backprop.py", "given: [z2]"), ("accept: [delta3", "accept: [z2")],
        "15:10: z2 is handed to the submission, not computed by it",
        None,
    ),
    "syntax": (
        [("dW2, db2, dW3 = backprop(x, y, W2, b2, W3)", "dW2, db2, dW3 = backprop(x, y")],
        "13:29: run is not Python: '(' was never closed",
        None,
    ),
    "never-set": (
        [("dW2, db2, dW3 =", "dW2, db2, grads =")],
        "14:9: run never sets dW3",
        "add `dW3 = …` to run",
    ),
    "file": (
        [("file: backprop.py", "file: ../backprop.py")],
        "10:9: '../backprop.py' is no Python file in a submission's folder",
        "as in backprop.py",
    ),
    "letter-unknown": (
        [("network:", "letters: {q: s}\nnetwork:")],
        "3:11: nielsen has no letter q",
        "there is x, y, dout, W, b, Wx, Wh, z, a, dz, J, dx, dW, db, dWx, dWh, da",
    ),
    "number-unknown": (
        [("network:", "numbers: {q: 1}\nnetwork:")],
        "3:11: nielsen has no letter q",
        "there is x, y, dout, W, b, Wx, Wh, z, a, dz, J, dx, dW, db, dWx, dWh, da",
    ),
    "letter-keyword": (
        [("network:", 'letters: {J: "lambda"}\nnetwork:')],
        "3:14: 'lambda' can't be the name of a variable in Python",
        None,
    ),
    "letter-no-name": (
        [("network:", 'letters: {da: "∂a{n}"}\nnetwork:')],
        "3:15: '∂a2' can't be the name of a variable in Python",
        None,
    ),
    "letters-clash": (
        [("network:", 'letters: {dz: "dW{n}"}\nnetwork:')],
        "3:15: dz and dW would both be called dW2",
        "rename one of them",
    ),
    "letter-without-number": (
        [("network:", "letters: {da: da}\nnetwork:")],
        "3:15: da of two layers would be called da",
        "put {n}, the layer, into it",
    ),
    "lam-taken": (
        [
            ("check:", "penalty: {l2: 1, constant: lambda}\ncheck:"),
            ("network:", "letters: {J: lam}\nnetwork:"),
        ],
        "3:14: lambda and J would both be called lam",
        "rename one of them",
    ),
}
