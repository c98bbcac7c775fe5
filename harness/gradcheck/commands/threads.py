"""How many threads NumPy may use, which it asks about when it is first imported."""

from __future__ import annotations

import os


def one_each() -> None:
    """One: the truth is small matrices, and a pool of threads for them costs more than it gives."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
