"""Right answers are not diagnosed: a class that is graded imports nothing of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.submission.find import find

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
RIGHT = sorted(path.relative_to(ROOT) for path in ROOT.glob("submissions/right/*.py"))

ASK = """
import sys
from pathlib import Path
from gradcheck.checker import Checker
from gradcheck.submission.find import find

with Checker() as checker:
    assert checker.check(find(Path("submissions"), "right"), Path("specs/two_layer.yaml")).status == "right"
assert not [name for name in sys.modules if name.startswith(("gradcheck.diagnosis", "gradcheck.mistakes"))]
"""


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_no_diagnosis(path: Path) -> None:
    """The shipped right submissions have none, nor a quantity that follows from another."""
    with Checker() as checker:
        verdict = checker.check(find(ROOT / "submissions", "right"), ROOT / "specs" / f"{path.stem}.yaml")
    assert verdict.status == "right"
    assert verdict.diagnosis is None
    assert not any(quantity.follows for quantity in verdict.quantities)


def test_nothing_of_it_is_imported() -> None:
    """The command alone loads it ahead, while it waits for the submission."""
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
