"""Where an error in a line of `run` comes from: an unknown name, a value that `run` can't take apart."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath

from gradcheck.submission.bindings import Bindings
from gradcheck.submission.records import Failure
from gradcheck.submission.run import Run
from gradcheck.submission.text import one_line
from gradcheck.submission.unpacking import described

_MOST = 20
_TELLING = 4
"""Letters that are enough to know a longer name by."""
_ARGUMENTS, _KEYWORDS = 0x04, 0x08
"""The flags of code that takes any arguments, with and without names (inspect.CO_VARARGS, CO_VARKEYWORDS)."""
_OPENING = (TypeError, AttributeError, KeyError, IndexError)
"""What is raised where a part is taken of a value that has no such part."""


def explained(failure: Failure, error: BaseException, run: Run, bindings: Bindings, file: str) -> Failure:
    """The failure of a call; where it arose in `run` itself, its message says what there is instead.

    `file` is the submission's, as reports show it.
    """
    line = _line_of(error, run.file)
    if line is None:
        return failure
    if isinstance(error, NameError):
        unknown = error.name if error.name not in bindings else ""
        hints = [_names(unknown, bindings, PurePath(file).name)] if unknown else []
    else:
        hints = [*_defined_as(run, line, bindings, failure.message), *_returned(run, line, bindings)]
        hints = hints if isinstance(error, _OPENING) else []
    return replace(failure, message="; ".join([failure.message, *hints])) if hints else failure


def _line_of(error: BaseException, file: str) -> int | None:
    """The line of `file` in which the error arose, if it arose there."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return step.tb_lineno if step is not None and step.tb_frame.f_code.co_filename == file else None


def _names(unknown: str, bindings: Bindings, file: str) -> str:
    """What there is instead of a name that nobody defines, and which of it is probably meant."""
    given = f"the spec gives {_listed(sorted(bindings.given))}; " if bindings.given else ""
    defined = list(_defined(bindings))
    close = [name for name in (*bindings.given, *defined) if _is_close(name, unknown)]
    meant = f"; did you mean {close[0]}?" if len(close) == 1 else ""
    return f"{given}{file} defines {_listed(defined) or 'nothing'}{meant}"


def _is_close(name: str, unknown: str) -> bool:
    """Whether names are the same but for case and underscores, or one begins as the whole other one does.

    difflib, which knows more, would be imported where a submission has no files to read.
    """
    shorter, longer = sorted((one.replace("_", "").lower() for one in (name, unknown)), key=len)
    return shorter == longer or (len(shorter) >= _TELLING and longer.startswith(shorter))


def _defined(bindings: Bindings) -> Iterator[str]:
    """The names that the module has itself, without what it imports."""
    module = bindings.get("__name__", "")
    for name in bindings.module_names:
        value = bindings[name]
        imported = isinstance(value, types.ModuleType) or (callable(value) and _module_of(value) != module)
        if not name.startswith("_") and not imported:
            yield name


def _module_of(value: object) -> object:
    try:
        return getattr(value, "__module__", None)
    except Exception:
        return None


def _defined_as(run: Run, line: int, bindings: Bindings, message: str) -> Iterator[str]:
    """How a function is defined whose arguments are not those that `run` gives it."""
    for name in run.calls(line):
        function = bindings.get(name)
        if isinstance(function, types.FunctionType) and f"{function.__qualname__}() " in message:
            yield one_line(f"it is defined as {name}({', '.join(_parameters(function.__code__))})")


def _parameters(code: types.CodeType) -> list[str]:
    """As they are written, without defaults; inspect.signature would take long to import."""
    last = code.co_argcount + code.co_kwonlyargcount
    positional, by_name = code.co_varnames[: code.co_argcount], code.co_varnames[code.co_argcount : last]
    others = list(code.co_varnames[last:])
    star = [f"*{others.pop(0)}"] if code.co_flags & _ARGUMENTS else ["*"] * bool(by_name)
    keywords = [f"**{others[0]}"] if code.co_flags & _KEYWORDS else []
    return [*positional, *star, *by_name, *keywords]


def _returned(run: Run, line: int, bindings: Bindings) -> Iterator[str]:
    sources = run.sources()
    for name in run.opened(line):
        value = described(bindings[name]) if name in sources and name in bindings else None
        if value:
            yield one_line(f"{name} is what {sources[name]} returned: {value}")


def _listed(names: Iterable[str]) -> str:
    known = list(names)
    return ", ".join(known[:_MOST]) + (", …" if len(known) > _MOST else "")
