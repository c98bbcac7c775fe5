"""Why a name that is not defined is not."""

from __future__ import annotations

import pytest

from one_file import failure

DEFINES = "def f(x):\n    return x\n"
INDENTED = "    def f(x):\n        return x\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            f'if __name__ == "__main__":\n{INDENTED}',
            'f is defined under `if __name__ == "__main__":` (line 2)',
        ),
        (f"class Net:\n{INDENTED}", "f is defined in class Net (line 2): define it outside of the class"),
        (f"def main():\n{INDENTED}", "f is defined in main (line 2): define it outside of that function"),
        (
            f"def main():\n    if 1:\n    {INDENTED.replace(chr(10), chr(10) + '    ')}pass",
            "f is defined in main",
        ),
        ("# def f(x):\n#     return x\n", "the definition of f is commented out (line 1)"),
        (f'x = 1\n"""\n{DEFINES}"""\n', "the definition of f is inside a string (line 3)"),
        (
            'if __name__ == "__main__":\n    from math import exp as f\n',
            "line 2 imports it from math under `if",
        ),
    ],
)
def test_where_a_function_is_that_run_can_not_call(source: str, reason: str) -> None:
    """The message says what to do, or that it is none."""
    assert f"; {reason}" in failure(source).message


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "from nowhere.nn import g",
            "line 2 imports it from nowhere.nn, and nowhere is neither installed nor",
        ),
        ("import nowhere.nn as g", "line 2 imports it, and nowhere is neither installed nor handed in"),
        ("from math import g", "line 2 imports it from math, and fails: ImportError: cannot import name 'g'"),
        ("from nowhere import *", "line 2, `from nowhere import *`, fails: ModuleNotFoundError: No module"),
    ],
)
@pytest.mark.parametrize("first", ["x = 1", "import nothing_needed", "from elsewhere import h"])
def test_what_a_function_needs_and_nobody_has(first: str, line: str, reason: str) -> None:
    """It is the module that has it, and not another one that is missing, too."""
    assert f"; {reason}" in failure(f"{first}\n{line}\ndef f(x):\n    return g(x)\n").message


def test_a_missing_package_is_no_reason_for_a_wrong_name() -> None:
    """Of a file whose functions are there."""
    message = failure("import nowhere\ndef back_propagation(x):\n    return x\n").message
    assert message == "NameError: name 'f' is not defined; anna.py defines back_propagation"


def test_what_ends_a_file_before_the_function_is_the_reason() -> None:
    """And where the function is, if it could not be called, either."""
    message = failure(f"import nowhere\nclass Net:\n{INDENTED}").message
    assert message.endswith("f is defined in class Net (line 3): define it outside of the class")
