"""How long do formulas take? A hundred against one spec, right and wrong ones, and the command from cold.

    python benchmarks/formulas.py [SPEC]

The formulas are BP1 to BP4 and their near misses, each a text of its own.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from harness.derivation.desk import Desk

SPEC = Path(__file__).parent.parent / "specs" / "two_layer.yaml"
RIGHT = (
    r"\delta^3 = (a^3 - y) \odot \sigma'(z^3)",
    r"\delta^2 = (W^3)^T \delta^3 \odot \sigma'(z^2)",
    r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j",
    r"\frac{\partial C}{\partial b^2_j} = \delta^2_j",
    r"\frac{\partial C}{\partial w^2_{jk}} = w^3_{1j} \delta^3_1 \sigma'(z^2_j) x_k",
)
WRONG = (
    r"\delta^3 = a^3 - y",
    r"\delta^2 = W^3 \delta^3 \odot \sigma'(z^2)",
    r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_j \delta^l_k",
    r"\frac{\partial C}{\partial b^2_j} = 2 \delta^2_j",
    r"\frac{\partial C}{\partial w^2_{jk}} = w^2_{1j} \delta^3_1 \sigma'(z^2_j) x_k",
)


def main() -> None:
    """Seconds for a hundred of each kind, and for the command."""
    spec = Path(sys.argv[1]) if len(sys.argv) > 1 else SPEC
    start = time.perf_counter()
    desk = Desk(spec)
    print(f"the spec's points: {time.perf_counter() - start:.3f} s")
    for kind, formulas in (("right", RIGHT), ("wrong", WRONG)):
        desk.check(formulas[0], kind)
        start = time.perf_counter()
        for number in range(100):
            desk.check(formulas[number % len(formulas)], kind)
        print(f"100 {kind} formulas: {time.perf_counter() - start:.3f} s")
    start = time.perf_counter()
    run = "import sys; from harness.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", run, "formula", RIGHT[0], "--spec", str(spec)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    print(f"the command for one formula: {time.perf_counter() - start:.3f} s")


if __name__ == "__main__":
    main()
