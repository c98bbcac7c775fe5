"""What Python has to have where an export runs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradcheck.errors import UsageError
from gradcheck.submission.text import one_line

REQUIRED = ("numpy", "pydantic", "PyYAML", "iniconfig")
"""What grading imports where all answers are known, in the versions with which they were worked out."""

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_VERSION = r"(?:===?|~=|!=|<=?|>=?) ?[A-Za-z0-9*][A-Za-z0-9.*+!_-]*"
_REQUIREMENT = re.compile(
    rf"(?P<name>{_NAME})(?:\[{_NAME}(?: ?, ?{_NAME})*\])? ?(?:{_VERSION}(?: ?, ?{_VERSION})*)?"
)
"""A name, extras and versions (packaging.python.org, "Dependency specifiers"); no address and no option."""


def check(packages: Sequence[str]) -> None:
    """Raises UsageError for what is no package that pip can install beside REQUIRED."""
    known = {_plain(name): f"{name} is there already, in the version of the answers" for name in REQUIRED}
    for package in packages:
        match = _REQUIREMENT.fullmatch(package)
        if match is None:
            raise UsageError(
                f"--package {one_line(package, 60)!r}: write a package's name, with versions if need be, "
                "such as scipy, scipy==1.17.0 or 'scipy>=1.15,<2'"
            )
        name = _plain(match["name"])
        if name in known:
            raise UsageError(f"--package {package}: {known[name]}; leave it out")
        known[name] = "this package was given before"


def _plain(name: str) -> str:
    """The name as pip compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
