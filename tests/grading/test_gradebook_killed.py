"""A gradebook whose writers are killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from gradcheck.grading.gradebook import Gradebook
from gradebooks import SPECS

pytestmark = pytest.mark.slow

KILLS = 20

_NURSERY = """
# Forks writers, each of which goes on where the last was killed, and kills them at random moments: after
# so many records and a moment, which may fall into the middle of the next.
# Prints which submissions were recorded.
import os, random, signal, sys, time
from pathlib import Path
from gradebooks import SPECS, row, start
from gradcheck.grading.gradebook import Gradebook

def write(path, told):
    with Gradebook(path) as book:
        done = len({name for name, _ in book.graded(gradcheck_hash="h0")})
        start(book, [f"student {i}" for i in range(3000)])
        for i in range(done, 3000):
            rows = [row(f"student {i}", spec, report={"output": "x" * 3000}) for spec in SPECS]
            book.record(rows)
            os.write(1, f"kept {i}\\n".encode())
            os.write(told, b".")

path, kills = Path(sys.argv[1]), int(sys.argv[2])
random.seed(int(sys.argv[3]))
for _ in range(kills):
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        os.close(heard)
        write(path, told)
        os._exit(0)
    os.close(told)
    for _ in range(random.choice([0, 1, 1, 2, 5])):
        os.read(heard, 1)
    time.sleep(random.uniform(0, 0.03))
    os.kill(child, signal.SIGKILL)
    os.close(heard)
    print("killed" if os.WIFSIGNALED(os.waitpid(child, 0)[1]) else "ended", flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.parametrize("seed", range(2))
def test_killed_at_any_moment(tmp_path: Path, seed: int) -> None:
    """The file is sound, holds whole submissions only, all that were recorded, and takes the next writer."""
    path, tests = tmp_path / "gradebook", Path(__file__).parents[1]
    ended = subprocess.run(
        [sys.executable, "-c", _NURSERY, str(path), str(KILLS), str(seed)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, [tests, tests.parent / "harness"]))},
    )
    assert ended.stderr == ""
    lines = ended.stdout.splitlines()
    assert lines.count("killed") == KILLS
    kept = {line.replace("kept", "student") for line in lines if line.startswith("kept")}
    with Gradebook.reading(path) as book:
        found = Counter(row.submission for row in book.rows())
        assert set(found.values()) == {len(SPECS)}
        assert kept <= set(found)
        assert not any(run.ended for run in book.runs())
        assert book._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    Gradebook(path).close()
