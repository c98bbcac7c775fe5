"""Verdicts where gradcheck itself has failed: what is known stands, the rest is said to be unknown."""

from __future__ import annotations

from dataclasses import replace

from gradcheck.boundary import InternalError, attempt
from gradcheck.oracle.key import AnswerKey
from gradcheck.submission.records import Transcript
from gradcheck.verdict.credit import credited
from gradcheck.verdict.judge import judge
from gradcheck.verdict.records import Quantity, Status, Verdict

ADVICE = "this says nothing about the submission; it has to be graded again"


def unjudged(key: AnswerKey, submission: str, error: InternalError) -> Verdict:
    """The verdict on a submission of which nothing is known: no quantity is right or wrong."""
    return Verdict(
        submission=submission,
        spec=key.spec.path,
        title=key.spec.title,
        quantities=tuple(_unknown(key, name, error) for name in key.spec.check),
        graph=key.spec.graph,
        feedback=key.spec.feedback,
        notes=(f"{error}: {ADVICE}",),
        internal=error,
    )


def judged_apart(key: AnswerKey, submission: str, transcript: Transcript, error: InternalError) -> Verdict:
    """The verdict where judging the whole has raised `error`: each quantity is judged by itself.

    So a quantity that is right is called right, whatever is the matter with another.
    """
    verdict = unjudged(key, submission, error)
    apart = [_alone(key, name, submission, transcript) for name in key.spec.check]
    quantities = tuple(one or unknown for one, unknown in zip(apart, verdict.quantities, strict=True))
    verdict = replace(verdict, quantities=quantities, output=transcript.output, seconds=transcript.seconds)
    paid = attempt("credit", lambda: credited(verdict, key.spec.scoring))
    return verdict if isinstance(paid, InternalError) else paid


def unsettled(verdict: Verdict, known: Verdict, error: InternalError) -> Verdict:
    """The verdict where the oracles' word on the fresh case could not be had.

    What is said of the `known` cases stands where the fresh one says the same; else nothing is known.
    """
    quantities = tuple(
        one if one.status is other.status else _lost(one, error)
        for one, other in zip(verdict.quantities, known.quantities, strict=True)
    )
    return replace(
        known,
        quantities=quantities,
        notes=(*known.notes, f"{error}: {ADVICE}"),
        internal=error,
    )


def undiagnosed(verdict: Verdict, error: InternalError) -> Verdict:
    """The verdict as it stands, where its diagnosis has raised `error`."""
    note = f"no diagnosis: {error}; the verdict stands"
    return replace(verdict, notes=(*verdict.notes, note), internal=error)


def _alone(key: AnswerKey, name: str, submission: str, transcript: Transcript) -> Quantity | None:
    narrowed = replace(key, spec=replace(key.spec, check=(name,), accept=()))
    verdict = attempt("judge", lambda: judge(narrowed, submission, transcript))
    return None if isinstance(verdict, InternalError) else verdict.quantities[0]


def _lost(quantity: Quantity, error: InternalError) -> Quantity:
    return Quantity(
        name=quantity.name,
        symbol=quantity.symbol,
        status=Status.INTERNAL,
        reason="internal",
        message=f"nothing is known of it: {error}",
        unit=quantity.unit,
        cases=quantity.cases,
        max_points=quantity.max_points,
    )


def _unknown(key: AnswerKey, name: str, error: InternalError) -> Quantity:
    notation = key.spec.notation
    blank = Quantity(
        name=name,
        symbol=notation.symbol(name),
        status=Status.INTERNAL,
        unit=notation.unit(name),
        cases=len(key.cases),
        max_points=key.spec.points.get(name, 0.0),
    )
    return _lost(blank, error)
