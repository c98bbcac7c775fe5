"""What `gradcheck init` asks on a terminal: every question is an option that was not given."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from gradcheck.errors import UsageError

OF_LAYERS = ("layers", "activation", "output_activation", "loss")
OF_EQUATIONS = ("inputs", "parameters", "sizes")


def about_kinds() -> str:
    """The help of --from."""
    from gradcheck.project.kinds import KINDS

    return f"a single layer ({', '.join(KINDS)}), or an existing spec"


def refuse_together(options: argparse.Namespace) -> None:
    """Raise UsageError where options state two networks."""
    ways = {"from": bool(options.source), "equations": bool(options.equations), "layers": False}
    ways["layers"] = any(getattr(options, name) for name in OF_LAYERS)
    given = [way for way, is_given in ways.items() if is_given]
    if len(given) > 1:
        raise UsageError(f"--{given[0]} and --{given[1]} state two networks; leave out one")
    if not options.equations and (lost := [name for name in OF_EQUATIONS if getattr(options, name)]):
        raise UsageError(f"--{lost[0]} goes with --equations")


def ask(options: argparse.Namespace, line: Callable[[str], str], show: Callable[[object], None]) -> None:
    """Set every option that is open to what is typed. Raises UsageError where the input ends before."""
    from gradcheck.commands import draft
    from gradcheck.project.kinds import KINDS
    from gradcheck.specification.default import NOTATION
    from gradcheck.specification.shipped import NOTATIONS

    asked: list[tuple[str, str, str, Callable[[str], object]]] = []
    if not options.source and not options.equations:
        draft.refuse_unknown(options)
        words = ("activation", draft.ACTIVATION, draft.ACTIVATIONS), ("loss", draft.LOSS, draft.COMPARING)
        asked += [
            ("layers", "Widths of the layers, the inputs first", draft.LAYERS, _fitting(options, "layers")),
            *(
                (name, f"{name.capitalize()} ({', '.join(known)})", default, _fitting(options, name))
                for name, default, known in words
            ),
        ]
    if not options.source or options.source in KINDS:
        function = draft.usual_function(options)
        asked += [
            ("notation", f"Notation ({', '.join(NOTATIONS)})", NOTATION, _among("notation", NOTATIONS)),
            ("function", "The function that students write", function, draft.function_name),
        ]
    for name, question, default, read in asked:
        if getattr(options, name) is None:
            setattr(options, name, _answer(f"{question} [{default}]: ", default, read, line, show))


def _fitting(options: argparse.Namespace, name: str) -> Callable[[str], object]:
    """Reads an answer with all that is stated or answered so far: it is refused at its own question."""
    from gradcheck.commands.draft import named_spec

    return lambda word: named_spec(argparse.Namespace(**{**vars(options), name: word}))


def _among(option: str, known: tuple[str, ...]) -> Callable[[str], object]:
    from gradcheck.commands.draft import choice

    return lambda word: choice(option, word, known)


def _answer(
    question: str,
    default: str,
    read: Callable[[str], object],
    line: Callable[[str], str],
    show: Callable[[object], None],
) -> str:
    """What was typed, once it can be read; the default for nothing."""
    while True:
        try:
            word = line(question).strip() or default
            read(word)
        except EOFError:
            raise UsageError(
                "nothing is written: a question was not answered; --defaults asks none"
            ) from None
        except UsageError as error:
            show(error)
        else:
            return word
