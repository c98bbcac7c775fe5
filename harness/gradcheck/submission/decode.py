"""The text of a file's bytes."""

from __future__ import annotations

import codecs
import re

from gradcheck.submission.text import one_line

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16: it begins with the same bytes
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
"""As PEP 263 has it."""
_BLANK = re.compile(rb"[ \t\f]*(?:[#\r\n]|$)")
_DECLARED = {
    **dict.fromkeys(("utf-8", "utf8", "u8", "utf", "utf-8-sig", "ascii", "us-ascii"), "utf-8"),
    **dict.fromkeys(("latin-1", "latin1", "l1", "iso-8859-1", "iso8859-1", "8859"), "latin-1"),
    **dict.fromkeys(("cp1252", "cp-1252", "windows-1252", "1252"), "cp1252"),
    **{f"iso-8859-{part}": f"iso-8859-{part}" for part in (2, 5, 7, 8, 9, 15)},
    **{f"{prefix}{page}": f"cp{page}" for prefix in ("cp", "windows-") for page in range(1250, 1259)},
    **{name: name for name in ("koi8-r", "koi8-u", "mac-roman", "gb2312", "gbk", "gb18030", "big5")},
    **{name: name for name in ("shift-jis", "cp932", "euc-jp", "euc-kr", "cp949", "cp936", "cp950")},
}
"""What a file may declare its text to be; codecs that do more than decode are not asked."""
_OTHER_FORMATS = (
    (b"{\\rtf", "is formatted text (RTF)", "save it as plain text (TextEdit: Format > Make Plain Text)"),
    (b"%PDF-", "is a PDF", "hand in the code itself"),
    (b"PK\3\4", "is a zip, or a document of an office program", "hand in the code itself, as plain text"),
    (b"\xd0\xcf\x11\xe0", "is a document of an office program", "hand in the code itself, as plain text"),
    (b"Rar!", "is a RAR archive", "hand in the code itself, or a zip"),
    (b"7z\xbc\xaf", "is a 7z archive", "hand in the code itself, or a zip"),
    (b"\x1f\x8b", "is a compressed file", "hand in the code itself, or a zip"),
    (b"bplist", "is a link or a setting of macOS", "hand in the code itself"),
    (b"\x7fELF", "is a program", "hand in its source"),
)
"""How files begin that are no text of a program, what they are, and what to do."""
_PAGE = rb"(?i)\s*<(?:!doctype html|html)\b"


class NoCodeError(Exception):
    """Why a file is no code, in words, and the line of the file that shows it."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"{reason} (line {line})")
        self.reason = reason
        self.line = line


def decode(data: bytes) -> str:
    """The text: UTF-8, UTF-16 or UTF-32; what declares nothing and is no UTF-8 is taken for CP1252.

    A comment may declare one of the common encodings, as Python knows it. Raises NoCodeError for any
    other, and for files of other programs.
    """
    _refuse_other_formats(data)
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    encoding = _MARKS[mark] if mark else _wide(data) or _declared(data)
    try:
        text = data[len(mark) :].decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding is not None:
            line = data.count(b"\n", 0, error.start) + 1
            raise NoCodeError(f"is not {encoding} text; save the file as UTF-8", line) from None
        text = data.decode("cp1252", "replace")
    text = text.removesuffix("\x1a")  # where DOS ends a file
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise NoCodeError("holds a NUL character; save the file as UTF-8 text", line)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_other_formats(data: bytes) -> None:
    for beginning, what, advice in _OTHER_FORMATS:
        if data.startswith(beginning):
            raise NoCodeError(f"{what}, not Python; {advice}")
    if re.match(_PAGE, data):
        raise NoCodeError("is a web page, not Python; download the file itself (Raw on GitHub)")


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark, which every second byte of ASCII text shows."""
    start = data[:200]
    if len(start) < 4 or len(data) % 2:
        return None
    if not any(start[::2]) and all(start[1::2]):
        return "utf-16-be"
    return "utf-16-le" if not any(start[1::2]) and all(start[::2]) else None


def _declared(data: bytes) -> str | None:
    """The encoding that one of the first two lines declares (PEP 263). Raises NoCodeError."""
    for line in data.split(b"\n", 2)[:2]:
        if match := _COOKIE.match(line):
            name = match[1].decode("ascii", "replace")
            if (encoding := _DECLARED.get(name.lower().replace("_", "-"))) is None:
                shown = repr(one_line(name, 40))
                raise NoCodeError(
                    f"declares the encoding {shown}, which is not read here; save the file as UTF-8"
                )
            return encoding
        if not _BLANK.match(line):
            break
    return None
