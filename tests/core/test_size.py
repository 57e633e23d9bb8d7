"""How large the trusted base is: a page says it, and it stays what one can read in an evening."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import symderive

ROOT = Path(__file__).parents[2]
CORE = sorted((Path(symderive.__file__).parent / "core").glob("*.py"))

#: Lines of code that the core may have.
MOST = 1_900

_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def code_lines(text: str) -> int:
    """Lines that hold code: no blank ones, comments, docstrings or imports."""
    left_out: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        imports = isinstance(node, ast.Import | ast.ImportFrom)
        words = isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str)
        if imports or words:
            left_out |= set(range(node.lineno, (node.end_lineno or 0) + 1))
    held: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            held |= set(range(token.start[0], token.end[0] + 1))
    return len(held - left_out)


def test_code_is_what_is_counted() -> None:
    assert code_lines('"""Words."""\n\nimport re\n\n# why\nx = (\n    1,\n)\n') == 3


def test_the_page_on_trust_says_how_large_the_core_is() -> None:
    texts = [path.read_text(encoding="utf-8") for path in CORE]
    lines = sum(map(code_lines, texts))
    total = sum(len(text.splitlines()) for text in texts)
    page = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
    found = re.search(r"`symderive/core`: (\d+) lines of code \((\d+) with", page)
    assert found is not None
    assert [int(number) for number in found.groups()] == [lines, total]
    assert lines <= MOST
