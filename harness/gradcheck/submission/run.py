"""A spec's `run` in the process that executes it."""

from __future__ import annotations

import ast
import marshal
import symtable
import types
from dataclasses import dataclass
from functools import cached_property

from gradcheck.submission import trace
from gradcheck.submission.prepare import at_line, code_of
from gradcheck.submission.records import Code, Live


@dataclass(frozen=True)
class Run:
    """The spec's `run`, compiled; what else there is to know of it is found out when somebody asks."""

    code: types.CodeType
    text: str
    """With blank lines before it, so that its lines are numbered as in the spec's file."""

    @classmethod
    def of(cls, subject: Code | Live) -> Run:
        """That of a submission. Raises SyntaxError at its place in the spec."""
        text = at_line(subject.run, subject.run_line)
        trace.remember(subject.run_file, text)
        compiled = subject.compiled if isinstance(subject, Code) else b""
        # These bytes come from the harness: nobody unmarshals what a student's process sends.
        return cls(marshal.loads(compiled) if compiled else code_of(text, subject.run_file), text)

    @property
    def file(self) -> str:
        """The spec's file."""
        return self.code.co_filename

    @cached_property
    def tree(self) -> ast.Module:
        """Its statements, as they are written."""
        return ast.parse(self.text)

    @cached_property
    def assigned(self) -> frozenset[str]:
        """The names that its own lines bind."""
        symbols = symtable.symtable(self.text, self.file, "exec").get_symbols()
        return frozenset(symbol.get_name() for symbol in symbols if symbol.is_assigned())

    @cached_property
    def called(self) -> frozenset[str]:
        """The names that it calls as functions."""
        calls = (node.func for node in ast.walk(self.tree) if isinstance(node, ast.Call))
        return frozenset(name.id for name in calls if isinstance(name, ast.Name))

    @cached_property
    def parted(self) -> frozenset[str]:
        """The names of whose values it takes a part, such as an attribute, a method or an entry."""
        parts = (node for node in ast.walk(self.tree) if isinstance(node, (ast.Subscript, ast.Attribute)))
        return frozenset(part.value.id for part in parts if isinstance(part.value, ast.Name))

    def sources(self) -> dict[str, str]:
        """Variable -> the function whose value one of its lines gives it, as in `grads = backprop(x)`."""
        sources: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
                sources |= dict.fromkeys(names, ast.unparse(node.value.func))
        return sources

    def calls(self, line: int) -> list[str]:
        """The functions that the statement on that line calls by their names."""
        calls = (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))
        here = (call.func for call in calls if call.lineno <= line <= (call.end_lineno or call.lineno))
        return list(dict.fromkeys(name.id for name in here if isinstance(name, ast.Name)))

    def opened(self, line: int) -> list[str]:
        """The variables of which the statement on that line takes a part: v[...], v.name."""
        parts = (node for node in ast.walk(self.tree) if isinstance(node, (ast.Subscript, ast.Attribute)))
        here = (part.value for part in parts if part.lineno <= line <= (part.end_lineno or part.lineno))
        return list(dict.fromkeys(value.id for value in here if isinstance(value, ast.Name)))
