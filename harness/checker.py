"""One submission against one spec: where the key, the student's process and the judge meet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from harness.submission.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from harness.oracle.key import AnswerKey
    from harness.spec.records import Feedback
    from harness.submission.find import Submission
    from harness.submission.process import Process
    from harness.submission.protection import Form, Protection
    from harness.submission.records import Call, Transcript
    from harness.verdict.records import Verdict


IMPATIENT = 0.25
"""What share of a spec's seconds a submission gets once it has run out of them for another spec: a class
must not wait for one submission as often as there are specs, and honest code takes milliseconds."""


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
            from harness.oracle.kept import answer_key

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

        A submission that has run out of time gets less of it for its other specs: see IMPATIENT.
        """
        share = 1.0
        with self._runner.process() as process:
            for spec in specs:
                verdict = self._verdict(process, submission, self.key(spec), share)
                if verdict.failure and verdict.failure.kind == "timeout":
                    share = IMPATIENT
                yield replace(verdict, feedback=self._feedback) if self._feedback else verdict

    def _verdict(self, process: Process, submission: Submission, key: AnswerKey, share: float) -> Verdict:
        from harness.errors import SubmissionError
        from harness.submission.find import source
        from harness.submission.records import Budget, Code, Failure
        from harness.verdict.judge import calls, failed

        contract = key.spec.contract
        if sheet := submission.paper(contract.file):
            return _on_paper(key, submission.name, sheet)
        budget = Budget(share * contract.seconds, contract.memory_mb << 20, contract.output)
        try:
            text, shown, folder = source(submission, contract.file)
            code = Code(text, shown, folder, contract.run, key.spec.path, contract.run_line)

            def ask(questions: Sequence[Call]) -> Transcript:
                return process.run(code, questions, budget)

            return _judged(key, submission.name, ask(calls(key)), ask)
        except SubmissionError as error:
            return failed(key, submission.name, Failure("missing", str(error)))


def _on_paper(key: AnswerKey, name: str, sheet: Path) -> Verdict:
    """The verdict on formulas in the place of code. They are read, never run."""
    from harness.errors import SubmissionError
    from harness.submission.find import formulas
    from harness.submission.records import Failure, Transcript
    from harness.verdict.judge import failed

    try:
        text, shown = formulas(sheet)
        if not key.spec.contract.formula:
            raise SubmissionError(f"{shown}: this spec takes code, not formulas")
    except SubmissionError as error:
        return failed(key, name, Failure("missing", str(error)))
    from harness.derivation.answer import answers

    return _judged(key, name, answers(text, shown, key), lambda _: Transcript((), "", truncated=False))


def _judged(
    key: AnswerKey, name: str, transcript: Transcript, ask: Callable[[Sequence[Call]], Transcript]
) -> Verdict:
    """The verdict, with a diagnosis where there are wrong numbers: only then is more imported, and asked."""
    from harness.verdict.judge import judge
    from harness.verdict.records import Status

    verdict = judge(key, name, transcript)
    if not any(q.status is Status.WRONG for q in (*verdict.quantities, *verdict.accepted)):
        return verdict
    from harness.diagnosis.verdict import diagnosed

    return diagnosed(verdict, key, transcript, lambda more: ask(more).results)


def check_live(function: Callable[..., object], spec: Path) -> Verdict:
    """The verdict on a function of this process, as a notebook has it; nothing limits it."""
    from harness.oracle.kept import answer_key
    from harness.submission.here import run_here
    from harness.submission.records import Live
    from harness.verdict.judge import calls

    key = answer_key(spec)
    live = Live(function, key.spec.contract.run, key.spec.path, key.spec.contract.run_line)

    def ask(questions: Sequence[Call]) -> Transcript:
        return run_here(live, questions)

    return _judged(key, getattr(function, "__name__", "function"), ask(calls(key)), ask)
