"""A process that grades tidies up before it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROCESS = """
import os, signal, time
from pathlib import Path
from gradcheck.grading.lifetime import end_with_run

def tidy():
    if Path("begun").exists():
        return  # there is nothing to be done twice
    Path("begun").touch()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.01)
    Path("done").touch()

end_with_run(lambda: tidy)
os.kill(os.getpid(), signal.SIGTERM)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_second_signal_does_not_cut_the_tidying_short(tmp_path: Path) -> None:
    """The kernel sends one when the run is killed, and the thread that watches the run another."""
    ended = subprocess.run([sys.executable, "-c", PROCESS], cwd=tmp_path, check=False)
    assert ended.returncode == 1
    assert (tmp_path / "done").exists()
