"""The pages of the API: which objects they show, and links to these by the names that docstrings use.

A docstring says ``Moments`` or ``Moments.from_samples`` wherever it stands; what is meant is the one object
of that name on the pages.  A name that two objects share needs its whole address.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

_OBJECT = re.compile(
    r"^\.\. (?:auto(?:class|exception|function)|py:data):: (?P<address>\S+)\n(?P<options>(?:   :.*\n)*)",
    re.MULTILINE,
)


def shown(folder: Path) -> list[tuple[str, str]]:
    """Every object that the pages in ``folder`` show: its address, and the options it is shown with."""
    pages = sorted(folder.glob("*.md"))
    return [
        (one["address"], one["options"]) for page in pages for one in _OBJECT.finditer(page.read_text())
    ]


@cache
def links(folder: Path) -> dict[str, str]:
    """The address of every name that one object alone has."""
    addresses = [address for address, _ in shown(folder)]
    names = [address.rpartition(".")[2] for address in addresses]
    return {name: address for name, address in zip(names, addresses, strict=True) if names.count(name) == 1}


def resolved(app: Any, env: Any, node: Any, content: Any) -> Any:
    """The link of a name, or of the member of one, that stands without its module or with an inner one."""
    if node.get("refdomain") != "py":
        return None
    known = links(Path(app.srcdir) / "reference/api")
    words = node["reftarget"].split(".")
    for kept in (1, 2):
        if address := known.get(words[-kept] if len(words) >= kept else ""):
            target = ".".join([address, *words[len(words) - kept + 1 :]])
            domain = env.get_domain("py")
            return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", target, node, content)
    return None


def unbarred(_app: Any, _what: str, _name: str, _thing: Any, _options: Any, lines: list[str]) -> None:
    """Absolute values in prose stay what they are: in reStructuredText a bar would begin a substitution."""
    in_example = False
    for place, line in enumerate(lines):
        in_example = bool(line.strip()) and (in_example or line.lstrip().startswith(">>>"))
        if not in_example:
            parts = re.split("(``.*?``)", line)
            lines[place] = "".join(x if x.startswith("``") else x.replace("|", r"\|") for x in parts)


def unsigned(_app: Any, what: str, _name: str, thing: Any, *_told: Any) -> Any:
    """A record that functions make is shown without the call that would make it."""
    return ("", None) if what == "class" and "Parameters\n" not in (thing.__doc__ or "") else None


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("missing-reference", resolved)
    app.connect("autodoc-process-signature", unsigned)
    app.connect("autodoc-process-docstring", unbarred, priority=900)  # after numpydoc
    return {"parallel_read_safe": True, "parallel_write_safe": True}
