"""A formula's tree, with other formulas put in for some of its names."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from gradcheck.mistakes import rules
from gradcheck.mistakes.speaker import Speaker

_THROUGH_TIME = "(da + later(dz) @ T(Wh)) * s"
"""What `through_time` makes of its arguments, said of one time."""
_NUMBER = re.compile(r"[0-9]+$")


def filled(formula: str, speaker: Speaker, **known: ast.expr) -> ast.expr:
    """The tree of a formula, with what is known of its names and what has one value in the network."""
    known |= {name: ast.Constant(value) for name, value in speaker.values.items()}
    if speaker.single:
        known["m"] = ast.Constant(1)
    constants = {name: _put(f, speaker, known) for name, f in rules.constants(speaker.chain).items()}
    return _put(formula, speaker, {**constants, **known})


def _put(formula: str, speaker: Speaker, known: Mapping[str, ast.expr]) -> ast.expr:
    tree: ast.expr = _Filling(speaker, known).visit(ast.parse(formula, mode="eval").body)
    return tree


class _Filling(ast.NodeTransformer):
    def __init__(self, speaker: Speaker, known: Mapping[str, ast.expr]) -> None:
        self.speaker = speaker
        self.known = known
        self.through_time = speaker.layer > 0 and speaker.chain.layers[speaker.layer - 1].kind == "rnn"

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """What is known of the name."""
        return self.known.get(node.id, node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """The call, unless it changes nothing here: an identity, its slope, a sum over one example."""
        match node:
            case ast.Call(ast.Name("total"), [inner]) if self.speaker.single:
                return self.visit(inner)  # type: ignore[no-any-return]
            case ast.Call(ast.Name("total"), [ast.BinOp(_, ast.MatMult(), _) as inner]) if self.through_time:
                return ast.Call(ast.Name("sample_sum"), [self.visit(inner)], [])
            case ast.Call(ast.Name("through_time"), arguments):
                da, Wh, slope = map(self.visit, arguments)
                return _put(_THROUGH_TIME, self.speaker, {"da": da, "Wh": Wh, "s": slope})
            case ast.Call(ast.Name(f), [inner]) if f.partition("_")[0] in ("slope", "g"):
                return self._activation(f, inner)
        return self.generic_visit(node)

    def _activation(self, function: str, argument: ast.expr) -> ast.AST:
        # Of a z that is spoken of by its number, the activation is that layer's.
        number = _NUMBER.search(argument.id) if isinstance(argument, ast.Name) else None
        function += number[0] if number else ""
        letter, layer = self.speaker.placed(function)
        if self.speaker.activation(layer) != "identity":
            return ast.Call(ast.Name(function), [self.visit(argument)], [])
        return ast.Constant(1) if letter == "slope" else self.visit(argument)
