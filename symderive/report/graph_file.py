"""The graph of what rests on what as a file, of the kind that its name asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from symderive.errors import InputError
from symderive.files import require_folder, write_whole
from symderive.paper.assembly import Section
from symderive.report.graph import graph_of
from symderive.report.graph_drawing import require_graphviz, to_svg
from symderive.report.graph_page import to_page

_KINDS = {".svg": to_svg, ".html": to_page}


def require_graph_file(path: str | Path) -> None:
    """Refuse, before anything is proved, what :func:`write_graph` could not write."""
    if Path(path).suffix not in _KINDS:
        raise InputError(f"--graph {str(path)!r} is neither SVG nor HTML; end its name in .svg or .html.")
    require_folder(path)
    require_graphviz()


def write_graph(path: str | Path, sections: Sequence[Section]) -> None:
    """Draw the statements of assembled sections, whole or not at all."""
    made = _KINDS[Path(path).suffix](graph_of(sections))
    with write_whole(path) as stream:
        stream.write(made.encode())
