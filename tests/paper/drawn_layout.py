"""How equations stand in a text: in lines, in prose, or in displays, with a note where each of them is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from drawn_dialects import Writer
from drawn_names import function as named_function
from drawn_names import lettered
from drawn_network import Equation

_WORDS = {"sigma": ("sigmoid", "logistic function"), "tanh": ("tanh",), "relu": ("ReLU", "rectifier")}
_OPENINGS = ("Let", "We have", "Take", "The forward pass is")
_MARKS = (
    (" $", "$.\n\n"),
    ("\n\n$$", "$$\n\n"),
    ("\n\n$$\n", "\n$$\n\n"),
    ("\n\\[", "\\]\n"),
    ("\n\\begin{equation}\n", "\n\\end{equation}\n"),
)
"""What stands around a formula in Markdown."""
_BETWEEN = ("Then", "Hence", "So", "By the chain rule", "It follows that", "Therefore")


@dataclass
class Page:
    """A text while it is written."""

    writer: Writer
    rng: Random
    text: str = ""
    places: list[tuple[int, int]] = field(default_factory=list)
    """Where each equation stands."""

    def put(self, equation: Equation, joint: str = " = ") -> None:
        """Add an equation."""
        start = len(self.text)
        self.text += joint.join(map(self.writer.side, equation.sides))
        self.places.append((start, len(self.text)))


def laid_out(
    definitions: Sequence[Equation],
    claims: Sequence[Equation],
    functions: Mapping[str, str],
    *,
    writer: Writer,
    markdown: bool,
    rng: Random,
) -> Page:
    """The text of a network and of what is claimed of it."""
    page = Page(writer, rng)
    for letter, function in functions.items():
        _say(page, letter, function, markdown=markdown)
    if markdown:
        _in_prose(page, definitions, claims)
    elif writer.style.dialect == "latex" and rng.random() < 0.4:
        _aligned(page, [*definitions, *claims], "align", "align*", "aligned")
    else:
        _in_lines(page, definitions, claims)
    return page


def _say(page: Page, letter: str, function: str, *, markdown: bool) -> None:
    """Our θ is tanh; or θ(u) = tanh(u), where there is no prose."""
    style = page.writer.style
    name = lettered(letter, style)
    word = page.rng.choice(_WORDS[function])
    if markdown:
        page.text += f"Our ${name}$ is {'' if function == 'tanh' else 'the '}{word}.\n\n"
    elif style.dialect == "latex" or page.rng.random() < 0.5:
        page.text += f"{name}(u) = {named_function(function, style)}(u)" + "\n"
    else:
        page.text += f"Our {name} is {'' if function == 'tanh' else 'the '}{word}.\n"


def _in_lines(page: Page, definitions: Sequence[Equation], claims: Sequence[Equation]) -> None:
    """One a line, or definitions in one."""
    latex = page.writer.style.dialect == "latex"
    mark = page.rng.choice((" \\\\\n", "\n", r", \quad ") if latex else ("\n", "; ", ", "))
    prose = not latex and page.rng.random() < 0.3
    bullet = "- " if not latex and not prose and page.rng.random() < 0.15 else ""
    page.text += f"{page.rng.choice(_OPENINGS)} " if prose else ""
    for n, equation in enumerate(definitions):
        page.text += mark * (n > 0)
        page.put(equation)
    joint = page.rng.choice((" = ", "\n  = ")) if not latex and not bullet else " = "
    for equation in claims:
        page.text += "\n" + bullet if not latex else r" \\" + "\n"
        page.text += f"{page.rng.choice(_BETWEEN)} " if prose else ""
        page.put(equation, joint)
    page.text += "\n"


def _aligned(page: Page, equations: Sequence[Equation], *environments: str) -> None:
    """In one environment."""
    environment = page.rng.choice(environments)
    joint = page.rng.choice((" &= ", " \\\\\n&= "))
    page.text += f"\\begin{{{environment}}}\n"
    for n, equation in enumerate(equations):
        page.text += " \\\\\n" * (n > 0)
        head, first, *others = map(page.writer.side, equation.sides)
        start = len(page.text)
        page.text += joint.join((f"{head} &= {first}", *others))
        page.places.append((start, len(page.text)))
    page.text += f"\n\\end{{{environment}}}\n"


def _in_prose(page: Page, definitions: Sequence[Equation], claims: Sequence[Equation]) -> None:
    """Markdown: formulas between dollars, with words between them."""
    has_headings = page.rng.random() < 0.2
    page.text += "# Forward\n\n" * has_headings + page.rng.choice(_OPENINGS) + " "
    opening, closing = page.rng.choice((("$", "$"), ("$", "$"), (r"\(", r"\)")))
    for n, equation in enumerate(definitions):
        page.text += ("" if n == 0 else " and " if n == len(definitions) - 1 else ", ") + opening
        page.put(equation)
        page.text += closing
    page.text += ".\n\n" + "# Backward\n\n" * has_headings
    if page.rng.random() < 0.2:
        _in_list(page, claims)
        return
    if page.rng.random() < 0.3:
        page.text += f"{page.rng.choice(_BETWEEN)}\n\n$$\n"
        _aligned(page, claims, "aligned")
        page.text += "$$\n"
        return
    for equation in claims:
        before, after = page.rng.choice(_MARKS)
        page.text += page.rng.choice(_BETWEEN) + before
        page.put(equation)
        page.text += after


def _in_list(page: Page, claims: Sequence[Equation]) -> None:
    """One an item."""
    for n, equation in enumerate(claims, 1):
        page.text += page.rng.choice(("* $", "- $", f"{n}. $"))
        page.put(equation)
        page.text += "$\n"
