"""An assembler for seccomp filters: rules to a program of classic BPF.

See seccomp(2) and the kernel's Documentation/userspace-api/seccomp_filter.rst. A filter sees the number of
a call, the architecture, and six arguments of 64 bits, each as two words of 32 (little-endian).
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable
from dataclasses import dataclass

_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AND = 0x54
_KILL, _ALLOW = 0x80000000, 0x7FFF0000
_ERROR = 0x00050000
_DENY = _ERROR | errno.EPERM
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_X32 = 0x40000000
"""Numbers from here on are those of the x32 ABI, which x86_64 kernels answer too."""

_Instruction = tuple[int, int, int, int]
"""Operation, jump if true, jump if false, constant."""


@dataclass(frozen=True, init=False)
class Among:
    """Word `word` of the arguments is one of `values`. Word 2 i is the lower half of argument i."""

    word: int
    values: tuple[int, ...]

    def __init__(self, word: int, *values: int) -> None:
        object.__setattr__(self, "word", word)
        object.__setattr__(self, "values", values)

    def code(self) -> list[_Instruction]:
        """Fall through if so, else deny."""
        count = len(self.values)
        tests = [(_IF_EQUAL, count - i, 0, value) for i, value in enumerate(self.values)]
        return [_load_word(self.word), *tests, (_RETURN, 0, 0, _DENY)]


@dataclass(frozen=True)
class Lacks:
    """Word `word` of the arguments has none of `bits`."""

    word: int
    bits: int

    def code(self) -> list[_Instruction]:
        """Fall through if so, else deny."""
        return [_load_word(self.word), (_IF_ANY_BIT, 0, 1, self.bits), (_RETURN, 0, 0, _DENY)]


@dataclass(frozen=True)
class Differs:
    """The bits `mask` of word `word` of the arguments are not just `value`."""

    word: int
    mask: int
    value: int

    def code(self) -> list[_Instruction]:
        """Fall through if so, else deny."""
        masked = (_AND, 0, 0, self.mask)
        return [_load_word(self.word), masked, (_IF_EQUAL, 0, 1, self.value), (_RETURN, 0, 0, _DENY)]


@dataclass(frozen=True)
class Rule:
    """The call `number` is allowed when all `checks` hold."""

    number: int
    checks: tuple[Among | Lacks | Differs, ...] = ()
    error: int = 0
    """The error number that the call gets in place of being made."""

    def code(self) -> list[_Instruction]:
        """Decide about this call, fall through for any other."""
        body = [instruction for check in self.checks for instruction in check.code()]
        body.append((_RETURN, 0, 0, _ERROR | self.error if self.error else _ALLOW))
        return [(_IF_EQUAL, 0, len(body), self.number), *body]


def assemble(architecture: int, rules: Iterable[Rule]) -> bytes:
    """The program: another architecture's call kills the process, a call without a rule gets EPERM."""
    program: list[_Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _DENY),
    ]
    for rule in rules:
        program += rule.code()
    program.append((_RETURN, 0, 0, _DENY))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def _load_word(word: int) -> _Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 4 * word)
