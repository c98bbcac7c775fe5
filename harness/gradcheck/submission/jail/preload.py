"""What is imported before a process is locked in: later nothing may be readable any more."""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Iterator

_NUMPY = """
numpy numpy.char numpy.ctypeslib numpy.dtypes numpy.exceptions numpy.fft numpy.lib.npyio
numpy.lib.recfunctions numpy.lib.scimath numpy.lib.stride_tricks numpy.linalg numpy.ma numpy.polynomial
numpy.random numpy.rec numpy.strings numpy.testing numpy.typing
"""
_STANDARD = """
__future__ _strptime abc argparse array ast asyncio base64 binascii bisect builtins bz2 calendar cmath
codecs collections collections.abc colorsys concurrent.futures.process concurrent.futures.thread
configparser contextlib contextvars copy copyreg csv ctypes cProfile dataclasses datetime decimal difflib
dis doctest encodings.ascii encodings.cp437 encodings.cp1252 encodings.idna encodings.latin_1
encodings.utf_16 encodings.utf_8_sig enum errno fnmatch fractions functools gc getopt getpass glob graphlib
gzip hashlib heapq html hmac http.client importlib.metadata importlib.resources importlib.util inspect io
itertools json keyword linecache locale logging logging.handlers lzma math mmap multiprocessing
multiprocessing.pool multiprocessing.shared_memory numbers operator os pathlib pickle pkgutil platform
pprint profile pstats queue random re reprlib secrets select shlex shutil signal socket sqlite3 ssl stat
statistics string struct subprocess symtable sys sysconfig tarfile tempfile textwrap threading time timeit
token tokenize traceback types typing unicodedata unittest unittest.mock urllib.error urllib.parse
urllib.request uuid warnings weakref webbrowser xml.etree.ElementTree zipfile zlib zoneinfo
"""


def preload() -> None:
    """Import NumPy's and Python's modules that an exercise may need; one that isn't there is left out."""
    with _forks_unnoticed():
        for name in (_NUMPY + _STANDARD).split():
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


@contextlib.contextmanager
def _forks_unnoticed() -> Iterator[None]:
    """Modules that are imported meanwhile do nothing when this process forks.

    They would let go of other threads' locks, of which there are none, and draw a new seed for `random`:
    every child would copy 200 pages of memory for it, and no run of a submission would be like another.
    """
    register = os.register_at_fork
    os.register_at_fork = lambda **_: None
    try:
        yield
    finally:
        os.register_at_fork = register
