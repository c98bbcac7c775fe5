"""One submission against one spec: where the key, the student's process and the judge meet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType

from gradcheck.boundary import InternalError, attempt
from gradcheck.errors import SpecError
from gradcheck.inquiry import Ask, Inquiry, wanted_by
from gradcheck.oracle.key import AnswerKey
from gradcheck.oracle.lookup import answer_key
from gradcheck.specification.neighbours import files_beside
from gradcheck.specification.records import Feedback
from gradcheck.submission.find import Submission
from gradcheck.submission.protection import Protection
from gradcheck.submission.records import Transcript
from gradcheck.submission.runner import Runner
from gradcheck.submission.wanted import Wanted
from gradcheck.verdict.internal import judged_apart, undiagnosed, unjudged, unsettled
from gradcheck.verdict.judge import judge
from gradcheck.verdict.records import Status, Verdict


class Checker:
    """Checks submissions against specs; keeps what is needed again.

    With the `secret` of a run every submission is asked for one more case, drawn for it alone. `specs` are
    all that are checked in the same run, and `elsewhere` gives the files that the specs beside one ask for:
    what a submission names after one of them is for no other. To enter it starts the runner, by default one
    for people's own code, and to leave it ends that.
    """

    def __init__(
        self,
        runner: Runner | None = None,
        *,
        secret: int | None = None,
        feedback: Feedback | None = None,
        specs: Collection[Path] = (),
        elsewhere: Callable[[Path], Collection[str]] = files_beside,
    ) -> None:
        self._runner = runner or Runner()
        self._secret = secret
        self._feedback = feedback
        self._specs = specs
        self._elsewhere = elsewhere
        self._keys: dict[Path, AnswerKey] = {}
        self._wanted: dict[Path, Wanted] = {}

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
            self._keys[spec] = answer_key(spec)
        return self._keys[spec]

    def wanted(self, spec: Path) -> Wanted:
        """What the spec asks a submission for, beside all others. Raises SpecError."""
        if spec not in self._wanted:
            own = wanted_by(self.key(spec).spec.contract)
            others = (wanted_by(key.spec.contract) for key in self._usable_keys())
            self._wanted[spec] = replace(
                own,
                others=tuple(other for other in others if other.file != own.file),
                elsewhere=lambda: {*self._elsewhere(spec)} - {own.file},
            )
        return self._wanted[spec]

    def _usable_keys(self) -> Iterator[AnswerKey]:
        for spec in self._specs:
            with suppress(SpecError):  # whoever checks that spec says why
                yield self.key(spec)

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
        with self._runner.process() as process:
            drawn = [key for key in asked if not isinstance(key, InternalError)]
            answers = Inquiry(process, submission, self._wanted_by).answers(drawn)
            for key, drawing in zip(keys, asked, strict=True):
                if isinstance(drawing, InternalError):
                    verdict = unjudged(key, submission.name, drawing)
                else:
                    verdict = judged(drawing, submission.name, *next(answers))
                yield replace(verdict, feedback=self._feedback) if self._feedback else verdict

    def keep_predictions(self, verdicts: Iterable[Verdict]) -> list[InternalError]:
        """Keep what mistakes predict for the specs of wrong answers, for the next ones; what went wrong.

        It takes about a second, once a spec: something to do when the verdicts have been shown.
        """
        keys = {self.key(Path(verdict.spec)) for verdict in verdicts if verdict.diagnosis}
        tried = [attempt("diagnose", partial(_keep_table, key)) for key in keys]
        return [one for one in tried if one is not None]

    def _wanted_by(self, key: AnswerKey) -> Wanted:
        return self.wanted(Path(key.spec.path))

    def _asked(self, submission: Submission, key: AnswerKey, content: str) -> AnswerKey | InternalError:
        if submission.error is not None:
            return submission.error
        return attempt("draw", partial(self._with_fresh_case, key, content))

    def _with_fresh_case(self, key: AnswerKey, content: str) -> AnswerKey:
        if self._secret is None:
            return key
        from gradcheck.fresh import with_fresh_case

        return with_fresh_case(key, self._secret, content)


def _keep_table(key: AnswerKey) -> None:
    from gradcheck.diagnosis.questions import questions

    questions(key).keep_table()


def judged(key: AnswerKey, name: str, answer: Transcript | InternalError, ask: Ask) -> Verdict:
    """The verdict, with a diagnosis where there are wrong numbers: only then is more imported, and asked."""
    if isinstance(answer, InternalError):
        return unjudged(key, name, answer)
    judgement = attempt("judge", lambda: _weighed(key, name, answer))
    if isinstance(judgement, InternalError):
        return judged_apart(key, name, answer, judgement)
    key, verdict = judgement
    wrong = any(q.status is Status.WRONG for q in (*verdict.quantities, *verdict.accepted))
    if not wrong:
        return verdict
    diagnosis = attempt("diagnose", lambda: _diagnosed(key, verdict, answer, ask))
    if isinstance(diagnosis, InternalError):
        return undiagnosed(verdict, diagnosis)
    return diagnosis


def _weighed(key: AnswerKey, name: str, transcript: Transcript) -> tuple[AnswerKey, Verdict]:
    """The verdict, and the key that it follows from: both oracles' where the fresh case decides."""
    verdict = judge(key, name, transcript)
    if not key.fresh or verdict.status == "right":
        return key, verdict
    known = judge(key.own, name, _without_fresh(key, transcript))
    if _statuses(known) == _statuses(verdict) or not isinstance(transcript.results[-1], tuple):
        return key, verdict
    both = attempt("settle", lambda: _settled(key))
    if isinstance(both, InternalError):
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
    from gradcheck.diagnosis.verdict import diagnosed

    return diagnosed(verdict, key, transcript, lambda more: ask(more).results)
