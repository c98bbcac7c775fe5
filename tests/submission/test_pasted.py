"""Characters from a PDF, a web page or another keyboard: with what to type, and on which lines."""

from __future__ import annotations

import pytest

from one_file import failure


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("x = 1\nprint(‘a’)\n", "type ' in place of ‘ (line 2), ' in place of ’ (line 2)"),
        ("x = “a”\ny = “b”\n", 'type " in place of “ (lines 1, 2), " in place of ” (lines 1, 2)'),
        ("x = 3 − 2\n", "type - in place of − (line 1)"),
        ("x = 3 × 2\n", "type * in place of × (line 1)"),
        ("x = y²\n", "type **2 in place of ² (line 1)"),
        ("x = f（3）\n", "type ( in place of （ (line 1), ) in place of ） (line 1)"),
        ("x = 1，2\n", "type , in place of ， (line 1)"),
        ("if 1 ≤ 2: pass\n", "type <= in place of ≤ (line 1)"),
        ("if 1:\n\u00a0\u00a0x = 1\n", "type a space in place of U+00A0 (line 2)"),
        ("x\u200b = 1\n", "type nothing in place of U+200B, which can't be seen (line 1)"),
        ("if 1 &lt; 2:\n    pass\n", "this was copied from a web page: type < in place of &lt; (line 1)"),
        ("x = 1 &amp; 2\n", "this was copied from a web page: type & in place of &amp; (line 1)"),
        ("# don’t\nx = 'it’s'\ny = ’a’\n", "type ' in place of ’ (line 3)"),
    ],
)
def test_the_advice_names_what_to_type(source: str, advice: str) -> None:
    """For every kind of them that a line of code has; comments and texts may have them."""
    assert failure(source).message.endswith(f"; {advice}")


def test_a_name_that_a_web_page_has_written() -> None:
    """`x &gt; 0;` is Python, of which gt is a name."""
    assert failure("def f(x):\n    x &gt; 0;\n").message.endswith("type > in place of &gt; (line 2)")
