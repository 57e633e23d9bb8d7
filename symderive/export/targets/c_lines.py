"""Lines of C that fit: generated statements, and hand-written ones whose names have got a prefix."""

from __future__ import annotations

import re
from textwrap import fill as fill_text

from symderive.export.targets.header import WIDTH

#: Columns of hand-written code with names of the usual prefix.
LONGEST_LINE = 120

#: Where such a line is broken: behind a comma, a bracket or a logical operator.
BREAKS = re.compile(r"(?:[,{)]|&&|\|\|) ")


def fitting(line: str) -> str:
    """A line of a frame, broken where the prefix of its names has made it long."""
    code = line.strip()
    if len(line) <= LONGEST_LINE or '"' in code or code.startswith(("#", "*", "/*")):
        return line
    indented = " " * (len(line) - len(line.lstrip()))
    parts = [f"{indented}{code}"]
    while len(parts[-1]) > LONGEST_LINE:
        ends = [found.end() for found in BREAKS.finditer(parts[-1], 0, LONGEST_LINE)]
        if not ends:
            break
        parts[-1:] = [parts[-1][: ends[-1]].rstrip(), f"{indented}        {parts[-1][ends[-1] :]}"]
    return "\n".join(parts) + "\n"


def wrapped(line: str) -> str:
    """A statement over several lines where it is long, which C allows at every space."""
    inner = " " * (len(line) - len(line.lstrip()) + 8)
    return fill_text(line, WIDTH, subsequent_indent=inner, break_long_words=False, break_on_hyphens=False)
