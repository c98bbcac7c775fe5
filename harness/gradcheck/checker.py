"""One submission against one spec: where the key, the student's process and the judge meet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

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

    Enter it early: the process for submissions starts while the caller imports and reads.
    """

    def __init__(
        self,
        protection: Form = "light",
        *,
        unsafe: bool = False,
        fresh: int | None = None,
        feedback: Feedback | None = None,
    ) -> None:
        self._runner = Runner(protection, unsafe=unsafe)
        self._fresh = fresh
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

            self._keys[spec] = answer_key(spec, self._fresh)
        return self._keys[spec]

    def insist(self) -> Protection:
        """What holds student code here, once tried out; UnprotectedError where it doesn't and should."""
        return self._runner.insist()

    def check(self, submission: Submission, spec: Path) -> Verdict:
        """The verdict. Raises SpecError; whatever is wrong with the submission is in the verdict."""
        (verdict,) = self.check_all(submission, [spec])
        return verdict

    def check_all(self, submission: Submission, specs: Sequence[Path]) -> Iterator[Verdict]:
        """A verdict a spec, all in one process as long as that lives. Raises SpecError.

        A submission that has run out of time gets less of it for its other specs: see inquiry.IMPATIENT.
        """
        keys = [self.key(spec) for spec in specs]
        from gradcheck.inquiry import Inquiry

        with self._runner.process() as process:
            for key, (transcript, ask) in zip(keys, Inquiry(process, submission).answers(keys), strict=True):
                verdict = _judged(key, submission.name, transcript, ask)
                yield replace(verdict, feedback=self._feedback) if self._feedback else verdict


def _judged(key: AnswerKey, name: str, transcript: Transcript, ask: Ask) -> Verdict:
    """The verdict, with a diagnosis where there are wrong numbers: only then is more imported, and asked."""
    from gradcheck.verdict.judge import judge
    from gradcheck.verdict.records import Status

    verdict = judge(key, name, transcript)
    if not any(q.status is Status.WRONG for q in (*verdict.quantities, *verdict.accepted)):
        return verdict
    from gradcheck.diagnosis.verdict import diagnosed

    return diagnosed(verdict, key, transcript, lambda more: ask(more).results)


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
