"""How long a spec takes to be refused whose equations are bad, and what is said of it.

    python benchmarks/bad_equations.py [--times N]

Of every kind the best of N readings (5 where nothing is said) within one process, in the processor's seconds:
parsing, checking, and making the text of all complaints. It ends with 1 where one is not refused in 100 ms.
"""

from __future__ import annotations

import argparse
import sys
import time

from gradcheck.errors import SpecError
from gradcheck.specification.read import parse

LIMIT = 0.1
SPEC = """title: t
network:
  sizes: {n: 3, T: 4, d: 2, u: 2}
  inputs: {x: [n, d], s: [n, T, d], h0: [n, u]}
  parameters: {W: [d, u], U: [u, u]}
  equations: |
EQUATIONS
    J = sum(x @ W, n, u)
check: [dW]
"""
DEEP = 10_000
BAD = {
    "cyclic": "a = b + x\nb = a + x",
    "cyclic, 399": "\n".join(f"a{n} = a{(n + 1) % 399} + x" for n in range(399)),
    "made from itself": "a = a + x",
    "used before it is made": "a = c @ W\nc = tanh(x)",
    "made twice": "a = x @ W\na = tanh(x @ W)",
    "axes that don't meet": "a = x @ U",
    "axes that sum lacks": "a = sum(x, u)",
    "an unknown call": "a = tanhh(x)",
    "an unknown name": "a = x @ V",
    "400 faults": "\n".join(f"a{n} = sigmod(x) + v{n} @ W" for n in range(399)),
    "400 names that are near": "\n".join(
        f"aaaaaaaaaaaaaaaaaaaa{n} = aaaaaaaaaaaaaaaaaaaaa{n}" for n in range(399)
    ),
    "1 MB, one line": "a = x" + " + x" * 260_000,
    "1 MB, many lines": "\n".join(f"a{n} = x" for n in range(80_000)),
    "1 MB, one name": "a" * 1_000_000 + " = x",
    "1 MB, a comment": "# " + "x" * 1_000_000,
    "brackets nested deep": "a = " + "(" * DEEP + "x" + ")" * DEEP,
    "calls nested deep": "a = " + "tanh(" * DEEP + "x" + ")" * DEEP,
    "signs nested deep": "a = " + "-" * DEEP + "x",
    "powers nested deep": "a = x" + "^2" * DEEP,
    "brackets, 3,900": "a = " + "(" * 3_900,
    "loops nested": "h[-1] = h0\nfor t in T:\n  for i in d:\n    h[t] = h[t-1]",
    "a loop over no axis": "h[-1] = h0\nfor t in Q:\n  h[t] = h[t-1]",
    "no first state": "for t in T:\n  h[t] = h[t-1] @ U",
    "no colon": "h[-1] = h0\nfor t in T\n  h[t] = h[t-1] @ U",
    "Python": "import os\na = np.tanh(x)\nb = [x for x in W]\nc = lambda: 1",
    "numbers to look up that are none": "a = take(x, h0, d)",
    "softmax over two axes": "a = softmax(x, n, d)",
    "no name in Python": "lambda = x",
    "no value": "a = log(x) + log(-x)",
    "an exponent of 10^9": "a = x^1000000000",
}
ELSEWHERE = {
    "a loop over an axis of length 0": ("T: 4", "T: 0"),
    "a negative length": ("T: 4", "T: -1"),
    "a million numbers and more": ("T: 4", "T: 400000"),
    "a length of 10^18": ("T: 4", "T: 1000000000000000000"),
    "a length of 10^400": ("T: 4", "T: 1" + "0" * 400),
    "sizes nested deep": ("T: 4", "T: " + "[" * DEEP),
    "an axis thrice": ("U: [u, u]", "U: [u, u, u]"),
}


def specs() -> dict[str, str]:
    """A bad spec of each kind."""
    lines = {kind: "\n".join(f"    {line}" for line in text.split("\n")) for kind, text in BAD.items()}
    whole = {kind: SPEC.replace("EQUATIONS", text) for kind, text in lines.items()}
    good = SPEC.replace(
        "EQUATIONS", "    h[-1] = h0\n    for t in T:\n      h[t] = tanh(s[t] @ W + h[t-1] @ U)"
    )
    parse(good.encode(), "s.yaml")
    return whole | {kind: good.replace(*change) for kind, change in ELSEWHERE.items()}


def main() -> int:
    """Measure, and print a line a kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    slow = 0
    for kind, text in specs().items():
        seconds, said = min((_refused(text) for _ in range(times)), key=lambda one: one[0])
        slow += seconds > LIMIT or not said
        print(f"{kind:32} {1000 * seconds:7.1f} ms  {said.splitlines()[0][:100] if said else 'NOT REFUSED'}")
    print(f"{slow} of {len(specs())} not refused within {1000 * LIMIT:.0f} ms")
    return int(slow > 0)


def _refused(text: str) -> tuple[float, str]:
    raw = text.encode()
    began = time.process_time()
    try:
        parse(raw, "s.yaml")
        said = ""
    except SpecError as error:
        said = str(error)
    return time.process_time() - began, said


if __name__ == "__main__":
    sys.exit(main())
