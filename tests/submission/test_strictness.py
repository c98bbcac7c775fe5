"""Settings that make errors of warnings."""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck.submission.here import run_here
from gradcheck.submission.records import Call, Code, Live, Outcome, Transcript

TINY = "np.float64(1e-200) * np.float64(1e-200)"
DIVIDES = f"import numpy as np\ndef f():\n    return 1.0 + {TINY}\n"
WARNS = "import warnings\ndef f():\n    warnings.warn('old', DeprecationWarning)\n    return 1.0\n"


def called(source: str) -> Transcript:
    """What a file answers to one call."""
    return run_here(Code(source, "anna.py", None, "dW = f()", "two.yaml", 9), [Call({}, ("dW",))])


@pytest.mark.parametrize(
    "source",
    [
        f"{DIVIDES}np.seterr(all='raise')\n",
        f"{DIVIDES}def no(*_): raise FloatingPointError\nnp.seterrcall(no)\nnp.seterr(under='call')\n",
        f"{WARNS}warnings.simplefilter('error')\n",
        f"{WARNS}warnings.filterwarnings('error', category=DeprecationWarning)\n",
    ],
)
def test_what_a_file_sets_is_no_error_of_its_function(source: str) -> None:
    """It is called again without that."""
    with np.errstate():
        (result,) = called(source).results
    assert isinstance(result, Outcome)
    assert (result.failure, float(result.arrays["dW"])) == (None, 1.0)


def test_a_function_may_count_on_what_its_file_sets() -> None:
    """The setting stays as long as nothing fails."""
    text = f"{DIVIDES}np.seterr(all='raise')\ng = f\ndef f():\n    try:\n        return g()\n"
    with np.errstate():
        (result,) = called(f"{text}    except FloatingPointError:\n        return 2.0\n").results
    assert isinstance(result, Outcome)
    assert float(result.arrays["dW"]) == 2.0


def test_what_a_person_sets_in_a_notebook_stays() -> None:
    """There it is for them to decide."""
    with np.errstate(all="raise"):
        function = lambda: 1.0 + np.float64(1e-200) * np.float64(1e-200)  # noqa: E731
        (result,) = run_here(Live(function, "dW = f()", "two.yaml", 9), [Call({}, ("dW",))]).results
        assert not isinstance(result, Outcome)
        assert np.geterr()["under"] == "raise"
