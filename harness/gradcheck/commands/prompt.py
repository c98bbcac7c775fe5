"""`gradcheck formula` on a terminal, without a formula: lines are answered as they are typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from gradcheck.derivation.records import Derivation
from gradcheck.errors import UsageError
from gradcheck.paper.conversation import Conversation

PROMPT = "> "
WELCOME = "Type a formula: z = w x + b, then ∂z/∂w = x, or ∂z/∂w = ?   (:help, :quit)"
HELP = """\
  z = w x + b          defines a new name, until it is defined again
  ∂z/∂w = x            is checked; ∂z/∂w = ?, or ∂z/∂w alone, is answered
  :names               how each name is read
  :shapes W: 3x2       shapes of arrays
  :where θ = tanh      letters that stand for functions
  :forget              start again
  :quit                or Ctrl-D; Ctrl-C discards a line"""

Ask = Callable[[str], str]
"""Reads a line behind a prompt; EOFError at the end."""


def converse(
    ask: Ask, show: Callable[[str], object], render: Callable[[Derivation], str], talk: Conversation
) -> None:
    """Answer line after line, until the end of what is typed."""
    while True:
        try:
            line = ask(PROMPT).strip()
            if line in (":quit", ":q", ":exit"):
                return
            for text in _answers(line, talk, render):
                show(text)
        except EOFError:
            show("")
            return
        except KeyboardInterrupt:
            show("")
        except UsageError as error:
            show(str(error).replace("--", ":"))


def _answers(line: str, talk: Conversation, render: Callable[[Derivation], str]) -> Iterator[str]:
    word, _, rest = line.partition(" ")
    match word:
        case "":
            return
        case ":help":
            yield HELP
        case ":names":
            yield from (f"  {name}" for name in talk.names())
        case ":shapes":
            talk.declare(shapes=rest)
        case ":where":
            talk.declare(where=rest)
        case ":forget":
            talk.claims.clear()
        case _ if word.startswith(":") and not word.startswith(":="):
            raise UsageError(
                f"{word} is not a command here; the commands are :names, :shapes, :where, :forget, :quit"
            )
        case _:
            yield render(talk.answered(line, "your formula"))


def with_history() -> Ask:
    """Reads lines that can be edited, and called back, where Python has readline."""
    with suppress(ImportError):
        import readline  # noqa: F401
    return input
