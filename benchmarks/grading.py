"""A class graded, beside a fresh process for every pair of submission and spec, in one run.

    python benchmarks/grading.py [SUBMISSIONS]

Every submission is right and answers ten specs: the shipped ones, four of them twice. The truth is warm. The
peer runs `gradcheck SUBMISSION --spec SPEC` for a few pairs, without the jail, and is extrapolated.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GRADCHECK = str(Path(sys.executable).with_name("gradcheck"))
AGAIN = ("chain_function", "tanh_delta", "three_matrices", "two_layer")
SAMPLE = 20


def class_of(folder: Path, count: int) -> None:
    """Write `count` submissions and ten specs."""
    (folder / "specs").mkdir()
    for spec in sorted((ROOT / "specs").glob("*.yaml")):
        text = spec.read_text(encoding="utf-8").replace("/right", "/student00000")  # its reference
        (folder / "specs" / spec.name).write_text(text, encoding="utf-8")
        if spec.stem in AGAIN:
            again = text.replace("title: ", "title: again, ", 1)
            (folder / "specs" / f"{spec.stem}_again.yaml").write_text(again, encoding="utf-8")
    answers = {p.name: p.read_bytes() for p in (ROOT / "submissions" / "right").glob("*.py")}
    for number in range(count):
        own = folder / "submissions" / f"student{number:05}"
        own.mkdir(parents=True)
        for name, content in answers.items():
            (own / name).write_bytes(content)


def seconds(command: list[str], folder: Path) -> float:
    """The wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main(count: int) -> None:
    """Print the table."""
    grade = [GRADCHECK, "grade", "submissions", "--spec", "specs", "--out", "out", "--seed", "1"]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        class_of(folder, count)
        specs = sorted((folder / "specs").iterdir())
        for spec in specs:  # warms the truth of the peer
            seconds([GRADCHECK, "submissions/student00000", "--spec", str(spec)], folder)
        warm = folder / "warm"
        warm.mkdir()
        class_of(warm, 1)
        seconds(grade, warm)
        whole = seconds(grade, folder)
        (folder / "submissions" / "student00000" / "two_layer.py").open("a").write("#\n")
        one = seconds(grade, folder)
        pairs = [[GRADCHECK, "submissions/student00000", "--spec", str(specs[i % 10])] for i in range(SAMPLE)]
        peer = sum(seconds(pair, folder) for pair in pairs) / SAMPLE * count * len(specs)
    print(f"{count} submissions x {len(specs)} specs\n")
    print(f"{'gradcheck grade, full protection':44}{whole:8.1f} s")
    print(f"{'the same again, one submission changed':44}{one:8.1f} s")
    print(f"{'a fresh process a pair, no jail (from ' + str(SAMPLE) + ')':44}{peer:8.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
