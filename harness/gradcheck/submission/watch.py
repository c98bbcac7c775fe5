"""Watching a student's functions while they run: how often each is called, and whether they turn complex."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from types import CodeType, FrameType, TracebackType
from typing import Any

import numpy as np


class Watch:
    """Sees the functions whose code lies in the student's own files, while it is entered."""

    def __init__(self, is_students: Callable[[str], bool]) -> None:
        """`is_students` says whether a file is the student's."""
        self._is_students = cache(is_students)
        self._calls: Counter[CodeType] = Counter()
        self.turned_complex = False
        """Whether one of them has returned complex numbers."""

    @property
    def most_calls(self) -> int:
        """How often the function that was called most was called."""
        return max(self._calls.values(), default=0)

    def __enter__(self) -> Watch:
        sys.setprofile(self._see)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.setprofile(None)

    def _see(self, frame: FrameType, event: str, value: Any) -> None:
        if event not in ("call", "return") or not self._is_students(frame.f_code.co_filename):
            return
        if event == "call":
            self._calls[frame.f_code] += 1
        elif isinstance(value, (np.ndarray, np.generic, complex)):
            self.turned_complex |= bool(np.iscomplexobj(value))
