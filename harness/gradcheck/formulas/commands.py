"""The commands of LaTeX that may stand in a formula, and what each of them is."""

from __future__ import annotations

from gradcheck.formulas.names import FUNCTIONS, LETTERS, words

_GREEK = {name: name for name in LETTERS.values() if len(name) > 1}
_VARIANTS = {"var" + name: name for name in ("epsilon", "theta", "phi", "rho", "sigma", "pi", "kappa")}

SYMBOLS = {name: name for name in FUNCTIONS} | _GREEK | _VARIANTS | {"ell": "l", "imath": "i", "jmath": "j"}

OPERATORS = {
    "cdot": "·",
    "times": "·",
    "ast": "*",
    "odot": "⊙",
    "otimes": "⊗",
    "circ": "⊙",
    "bullet": "⊙",
    "div": "/",
    "slash": "/",
}
RELATIONS = {
    "equiv": "≡",
    "approx": "≈",
    "simeq": "≈",
    "coloneqq": ":=",
    "coloneq": ":=",
    "triangleq": ":=",
    "leftarrow": "←",
    "gets": "←",
    "ne": "≠",
    "neq": "≠",
    "propto": "∝",
}
COMPARES = {"lt": "<", "gt": ">", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥"}
IMPLIES = words(
    "implies Rightarrow Longrightarrow therefore iff Leftrightarrow Longleftrightarrow to rightarrow"
    " longrightarrow because"
)
ACCENTS = {
    "hat": "_hat",
    "widehat": "_hat",
    "bar": "_bar",
    "overline": "_bar",
    "tilde": "_tilde",
    "widetilde": "_tilde",
}
FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac"})
NOTES = frozenset({"underbrace", "overbrace"})
DELIMITERS = {
    "{": ("open", "\\{"),
    "}": ("close", "\\{"),
    "lbrace": ("open", "\\{"),
    "rbrace": ("close", "\\{"),
    "langle": ("open", "⟨"),
    "rangle": ("close", "⟨"),
    "lbrack": ("open", "["),
    "rbrack": ("close", "["),
    "|": ("bar", "‖"),
    "Vert": ("bar", "‖"),
    "lVert": ("bar", "‖"),
    "rVert": ("bar", "‖"),
    "vert": ("bar", "|"),
    "lvert": ("bar", "|"),
    "rvert": ("bar", "|"),
}
DOTS = frozenset({"dots", "ldots", "cdots", "vdots", "ddots", "dotsc", "dotsb"})
DOTS_ADVICE = "dots stand for terms that only you know: write them out, or write a sum"

LOOKS = words(
    "mathbf mathit mathcal mathbb mathfrak boldsymbol bm pmb textbf vec mathnormal cal bf it rm sf tt"
    " displaystyle textstyle scriptstyle limits nolimits nonumber notag begingroup"
    " endgroup small large normalsize centering boxed"
    " hline hfill mathstrut strut"
)
"""They change how a formula looks and are stepped over; what follows them is read."""

WORDS = words("mathrm text operatorname textrm textit textsf texttt mbox mathsf mathtt mathop")
"""What follows in braces is a word."""

ASIDES = words(
    "label tag hspace vspace color textcolor phantom hphantom vphantom ref eqref overset underset stackrel"
)
"""What follows in braces is stepped over, too."""

ABOVE = frozenset({"overset", "underset", "stackrel"})
"""Of these, what follows in a second pair of braces is read: the = below the !."""

GAPS = frozenset({"quad", "qquad"})

CASES = frozenset({"cases", "dcases", "rcases"})
MATRICES = frozenset({"bmatrix", "pmatrix", "matrix", "Bmatrix", "smallmatrix"})
DISPLAYS = words(
    "equation align aligned alignat alignedat gather gathered split eqnarray multline flalign math"
    " displaymath document"
)

_TABLES = {"operator": OPERATORS, "relation": RELATIONS, "compare": COMPARES, "accent": ACCENTS}
_KINDS = (
    dict.fromkeys(FRACTIONS, "frac")
    | dict.fromkeys(NOTES, "note")
    | dict.fromkeys(GAPS, "gap")
    | dict.fromkeys(IMPLIES, "implies")
    | {"sum": "big", "prod": "big", "partial": "partial"}
    | {"top": "transpose", "intercal": "transpose", "prime": "prime"}
)


def meaning(name: str) -> tuple[str, str]:
    """The kind and the text of the token that a command is."""
    if name in _KINDS:
        return _KINDS[name], name
    for kind, table in _TABLES.items():
        if name in table:
            return kind, table[name]
    if name in DELIMITERS:
        return DELIMITERS[name]
    if name in SYMBOLS:
        return "name", SYMBOLS[name]
    if name in DOTS:
        return "dots", name
    return "bad", f"\\{name} is not known: if it is a name, write \\mathrm{{{name}}}"


KNOWN = frozenset().union(
    *_TABLES.values(),
    _KINDS,
    SYMBOLS,
    DELIMITERS,
    DOTS,
    LOOKS,
    WORDS,
    ASIDES,
    {"left", "right", "begin", "end"},
)
"""Every command that is known, among them the few that are a single character."""
