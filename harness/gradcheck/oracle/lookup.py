"""The answer key from the store, or else answered now and kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gradcheck.oracle import store
from gradcheck.oracle.key import AnswerKey, packed, unpacked
from gradcheck.specification.content import content
from gradcheck.specification.records import Spec


def answer_key(path: Path) -> AnswerKey:
    """The key of the spec at `path`, from the store if it is kept there; SpecError if it is no spec.

    A key that is kept needs neither PyTorch nor a YAML parser.
    """
    return _key(path, "own", lambda spec: spec)


def whole_key(path: Path, examples: tuple[int, ...]) -> AnswerKey:
    """Every quantity of the spec's network, in the spec's own sizes, for a case of each of these batches."""
    return _key(path, f"whole {examples}", lambda spec: spec.whole(examples))


def _key(path: Path, kind: str, asked: Callable[[Spec], Spec]) -> AnswerKey:
    raw = content(path)
    # The name counts: it is the default for the name of a submission's file.
    name = store.fingerprint(raw, path.name.encode(), kind.encode())
    if stored := store.load(name):
        return unpacked(str(path), *stored)
    from gradcheck.specification.read import parse  # before PyTorch: complaints should not wait for it

    spec = asked(parse(raw, str(path)))
    from gradcheck.oracle.answer import answered

    key = answered(spec)
    store.save(name, *packed(key))
    return key
