"""Letters and words: Greek, accents, Unicode scripts, and the words that are one name."""

from __future__ import annotations

import re
import unicodedata

from gradcheck.letters import GREEK


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


LETTERS = GREEK | {"∇": "nabla", "ℓ": "l", "ℒ": "L", "∞": "infty", "√": "sqrt"}

ACCENTS = {"\u0302": "_hat", "\u0303": "_tilde", "\u0304": "_bar", "\u0305": "_bar"}

SUPERSCRIPTS = dict(
    zip(
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴸᴺᴹᴷᴴ",
        "0123456789+-()abcdefghijklmnoprstuvwxyzLNMKH",
        strict=True,
    )
)
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-()aehijklmnoprstuvx", strict=True))

FUNCTIONS = words(
    "exp log ln tanh sinh cosh sech sin cos tan arcsin arccos arctan sqrt max min sum sgn sign abs arg"
    " argmax relu softmax sigmoid diag softplus softsign hardtanh hardsigmoid elu selu gelu silu mish"
    " erf tr det dot norm mean vec"
)
"""Those of one number are the registry's, as a test says: reading loads no NumPy."""
_WORDS = (
    FUNCTIONS
    | words("true pred new old out in net tot err hid var loss cost mse nll bce ce mae")
    | frozenset(name for name in LETTERS.values() if len(name) > 1)
)
CONDITIONS = words("if for when whenever otherwise else")
"""Words behind a formula which say where it holds."""
CONNECTIVES = words("so hence thus therefore then where with and because since let now or")

_SPELLED = re.compile("^(d?[A-Za-z])(hat|bar|tilde)(?=_|$)")
"""Accents as people spell them out: yhat is y_hat."""
_FOLDED = re.compile("[\U0001d400-\U0001d7ce\U0001d7d0-\U0001d7d8\U0001d7da-\U0001d7ff\uff01-\uff5e\u210e]")


def is_known(text: str) -> bool:
    """Whether it is a name that formulas are known to use."""
    return text.lower() in _WORDS


def is_word(text: str) -> bool:
    """Whether these letters are one name and not a product of letters."""
    return is_known(text) or text in CONNECTIVES or (len(text) >= 4 and text.isalpha())


def folded(text: str) -> str:
    """The text with mathematical and full-width letters as plain ones, each in its old place."""
    return _FOLDED.sub(_plain_letter, text)


def _plain_letter(match: re.Match[str]) -> str:
    letter = unicodedata.normalize("NFKC", match[0])
    return letter if len(letter) == 1 else match[0]


def ascii_name(text: str) -> str:
    """The one name of a symbol: δ2 is delta2, ŷ is y_hat, y_true stays."""
    if text.isascii():
        return _SPELLED.sub(r"\1_\2", text)
    pieces = (LETTERS.get(c) or ACCENTS.get(c) or c for c in unicodedata.normalize("NFD", text))
    return "".join(pieces)
