"""How `run` meets a student's code: the same in any process."""

from __future__ import annotations

import sys
import types
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from gradcheck.submission.here import run_here
from gradcheck.submission.records import Call, Code, Failure, Live, Outcome, Value, failure_of

X = np.array([[1.0, 2.0], [3.0, 4.0]])


def code(source: str, run: str, folder: Path | None = None) -> Code:
    """A submission called submissions/anna.py and a `run` that stands on line 9 of a spec."""
    home = str(folder) if folder else None
    return Code(dedent(source), "submissions/anna.py", home, dedent(run), "specs/two_layer.yaml", 9)


def results(source: str, run: str, *inputs: Mapping[str, Value], reads: str = "dW") -> list[Any]:
    """What a submission answers to one call for each of `inputs`."""
    return list(
        run_here(code(source, run), [Call(values, tuple(reads.split())) for values in inputs]).results
    )


def outcome(source: str, run: str, reads: str = "dW", **inputs: Value) -> Outcome:
    """What a submission answers to a single call that must not fail."""
    (result,) = results(source, run, inputs, reads=reads)
    assert isinstance(result, Outcome), result
    return result


def failure(source: str, run: str, **inputs: Value) -> Failure:
    """How a submission fails in a single call."""
    (result,) = results(source, run, inputs)
    assert isinstance(result, Failure), result
    return result


def test_run_sees_inputs_and_the_module() -> None:
    """`run` is executed in the student's module, with the inputs as variables of their own types."""
    got = outcome("eta = 2\ndef f(x): return eta * x\n", "dW = f(x)[:m] * r", x=X, m=1, r=0.5)
    np.testing.assert_array_equal(got.arrays["dW"], X[:1])


@pytest.mark.parametrize(
    "run",
    [
        "dW = sum(a * x for _ in range(2))",
        "dW = [a * x for _ in range(2)][0] * 2",
        "twice = lambda: a * x * 2\ndW = twice()",
        "def g():\n    return 2 * a * x\ndW = g()",
    ],
)
def test_inner_scopes_of_run_see_its_names(run: str) -> None:
    """Comprehensions, lambdas and functions inside `run` see the inputs and what `run` has set."""
    np.testing.assert_array_equal(outcome("", "a = 3\n" + run, x=X).arrays["dW"], 6 * X)


def test_module_is_executed_once() -> None:
    """A class keeps its state from call to call; inputs are fresh each time."""
    source = """
        class Net:
            calls = 0
            def backward(self, x):
                Net.calls += 1
                x *= 2
                return x * 0 + Net.calls
        net = Net()
    """
    first, second = results(source, "dW = net.backward(x)", {"x": X}, {"x": X})
    assert (first.arrays["dW"][0, 0], second.arrays["dW"][0, 0]) == (1, 2)
    assert X[0, 0] == 1


def test_main_guard_is_not_executed() -> None:
    """The module has its file's name; what stands under a main guard is not executed."""
    source = "if __name__ == '__main__':\n    raise SystemExit\nname = __name__\n"
    assert outcome(source, "dW = float(name == 'anna')").arrays["dW"] == 1


def test_a_module_that_is_known_by_name() -> None:
    """Dataclasses and whatever else looks its own module up find it."""
    source = """
        from __future__ import annotations
        import sys
        from dataclasses import dataclass
        @dataclass
        class Layer:
            W: "list[float]"
        found = sys.modules[Layer.__module__].Layer is Layer
    """
    assert outcome(source, "dW = float(found)").arrays["dW"] == 1


def test_a_name_that_a_library_has_already(tmp_path: Path) -> None:
    """A submission called numpy.py does not take NumPy's place."""
    subject = Code("import numpy as np\n", "submissions/numpy.py", None, "dW = np.ones(2)", "a.yaml", 1)
    (result,) = run_here(subject, [Call({}, ("dW",))]).results
    assert isinstance(result, Outcome)
    assert sys.modules["numpy"] is np


def test_changed_inputs_are_noticed() -> None:
    """An input that was modified in place is named, and counts as set; NaN equals itself, 0 is not -0."""
    source = "import numpy as np\ndef update(W, z):\n    W -= 1\n    z *= -1\n"
    inputs: dict[str, Value] = {"W": X, "z": np.zeros(2), "n": np.array([np.nan])}
    got = outcome(source, "update(W, z)", "W z n dW", **inputs)
    assert got.changed == ("W", "z")
    assert set(got.arrays) == {"W", "z"}
    np.testing.assert_array_equal(got.arrays["W"], X - 1)


def test_a_reshaped_input_has_changed() -> None:
    """A shape that was set in place is a change, though no number moved."""
    assert outcome("", "x.resize(4, 1)", x=X).changed == ("x",)


def test_global_names_that_were_bound_count() -> None:
    """A function may leave its result in a global of its module; that of an earlier call is not taken."""
    source = """
        def backprop(x):
            global dW
            if x > 0:
                dW = x
    """
    first, second = results(source, "backprop(x)", {"x": 2.0}, {"x": -1.0})
    assert first.arrays["dW"] == 2
    assert not second.arrays


def test_stale_globals_do_not_count() -> None:
    """What the module's own test code left behind is no answer, unless `run` itself takes it."""
    source = "dW = 1.0\ndb = 2.0\n"
    assert set(outcome(source, "db = db", "dW db").arrays) == {"db"}


@pytest.mark.parametrize(
    "run",
    [
        "if 'dW' in {}.keys(): dW = 3.0",
        "for _ in (): dW = 3.0",
        "def g():\n    dW = 3.0\ng()",
        "[dW for dW in (1.0, 2.0)]",
    ],
)
def test_only_names_that_a_call_binds_count(run: str) -> None:
    """A line of `run` that is not reached binds nothing, whatever stands in the module under that name."""
    assert not outcome("dW = 1.0\n", run).arrays


def test_a_name_of_one_call_is_not_an_answer_of_the_next() -> None:
    """What a call has bound is gone when the next one begins."""
    first, second = results("", "if x > 0: dW = x", {"x": 2.0}, {"x": -1.0})
    assert first.arrays["dW"] == 2
    assert not second.arrays


def test_run_binds_names_of_the_module() -> None:
    """What `run` assigns reaches the student's functions; afterwards the module is what it was."""
    source = "scale = 2.0\ndef f(x): return scale * x\ndef g(x): return shift + f(x)\n"
    run = "before = f(x)\nscale = 5.0\nshift = 1.0\ndW, db = before, g(x)"
    for got in results(source, run, {"x": 1.0}, {"x": 1.0}, reads="dW db"):
        assert (got.arrays["dW"], got.arrays["db"]) == (2, 6)


def test_inputs_hide_names_of_the_module_for_one_call() -> None:
    """An input stands before a name of the module, which has it back after the call."""
    source = "x = 7.0\ndef f(): return x\n"
    first, second = results(source, "dW = f()", {"x": 2.0}, {})
    assert (first.arrays["dW"], second.arrays["dW"]) == (2, 7)


def test_a_variable_of_run_does_not_cost_a_function_of_the_student() -> None:
    """`grads = backprop(x)` may be run again and again, though the student's helper is called grads, too."""
    source = "def grads(x): return 3 * x\ndef backprop(x): return {'dW': grads(x)}\n"
    run = "grads = backprop(x)\ndW = grads['dW']"
    assert [got.arrays["dW"] for got in results(source, run, *3 * [{"x": 1.0}])] == 3 * [3]


@pytest.mark.parametrize("name", ["x", "helper", "dW"])
def test_a_function_with_the_name_of_a_value_can_be_called(name: str) -> None:
    """The student's helper may be called like an input, a variable of `run` or an answer."""
    source = f"def {name}(v): return 3 * v\ndef f(v): return {name}(v)\n"
    run = "helper = f(x)\ndW = f(helper)\ndb = f(dW)"
    for got in results(source, run, {"x": 1.0}, {"x": 1.0}, reads="dW db"):
        assert (got.arrays["dW"], got.arrays["db"]) == (9, 27)


def test_a_live_function_may_call_one_of_the_name_that_run_calls() -> None:
    """`run` calls `times`, and is given a function that calls the `times` of its module."""
    subject = Live(lambda x: times(x) + 1, "dW = times(x)", "specs/live.yaml", 5)
    (result,) = run_here(subject, [Call({"x": X}, ("dW",))]).results
    assert isinstance(result, Outcome), result
    np.testing.assert_array_equal(result.arrays["dW"], 1.5 * X + 1)


def test_run_may_replace_a_function() -> None:
    """A function that `run` binds takes the place of the module's for that call."""
    source = "def g(v): return 3 * v\ndef f(v): return g(v)\n"
    first, second = results(source, "if x > 1: g = abs\ndW = f(-x)", {"x": 2.0}, {"x": 1.0})
    assert (first.arrays["dW"], second.arrays["dW"]) == (2, -3)


def test_names_that_run_takes_away() -> None:
    """A name that `run` deletes is back for the next call; a deleted answer is none."""
    source = "factor = 3.0\n"
    for got in results(source, "dW = db = factor\ndel factor, db", {}, {}, reads="dW db"):
        assert list(got.arrays) == ["dW"]


def test_what_functions_leave_in_global_names_stays() -> None:
    """State of the student's own module piles up from call to call, as it would anywhere."""
    source = "total = 0.0\ndef f(x):\n    global total\n    total = total + x\n    return total\n"
    first, second = results(source, "dW = f(x)", {"x": 1.0}, {"x": 1.0})
    assert (first.arrays["dW"], second.arrays["dW"]) == (1, 2)


def test_what_was_set_before_an_error_counts() -> None:
    """Names that were bound before `run` raised are in the outcome, beside what it raised."""
    got = outcome("", "dW = x\ndb = 'a'\ndc = 1 / 0\ndd = x", "dW db dc dd", x=X)
    assert set(got.arrays) == {"dW"}
    assert set(got.refused) == {"db"}
    assert got.failure is not None
    assert got.failure.message == "ZeroDivisionError: division by zero"
    assert str(got.failure.where) == "two_layer.yaml:11"


def test_an_error_before_any_answer_is_a_failure() -> None:
    """Helpers of `run` are no answers: nothing was said yet."""
    assert str(failure("", "helper = x\ndW = helper / 0", x=1.0).where) == "two_layer.yaml:10"


def test_a_buffer_of_the_module_may_be_the_answer() -> None:
    """A result that is written into one array again and again is copied in time."""
    source = """
        import numpy as np
        dW = np.zeros(2)
        def backprop(x):
            dW[:] = x
            return dW
    """
    first, second = results(source, "dW = backprop(x)", {"x": 1.0}, {"x": 2.0})
    assert (first.arrays["dW"][0], second.arrays["dW"][0]) == (1, 2)


def test_refusals_stand_beside_arrays() -> None:
    """A quantity that can't be compared does not take the others with it."""
    got = outcome("", "dW, db, dc = x, 'abc', None", "dW db dc dd", x=X)
    assert set(got.arrays) == {"dW"}
    assert set(got.refused) == {"db", "dc"}


def test_an_oversized_answer_fails_before_it_is_copied() -> None:
    """A view that claims terabytes is refused by its claim."""
    source = "import numpy as np\nhuge = np.broadcast_to(0.0, (1 << 20, 1 << 20))\n"
    told = failure(source, "dW = huge")
    assert told.kind == "too_large"
    assert "dW (1048576, 1048576)" in told.message


def test_a_folder_is_imported_from(tmp_path: Path) -> None:
    """A submission of several files imports its own; afterwards the process has forgotten them."""
    (tmp_path / "gradcheck_layers.py").write_text(
        "def f(x):\n    return x / 'a'\ndef g(x):\n    return 3 * x\n"
    )
    run = "dW = gradcheck_layers.g(x)\ngradcheck_layers.f(x)"
    path = list(sys.path)
    (result,) = run_here(
        code("import gradcheck_layers\n", run, tmp_path), [Call({"x": 1.0}, ("dW",))]
    ).results
    told = failure_of(result)
    assert told is not None
    assert str(told.where) == "gradcheck_layers.py:2 in f"
    assert '  File "submissions/gradcheck_layers.py", line 2, in f' in told.trace
    assert str(tmp_path) not in "".join(told.trace)
    assert sys.path == path
    assert not {"gradcheck_layers", "anna"} & set(sys.modules)


def test_what_the_code_throws_out_does_not_hide_its_own_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code that makes Python forget another module, were it the newest, is forgotten itself all the same."""
    (tmp_path / "gradcheck_layers.py").write_text("import sys\ndel sys.modules['gradcheck_newest']\n")
    monkeypatch.setitem(sys.modules, "gradcheck_newest", types.ModuleType("gradcheck_newest"))
    (result,) = run_here(code("import gradcheck_layers\n", "", tmp_path), [Call({}, ())]).results
    assert result == Outcome({}, {}, ())
    assert not {"gradcheck_newest", "gradcheck_layers", "anna"} & set(sys.modules)


def test_an_error_in_run_stands_in_the_spec() -> None:
    """The wrong number of results is reported at its line of the YAML file."""
    told = failure("def f(x): return x, x\n", "y = x\ndW, db, dc = f(y)\n", x=X)
    assert told.message == "ValueError: f returned 2 values; run takes 3 values from it: dW, db, dc"
    assert str(told.where) == "two_layer.yaml:10"
    assert "    dW, db, dc = f(y)" in told.trace


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        ("None", "TypeError: backprop returned None (is a `return` missing?)"),
        ("{'W': x, 'b': x}", "TypeError: backprop returned a dictionary with the keys W, b"),
        ("{}", "TypeError: backprop returned a dictionary without keys"),
        ("1.5", "TypeError: backprop returned one number"),
        ("x.sum()", "TypeError: backprop returned one number"),
        ("x.astype('f4').sum()", "TypeError: backprop returned one number"),
        ("x", "ValueError: backprop returned one array of shape (3, 2)"),
        ("(x,)", "ValueError: backprop returned 1 value"),
        ("[x, x, x]", "ValueError: backprop returned 3 values"),
    ],
)
def test_what_a_function_returned_is_said(returned: str, told: str) -> None:
    """Where `run` takes several values, the message says what came and what is taken."""
    source = f"def backprop(x): return {returned}\n"
    for run in ("dW, db = backprop(x)", "if True:\n    dW, db = backprop(x)"):
        got = failure(source, run, x=np.ones((3, 2)))
        assert got.message == f"{told}; run takes 2 values from it: dW, db"
        assert got.where is not None
        assert str(got.where).startswith("two_layer.yaml:")
        assert any("dW, db = backprop(x)" in line for line in got.trace)


@pytest.mark.parametrize(
    "returned", ["(x, 2 * x)", "iter([x, 2 * x])", "np.stack([x, 2 * x])", "{1: x}.items()"]
)
def test_what_can_be_unpacked_is(returned: str) -> None:
    """Whatever Python unpacks into the right number of names is let through."""
    source = f"import numpy as np\ndef backprop(x): return {returned}\n"
    run = "(one, two), = backprop(x)\ndW = two" if "items" in returned else "one, dW = backprop(x)"
    assert outcome(source, run, x=X).arrays["dW"].shape == X.shape


@pytest.mark.parametrize(
    ("returned", "run", "told"),
    [
        ("None", "dW = grads['dW']", "None (is a `return` missing?)"),
        ("None", "if 'dW' in grads.keys(): dW = grads['dW']", "None (is a `return` missing?)"),
        ("(x, x)", "dW = grads['dW']", "2 values"),
        ("{'W': x, 'b': x}", "dW = grads['dW']", "a dictionary with the keys W, b"),
        ("(x, x)", "dW = grads[2]", "2 values"),
    ],
)
def test_a_variable_without_the_part_that_run_takes(returned: str, run: str, told: str) -> None:
    """Where `run` looks for a part that isn't there, the message says what the function returned."""
    got = failure(f"def backprop(x): return {returned}\n", f"grads = backprop(x)\n{run}", x=X)
    assert got.message.endswith(f"; grads is what backprop returned: {told}")
    assert str(got.where) == "two_layer.yaml:10"


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    """What `run` has, and what the file defines, without what it imports or keeps to itself."""
    source = "import os\nfrom math import exp\nrate = 1\n_own = 2\ndef backprop(x): return x\n"
    told = failure(source, "dW = backprop(X)", x=1.0, W=2.0)
    names = "the spec gives W, x; anna.py defines rate, backprop"
    assert told.message == f"NameError: name 'X' is not defined; {names}; did you mean x?"


@pytest.mark.parametrize(
    "parameters", ["x", "x, y", "x, y, z, *, lr", "x, y, z, u, *rest, lr, **others", "x, y, z, u, **others"]
)
def test_wrong_arguments_are_answered_with_the_right_ones(parameters: str) -> None:
    """How the student's function is defined, beside how many arguments it was given."""
    told = failure(f"def backprop({parameters}): return x\n", "dW = backprop(x, x, x)", x=1.0)
    assert told.message.startswith("TypeError: backprop() ")
    assert told.message.endswith(f"; it is defined as backprop({parameters})")


def test_an_unknown_name_in_a_function_is_the_functions_affair() -> None:
    """What `run` has helps nobody there."""
    told = failure("def backprop(x): return W\n", "dW = backprop(x)", x=1.0)
    assert told.message == "NameError: name 'W' is not defined"


def test_a_syntax_error_in_run_stands_in_the_spec() -> None:
    """Where `run` is no Python, its own line is named."""
    told = failure("", "y = x\ndW = f(y")
    assert (told.kind, str(told.where)) == ("syntax", "two_layer.yaml:10")


def test_a_missing_function_is_answered_with_those_there_are() -> None:
    """The message lists what the file does define, without what it imports."""
    source = "from math import exp\ndef back_prop(x): return x\nclass Net: pass\n"
    told = failure(source, "dW = backprop(x)", x=1.0)
    assert "name 'backprop' is not defined" in told.message
    assert told.message.endswith("anna.py defines back_prop, Net; did you mean back_prop?")


def test_a_traceback_is_cut_to_the_students_lines() -> None:
    """Frames of NumPy and of the harness are dropped; the place is the innermost line of the student's."""
    source = """
        import numpy as np
        def helper(x):
            return np.linalg.inv(x)
        def backprop(x):
            return helper(x)
    """
    told = failure(source, "dW = backprop(x)", x=np.zeros((2, 2)))
    assert told.message == "LinAlgError: Singular matrix"
    assert str(told.where) == "anna.py:4 in helper"
    files = [line.split(",")[0].strip() for line in told.trace if line.startswith("  File")]
    assert files == ['File "specs/two_layer.yaml"', *2 * ['File "submissions/anna.py"']]
    assert any("return np.linalg.inv(x)" in line for line in told.trace)


def test_a_syntax_error_has_its_line_and_caret() -> None:
    """The line is shown with a caret below it."""
    told = failure("x = 1\ndef f(:\n    pass\n", "dW = f()")
    assert told.kind == "syntax"
    assert told.message == "SyntaxError: invalid syntax"
    assert str(told.where) == "anna.py:2"
    assert [line.strip() for line in told.trace[-2:]] == ["def f(:", "^"]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("exit()", "NameError"),
        ("raise SystemExit(3)", "SystemExit: the code ends the program itself"),
        ("f = lambda n: f(n); f(1)", "RecursionError"),
        ("raise type('Odd', (BaseException,), {})", "Odd"),
        ("class E(Exception):\n  def __str__(self): return 1 / 0\nraise E", "E: "),
        ("raise ValueError('a\\nb\\x1b[31m')", "ValueError: a b�[31m"),
        ("x = input()", "EOFError"),
        ("eval('1 +')", "SyntaxError: invalid syntax"),
        ("raise ExceptionGroup('many', [ValueError()])", "ExceptionGroup: many"),
    ],
)
def test_whatever_is_raised_is_a_failure(statement: str, message: str) -> None:
    """No exception leaves the submission; its text is one printable line."""
    told = failure(statement.replace("exit()", "undefined()"), "dW = answer()")
    assert told.kind == "exception"
    assert told.message.startswith(message)
    assert told.message.isprintable()
    assert told.where is not None
    assert len(told.trace) <= 40


def test_running_out_of_memory_is_a_failure_of_its_kind() -> None:
    """A MemoryError is told apart from other exceptions."""
    assert failure("raise MemoryError", "dW = answer()").kind == "memory"


def test_the_next_call_runs_after_a_failure() -> None:
    """An exception costs its own call alone."""
    first, second = results("", "dW = 1 / x", {"x": 0.0}, {"x": 2.0})
    assert isinstance(first, Failure)
    assert second.arrays["dW"] == 0.5


def test_a_keyboard_interrupt_passes() -> None:
    """Ctrl-C in a notebook ends the run, not only one call of it."""
    with pytest.raises(KeyboardInterrupt):
        failure("", "raise KeyboardInterrupt")


def test_prints_and_warnings_are_captured(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints and warnings are in the transcript, each warning once, and nothing is on the screen."""
    source = "import numpy as np\nprint('loaded')\ndef f(x):\n    return np.log(x)\n"
    run = "dW = f(x)\nnp.sqrt(-1.0 - x)\nprint('ran')"
    transcript = run_here(code(source, run), 3 * [Call({"x": np.zeros(1)}, ("dW",))])
    assert transcript.output.startswith("loaded\n")
    assert transcript.output.count("ran\n") == 3
    assert transcript.output.count("divide by zero") == 1
    assert "submissions/anna.py:4: RuntimeWarning" in transcript.output
    assert transcript.output.count("two_layer.yaml:10: RuntimeWarning") == 1
    assert capsys.readouterr() == ("", "")


def test_too_much_output_is_cut() -> None:
    """Of what is printed, the beginning is kept, and the transcript says that there was more."""
    transcript = run_here(code("print('abcdef')", "dW = 1.0"), [Call({}, ("dW",))], output=4)
    assert (transcript.output, transcript.truncated) == ("abcd", True)


FACTOR = 3.0


def times(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Depends on a global name of this module."""
    return FACTOR * x / 2


def live(run: str, **inputs: Value) -> Any:
    """What the live function `times` answers to one call."""
    (result,) = run_here(Live(times, run, "specs/live.yaml", 5), [Call(inputs, ("dW",))]).results
    return result


@pytest.mark.parametrize("run", ["dW = times(x)", "dW = backprop(x)", "dW = np.abs(backprop(x))"])
def test_a_live_function_is_called(run: str) -> None:
    """A function of this process is found by its own name, or as the one name that nobody defines."""
    np.testing.assert_array_equal(live(run, x=X).arrays["dW"], 1.5 * X)


def test_a_live_function_does_not_stand_in_for_two_names() -> None:
    """Where two names are unknown, neither is guessed."""
    told = live("dW = backprop(forward(x))", x=X)
    assert isinstance(told, Failure)
    assert str(told.where) == "live.yaml:5"


def test_a_live_function_sees_what_run_assigns() -> None:
    """`run` is executed among the global names of a live function, which has them back afterwards."""
    before = dict(globals())
    result = live("FACTOR = 8.0\nX = x\ndW = times(X)", x=np.ones(2))
    np.testing.assert_array_equal(result.arrays["dW"], [4, 4])
    assert {name: value for name, value in globals().items() if name[0] != "_"} == {
        name: value for name, value in before.items() if name[0] != "_"
    }


def test_a_live_function_that_run_calls_by_its_name_is_no_other() -> None:
    """Beside its own name, it does not stand in for one that is missing."""
    told = failure_of(live("dW = times(x)\nother(x)", x=X))
    assert told is not None
    assert told.message.startswith("NameError: name 'other' is not defined; the spec gives times, x; ")


def test_a_live_function_fails_in_its_own_lines() -> None:
    """The traceback of a live function shows its file."""
    told = live("dW = backprop('a')", x=X)
    assert isinstance(told, Failure)
    assert told.message.startswith("TypeError")
    assert told.where is not None
    assert str(told.where).startswith("test_execute.py:")
    assert str(told.where).endswith(" in times")
