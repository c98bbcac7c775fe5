"""The README as a package index shows it: there relative links lead nowhere, so these lead to the source."""

import re
import tomllib
from pathlib import Path

from setuptools import setup

HERE = Path(__file__).parent
SOURCE = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Source"]
README = (HERE / "README.md").read_text(encoding="utf-8")

setup(
    long_description=re.sub(r"\]\((?!\w+:|#)", f"]({SOURCE}/blob/main/", README),
    long_description_content_type="text/markdown",
)
