"""Where mistakes were sighted: the short names of threads and pages, and their addresses."""

from __future__ import annotations

import re

_SITES = {
    "DL": "https://community.deeplearning.ai/t/",
    "PT": "https://discuss.pytorch.org/t/",
    "Stack Overflow": "https://stackoverflow.com/q/",
    "datascience.SE": "https://datascience.stackexchange.com/q/",
    "math.SE": "https://math.stackexchange.com/q/",
    "stats.SE": "https://stats.stackexchange.com/q/",
}
"""Short name -> what stands before a thread's number."""

KEYS = {
    "DL": "the forum of deeplearning.ai, by a topic's number",
    "DL-NN": "a topic there by NiveeNasr (April 2022)",
    "DS-SIGMA": "datascience.SE, on the sigmoid's derivative in the final layer's error",
    "EX4-SOOP": "soopsaram.com/ml, on exercise 4-2, backpropagation",
    "MT": "math.SE, by a question's number at math.techqa.club",
    "PF": "physicsforums.com, by a post's number",
    "PRIMEN": "blog.primen.dk, on numerical gradient checking",
    "PT": "the forum of PyTorch, by a topic's number",
    "SO-SOFTMAX": "an answer at Stack Overflow on the derivative of softmax in NumPy",
    "TTS": "ttsugriy.github.io/llm-first-principles, on common mistakes",
}
"""What the names in capitals stand for."""

_THREAD = re.compile(r"([\w.-]+/[\w.-]+)#([0-9]+)")
_NUMBERED = re.compile(r"(.+) ([0-9]+)")


def address(sighting: str) -> str | None:
    """The address of a thread that goes by its number; None for what has none."""
    if thread := _THREAD.fullmatch(sighting):
        return f"https://github.com/{thread[1]}/issues/{thread[2]}"
    numbered = _NUMBERED.fullmatch(sighting)
    return f"{_SITES[numbered[1]]}{numbered[2]}" if numbered and numbered[1] in _SITES else None
