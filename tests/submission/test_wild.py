"""Files of many authors as they lie there, written for this project after the kinds that courses get."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.submission.find import submissions
from gradcheck.submission.runner import Runner

WILD = Path(__file__).parent / "wild"
SPECS = {"two_layer": Path(__file__).parents[2] / "specs" / "two_layer.yaml", "net": WILD / "net.yaml"}
ENDS_ITSELF = "SystemExit: the code ends the program itself"

RIGHT = {
    "two_layer/command_line.py": "",
    "two_layer/decorated.py": "",
    "two_layer/further_in": "hw1/src/two_layer.py is taken for two_layer.py",
    "two_layer/globals.py": "",
    "two_layer/greek_with_mark.py": "",
    "two_layer/hosted.ipynb": "",
    "two_layer/latin_1.py": "",
    "two_layer/name_at_home": "",
    "two_layer/plots.py": "",
    "two_layer/reads_its_data": "",
    "two_layer/relative": "",
    "two_layer/second_copy": "Two-Layer (2).py is taken for two_layer.py",
    "two_layer/tabs.py": "",
    "two_layer/trains_briefly.py": "",
    "two_layer/typed.py": "",
    "two_layer/windows.py": "",
    "two_layer/debugs.py": "",
    "two_layer/exported.py": "what only IPython understands is left out (lines 7, 8, 24)",
    "two_layer/from_browser.py.txt": "",
    "two_layer/main_and_helpers": "main.py is taken for two_layer.py",
    "two_layer/old_notebook.ipynb": "",
    "two_layer/own_name": "otto.py is taken for two_layer.py",
    "two_layer/power_shell.py": "",
    "two_layer/runs_another": "",
    "two_layer/strict.py": "",
    "two_layer/untitled_notebook": "Untitled3.ipynb is taken for two_layer.py",
    "two_layer/with_environment": "backprop_final.py is taken for two_layer.py",
    "net/dictionary.py": "",
    "net/layers_as_classes.py": "",
    "net/loops.py": "",
    "net/single_precision.py": "single precision (float32), judged to 1e-05",
    "net/tagged.ipynb": "",
}
"""What gets to its end and is right, with a part of the note below; empty where there is none."""

STOPS = {
    "two_layer/annotated.py": (2, "No module named 'jaxtyping'", ""),
    "two_layer/asks.py": (3, "nobody is there to answer input()", "lines 4-6"),
    "two_layer/changes_folder.py": (2, "FileNotFoundError", "line 4"),
    "two_layer/command_line_required.py": (9, ENDS_ITSELF, "lines 11-12"),
    "two_layer/downloads.py": (9, "when a class is graded, there is no network", "line 10"),
    "two_layer/ends_itself.py": (18, ENDS_ITSELF, ""),
    "two_layer/helper_stops": (16, "FileNotFoundError", ""),
    "two_layer/imports_tensorflow.py": (2, "tensorflow computes gradients by itself", "lines 3-6"),
    "two_layer/jitted.py": (2, "No module named 'numba'", "lines 5, 10"),
    "two_layer/logs.py": (4, "files can be written only in a temporary folder", "line 5"),
    "two_layer/missing_package.py": (2, "ModuleNotFoundError: No module named 'course_utils'", "lines 3-5"),
    "two_layer/old_numpy_outside.py": (11, "write float (lines 11, 12)", "lines 12-14"),
    "two_layer/quits.py": (6, ENDS_ITSELF, ""),
    "two_layer/reads_csv.py": (3, "FileNotFoundError: train.csv not found", "lines 4-5, 24-25"),
    "two_layer/reads_idx.py": (16, "(at reads_idx.py:10 in read_idx)", "line 17"),
    "two_layer/stops.ipynb": ("cell 3:1", "FileNotFoundError", "cell 3:2 to cell 4:1, cell 6:1-2"),
    "two_layer/stars.py": (2, "No module named 'testCases_v3'", "lines 3, 18"),
    "two_layer/tests_itself.py": (26, ENDS_ITSELF, ""),
    "two_layer/trains_for_hours.py": (22, "ran longer than 5 s when it was loaded", "line 33"),
    "two_layer/unpickles.py": (20, "(at unpickles.py:9 in load_data)", "lines 21-22"),
    "net/waits.py": (21, "ran longer than 5 s when it was loaded", ""),
    "net/with_solver.py": (30, "FileNotFoundError", "lines 31-33"),
}
"""What stops before its end and is right all the same: where, why, what is left out."""

WRONG = {
    "two_layer/wrong_and_stops.py": (["dW2", "db2"], "FileNotFoundError"),
    "net/not_averaged.py": (["dW1", "db1", "dW2", "db2"], "ModuleNotFoundError"),
}
"""What is wrong, and by which quantities, though it stops, too."""

FAILS = {
    "two_layer/another_name.py": "the spec gives W2, W3, b2, x, y; another_name.py defines back_propagation",
    "two_layer/needs_its_data.py": "name 'mean' is not defined; the file stops at needs_its_data.py:3: File",
    "two_layer/old_numpy.py": "NumPy no longer has np.product: write np.prod (line 10); "
    "NumPy no longer has np.float: write float (lines 5, 14); "
    "NumPy no longer has np.alltrue: write np.all (line 13)",
    "two_layer/python_2.py": "this is Python 2: write print(x), not print x (lines 10, 18); "
    'raise E("x"), not raise E, "x" (line 14)',
    "two_layer/python_2_names.py": "that was removed: write range (lines 11, 24)",
    "two_layer/tabs_and_blanks.py": "indent with spaces only: there are tabs (line 10)",
    "two_layer/chat.py": "keep only the code between the lines that begin with ``` (lines 3, 17)",
    "two_layer/from_pdf.py": "in place of ‘ (line 10), ' in place of ’ (line 10), - in place of − (line 13)",
    "two_layer/guarded.py": 'is defined under `if __name__ == "__main__":` (line 8), which is not run',
    "two_layer/in_class.py": "backprop is defined in class Network (line 9): define it outside of the class",
    "two_layer/needs_course_module.py": "name 'sigmoid' is not defined; line 3 imports it from dnn_utils_v2",
    "two_layer/power.py": "^ is no power in Python: write ** (line 12)",
    "two_layer/printed": "There is no code, only homework.pdf: hand in a .py or .ipynb file",
    "two_layer/rich_text.py": "is formatted text (RTF), not Python; save it as plain text",
    "two_layer/two_versions": "Is it v1.py or v2.py? Rename it.",
    "two_layer/unfinished_merge.py": "there is an unfinished merge (line 12): keep one of the two versions",
    "two_layer/unclosed.py": "'(' was never closed",
    "net/class_reads.py": "FileNotFoundError: [Errno 2] No such file or directory: 'config.json'",
}
"""What has no numbers, with a part of the reason."""


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    """As a class is graded."""
    with Runner("full") as runner:
        if not runner.protection.sound:
            pytest.skip(str(runner.protection))
        yield Checker(runner)


PATHS = {f"{room}/{one.path.name}": one for room in SPECS for one in submissions(WILD / room)}


def test_there_are_enough_and_each_is_known() -> None:
    """No file lies there of which nobody says what must come of it."""
    known = [*RIGHT, *STOPS, *WRONG, *FAILS]
    assert sorted(known) == sorted(PATHS)
    assert len(known) >= 70


@pytest.mark.slow
@pytest.mark.parametrize("name", PATHS)
def test_what_comes_of_it(name: str, checker: Checker) -> None:
    """It is right or wrong with a note that says what was taken, or has an error that says what to do."""
    verdict = checker.check(PATHS[name], SPECS[name.partition("/")[0]])
    notes = " | ".join(verdict.notes)
    if name in FAILS:
        assert verdict.status == "error"
        assert verdict.failure is not None
        assert FAILS[name] in verdict.failure.message
    elif name in WRONG:
        wrong, why = WRONG[name]
        assert [q.symbol for q in verdict.quantities if q.status == "wrong"] == wrong
        assert why in notes
    elif name in STOPS:
        where, why, left_out = STOPS[name]
        assert verdict.status == "right", verdict
        assert why in notes
        assert f":{where}: " in notes
        assert (f"count (left out: {left_out})" in notes) if left_out else "counts all the same" in notes
    else:
        assert verdict.status == "right", verdict
        assert RIGHT[name] in notes
        assert bool(notes) == bool(RIGHT[name])
