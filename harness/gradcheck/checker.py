"""One submission against one spec: where the key, the student's process and the judge meet."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from gradcheck.boundary import InternalError, attempt
from gradcheck.submission.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gradcheck.inquiry import Ask
    from gradcheck.oracle.key import AnswerKey
    from gradcheck.spec.records import Feedback
    from gradcheck.submission.find import Submission
    from gradcheck.submission.protection import Form, Protection
    from gradcheck.submission.records import Call, Transcript
    from gradcheck.verdict.records import Verdict


class Checker:
    """Checks submissions against specs; keeps what is needed again.

    With the `secret` of a run every submission is asked for one more case, drawn for it alone. Enter it
    early: the process for submissions starts while the caller imports and reads.
    """

    def __init__(
        self,
        protection: Form = "light",
        *,
        unsafe: bool = False,
        secret: int | None = None,
        feedback: Feedback | None = None,
    ) -> None:
        self._runner = Runner(protection, unsafe=unsafe)
        self._secret = secret
        self._feedback = feedback
        self._keys: dict[Path, AnswerKey] = {}

    def __enter__(self) -> Checker:
        self._runner.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.close()

    def key(self, spec: Path) -> AnswerKey:
        """The spec's answer key. Raises SpecError with all complaints where it can't be used."""
        if spec not in self._keys:
            from gradcheck.oracle.kept import answer_key

            self._keys[spec] = answer_key(spec)
        return self._keys[spec]

    def insist(self) -> Protection:
        """What holds student code here, once tried out; UnprotectedError where it doesn't and should."""
        return self._runner.insist()

    def check(self, submission: Submission, spec: Path) -> Verdict:
        """The verdict. Raises SpecError; whatever is wrong with the submission is in the verdict."""
        (verdict,) = self.check_all(submission, [spec])
        return verdict

    def check_all(
        self, submission: Submission, specs: Sequence[Path], content: str = ""
    ) -> Iterator[Verdict]:
        """A verdict a spec, all in one process as long as that lives. Raises SpecError, UnprotectedError.

        `content` is a hash of what the submission holds, by which its fresh cases are drawn. What else is
        raised on the way is in the verdicts: see gradcheck.boundary. A submission that has run out of time
        gets less of it for its other specs: see inquiry.IMPATIENT.
        """
        keys = [self.key(spec) for spec in specs]
        asked = [self._asked(submission, key, content) for key in keys]
        from gradcheck.inquiry import Inquiry

        with self._runner.process() as process:
            drawn = [key for key in asked if not isinstance(key, InternalError)]
            answers = Inquiry(process, submission).answers(drawn)
            for key, drawing in zip(keys, asked, strict=True):
                if isinstance(drawing, InternalError):
                    verdict = _unjudged(key, submission.name, drawing)
                else:
                    verdict = _judged(drawing, submission.name, *next(answers))
                yield replace(verdict, feedback=self._feedback) if self._feedback else verdict

    def _asked(self, submission: Submission, key: AnswerKey, content: str) -> AnswerKey | InternalError:
        if submission.error is not None:
            return submission.error
        return attempt("draw", partial(self._with_fresh_case, key, content))

    def _with_fresh_case(self, key: AnswerKey, content: str) -> AnswerKey:
        if self._secret is None:
            return key
        from gradcheck.fresh import with_fresh_case

        return with_fresh_case(key, self._secret, content)


def _judged(key: AnswerKey, name: str, answer: Transcript | InternalError, ask: Ask) -> Verdict:
    """The verdict, with a diagnosis where there are wrong numbers: only then is more imported, and asked."""
    if isinstance(answer, InternalError):
        return _unjudged(key, name, answer)
    found = attempt("judge", lambda: _weighed(key, name, answer))
    if isinstance(found, InternalError):
        from gradcheck.verdict.internal import judged_apart

        return judged_apart(key, name, answer, found)
    key, verdict = found
    from gradcheck.verdict.records import Status

    wrong = any(q.status is Status.WRONG for q in (*verdict.quantities, *verdict.accepted))
    if not wrong or not (key.spec.model or key.spec.has_mistakes):
        return verdict
    diagnosis = attempt("diagnose", lambda: _diagnosed(key, verdict, answer, ask))
    if isinstance(diagnosis, InternalError):
        from gradcheck.verdict.internal import undiagnosed

        return undiagnosed(verdict, diagnosis)
    return diagnosis


def _weighed(key: AnswerKey, name: str, transcript: Transcript) -> tuple[AnswerKey, Verdict]:
    """The verdict, and the key that it follows from: both oracles' where the fresh case decides."""
    from gradcheck.verdict.judge import judge

    verdict = judge(key, name, transcript)
    if not key.fresh or verdict.status == "right":
        return key, verdict
    known = judge(key.own, name, _without_fresh(key, transcript))
    if _statuses(known) == _statuses(verdict) or not isinstance(transcript.results[-1], tuple):
        return key, verdict
    both = attempt("settle", lambda: _settled(key))
    if isinstance(both, InternalError):
        from gradcheck.verdict.internal import unsettled

        return key, unsettled(verdict, known, both)
    return both, judge(both, name, transcript)


def _settled(key: AnswerKey) -> AnswerKey:
    from gradcheck.fresh import settled

    return settled(key)


def _without_fresh(key: AnswerKey, transcript: Transcript) -> Transcript:
    return replace(transcript, results=transcript.results[: 1 + len(key.own.cases)])


def _statuses(verdict: Verdict) -> dict[str, str]:
    return {q.name: q.status for q in (*verdict.quantities, *verdict.accepted)}


def _diagnosed(key: AnswerKey, verdict: Verdict, transcript: Transcript, ask: Ask) -> Verdict:
    if key.spec.model is not None:
        from gradcheck.diagnosis import equations

        return equations.diagnosed(verdict, key, transcript)
    from gradcheck.diagnosis.verdict import diagnosed

    return diagnosed(verdict, key, transcript, lambda more: ask(more).results)


def _unjudged(key: AnswerKey, name: str, error: InternalError) -> Verdict:
    from gradcheck.verdict.internal import unjudged

    return unjudged(key, name, error)


def check_live(function: Callable[..., object], spec: Path) -> Verdict:
    """The verdict on a function of this process, as a notebook has it; nothing limits it."""
    from gradcheck.oracle.kept import answer_key
    from gradcheck.submission.here import run_here
    from gradcheck.submission.records import Live
    from gradcheck.verdict.judge import calls

    key = answer_key(spec)
    live = Live(function, key.spec.contract.run, key.spec.path, key.spec.contract.run_line)

    def ask(questions: Sequence[Call]) -> Transcript:
        return run_here(live, questions)

    return _judged(key, getattr(function, "__name__", "function"), ask(calls(key)), ask)
