"""The answer key from the store, or else answered now and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gradcheck.arrays import Array
from gradcheck.oracle import store
from gradcheck.oracle.key import AnswerKey, packed, unpacked
from gradcheck.specification.content import content
from gradcheck.specification.records import Spec

_OWN = "own"
"""The kind of the keys that submissions are held against."""


def answer_key(path: Path) -> AnswerKey:
    """The key of the spec at `path`, from the store if it is kept there; SpecError if it is no spec.

    A key that is kept needs neither PyTorch nor a YAML parser.
    """
    return _key(path, _OWN, lambda spec: spec)


def keep(path: Path, header: Any, arrays: Sequence[Array]) -> None:
    """Keep the packed key of the spec at `path`, answered elsewhere: `answer_key` finds it from now on."""
    store.save(_name(content(path), path, _OWN), header, arrays)


def whole_key(path: Path, examples: tuple[int, ...]) -> AnswerKey:
    """Every quantity of the spec's network, in the spec's own sizes, for a case of each of these batches."""
    return _key(path, f"whole {examples}", lambda spec: spec.whole(examples))


def _key(path: Path, kind: str, asked: Callable[[Spec], Spec]) -> AnswerKey:
    raw = content(path)
    name = _name(raw, path, kind)
    if stored := store.load(name):
        return unpacked(str(path), *stored)
    from gradcheck.specification.read import parse  # before PyTorch: complaints should not wait for it

    spec = asked(parse(raw, str(path)))
    from gradcheck.oracle.answer import answered

    key = answered(spec)
    store.save(name, *packed(key))
    return key


def _name(raw: bytes, path: Path, kind: str) -> str:
    """Under what a key is kept. The file's name counts: a submission's file is called so by default."""
    return store.fingerprint(raw, path.name.encode(), kind.encode())
