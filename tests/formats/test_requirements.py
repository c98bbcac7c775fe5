"""Packages that submissions may import."""

from __future__ import annotations

import pytest

from gradcheck.errors import UsageError
from gradcheck.formats.requirements import check


@pytest.mark.parametrize(
    "package",
    ["scipy", "scipy==1.17.0", "scipy>=1.15,<2", "jax[cpu]~=0.4", "a", "scikit-learn != 1.*", "x===1+local"],
)
def test_packages(package: str) -> None:
    """Names with extras and versions, as pip takes them."""
    check([package])


@pytest.mark.parametrize(
    "package",
    [
        "",
        " ",
        "scipy; rm -rf /",
        "scipy\nrequests",
        "scipy\n",
        "-r other.txt",
        "--index-url=x",
        "x @ file:///tmp/x",
        "git+ssh://x",
        "./local",
        "scipy==",
        "scipy 1.17",
        "scipy # so",
        "$(id)",
        "sci\u0131py",
        "scipy==\u0661",
        "-scipy",
    ],
)
def test_what_is_no_package(package: str) -> None:
    """No second line, option, address or shell goes into requirements.txt."""
    with pytest.raises(UsageError, match=r"^--package .*: write a package's name"):
        check([package])


def test_a_package_twice() -> None:
    """pip would refuse two versions of one package, and the answers belong to theirs of NumPy."""
    with pytest.raises(UsageError, match=r"NumPy==1\.26: numpy is there already"):
        check(["NumPy==1.26"])
    with pytest.raises(UsageError, match="scikit_learn: this package was given before"):
        check(["scikit-learn", "scikit_learn"])
