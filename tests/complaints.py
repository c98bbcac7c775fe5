"""What a spec that is at fault is answered."""

from __future__ import annotations

import pytest

from gradcheck.errors import SpecError
from gradcheck.specification.read import parse


def complaints(text: str) -> str:
    """All complaints about the text, which is shown as s.yaml; a spec without any fails the test."""
    with pytest.raises(SpecError) as caught:
        parse(text.encode(), "s.yaml")
    return str(caught.value)
