"""What a page of the documentation shows is what happens: its blocks, run in order and compared.

* ``console``: commands begin with ``$ `` (and go on after a backslash); below each stands what it prints.
* ``python``: a program; the ``text`` block right below it is what it prints (without one: nothing).
* ``…`` alone on a line stands for lines that are left out, at least one; at the end of a line for its rest.
* A command ends with exit code 0, unless the next one is ``echo $?``.
* The terminal has 80 columns, so that a page need not scroll.
* ``no-test`` after the language: not run.

``python tests/oracles/shown_pages.py PAGE.md …`` writes what is printed where something else is shown.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from difflib import unified_diff
from itertools import pairwise
from pathlib import Path

REST = "…"
_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,}|:{3,})(?P<info>.*)$")


@dataclass(frozen=True)
class Block:
    """A fenced block: the line of its first fence, its last, what follows the fence, and its lines."""

    line: int
    end: int
    info: tuple[str, ...]
    lines: tuple[str, ...]

    def is_(self, language: str) -> bool:
        """Whether it is run, as that language."""
        return self.info == (language,)


@dataclass(frozen=True)
class Step:
    """Something to run, the line it stands on, the lines that it is said to print, and where they start."""

    line: int
    is_python: bool
    source: str
    shown: tuple[str, ...]
    place: int  # the line of the page before the first that is shown
    may_fail: bool = False


def is_notebook(text: str) -> bool:
    """Whether a page is a notebook, which the site itself runs."""
    return text.startswith("---\n") and "\nkernelspec:" in text.split("\n---", 1)[0]


def blocks(text: str) -> list[Block]:
    """The blocks of code of a page, those inside tabs and the like, too."""
    found = []
    lines = text.splitlines()
    around: list[str] = []  # fences that hold Markdown: of colons, or of a directive in braces
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening and around and lines[at].strip() == around[-1]:
            around.pop()
        elif opening and (opening["fence"][0] == ":" or opening["info"].strip().startswith("{")):
            around.append(opening["fence"])
        elif opening:
            closing = next(
                (k for k in range(at + 1, len(lines)) if lines[k].strip() == opening["fence"]), len(lines)
            )
            inside = (line.removeprefix(opening["indent"]) for line in lines[at + 1 : closing])
            found.append(Block(at + 1, closing + 1, tuple(opening["info"].split()), tuple(inside)))
            at = closing
        at += 1
    return found


def steps(text: str) -> list[Step]:
    """What a page runs, in its order."""
    found: list[Step] = []
    every = blocks(text)
    for block, after in pairwise([*every, None]):
        if block.is_("console"):
            found += _commands(block)
        elif block.is_("python"):
            is_shown = after is not None and after.is_("text") and _is_right_below(text, block, after)
            source = "\n" * block.line + "\n".join(block.lines)  # so that a traceback tells the page's line
            shown = after.lines if after and is_shown else ()
            place = after.line if after and is_shown else block.end
            found.append(Step(block.line, True, source, shown, place))
    return found


def _is_right_below(text: str, block: Block, after: Block) -> bool:
    return not any(line.strip() for line in text.splitlines()[block.end : after.line - 1])


def _commands(block: Block) -> list[Step]:
    """The commands of a console block, with what stands below each."""
    groups: list[tuple[int, list[str], list[str]]] = []
    for line, content in enumerate(block.lines, block.line + 1):
        if content.startswith("$ "):
            groups.append((line, [content[2:]], []))
        elif groups and groups[-1][1][-1].endswith("\\") and not groups[-1][2]:
            groups[-1][1].append(content.removeprefix("> "))
        elif groups:
            groups[-1][2].append(content)
    found = [
        Step(line, False, " ".join(map(_joined, parts)), tuple(shown), line + len(parts) - 1)
        for line, parts, shown in groups
    ]
    return [
        replace(step, may_fail=after is not None and after.source == "echo $?")
        for step, after in pairwise([*found, None])
        if step is not None
    ]


def _joined(line: str) -> str:
    return line.removesuffix("\\").strip()


def named_commands(text: str) -> list[str]:
    """The commands of ``symderive`` that the text of a page names, in code of one line."""
    inside = {k for block in blocks(text) for k in range(block.line, block.end + 1)}
    outside = (line for k, line in enumerate(text.splitlines(), 1) if k not in inside)
    return [code for line in outside for code in re.findall(r"`(symderive [^`]+)`", line)]


def agrees(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether these lines are what is shown, an ``…`` standing for at least one line, or one letter."""
    if not shown:
        return not printed
    if shown[0] == REST:
        return any(agrees(shown[1:], printed[k:]) for k in range(1, len(printed) + 1))
    return bool(printed) and _line_agrees(shown[0], printed[0]) and agrees(shown[1:], printed[1:])


def _line_agrees(shown: str, printed: str) -> bool:
    start = shown.removesuffix(REST)
    return printed == shown or (shown != start and printed.startswith(start) and len(printed) > len(start))


def _lines(text: str | Sequence[str]) -> list[str]:
    """Lines without blanks at their ends, and without empty lines around them."""
    lines = text.splitlines() if isinstance(text, str) else text
    return "\n".join(line.rstrip() for line in lines).strip("\n").split("\n") if any(lines) else []


def idle(text: str) -> list[int]:
    """The lines of console blocks without a command, in which nothing is run."""
    return [block.line for block in blocks(text) if block.is_("console") and not _commands(block)]


def mistakes(text: str, name: str, folder: Path) -> list[str]:
    """Each step of a page that does not do what is shown, with the page, the line and the difference."""
    todo = steps(text)
    return [
        f"{name}:{step.line}: {problem}"
        for step, (code, printed) in zip(todo, _answers(todo, folder), strict=True)
        if (problem := _problem(step, code, printed)) is not None
    ]


def examples(folder: Path) -> None:
    """The folder that ``symderive examples`` makes, of which all pages of the site speak."""
    left_out = shutil.ignore_patterns("gallery", "__pycache__")
    shutil.copytree(Path(__file__).parents[2] / "examples", folder, ignore=left_out)


def renewed(text: str, folder: Path) -> str:
    """The page with what is printed, whole, in place of each output that is not."""
    lines = text.splitlines()
    todo = steps(text)
    for step, (code, printed) in reversed(list(zip(todo, _answers(todo, folder), strict=True))):
        if _problem(step, code, printed) is not None:
            new = _lines(printed)
            is_new_block = step.is_python and not step.shown
            whole = ["", "```text", *new, "```"] if is_new_block else new
            lines[step.place : step.place + len(step.shown)] = whole
    return "\n".join(lines) + "\n"


def _problem(step: Step, code: int, printed: str) -> str | None:
    what = "the program" if step.is_python else f"$ {step.source}"
    if code and not step.may_fail:
        return f"{what}\nends with exit code {code}\n{printed}"
    shown, happened = _lines(step.shown), _lines(printed)
    if agrees(shown, happened):
        return None
    difference = unified_diff(shown, happened, "shown", "printed", lineterm="")
    return "\n".join([f"{what}\nprints something else", *difference])


def _answers(todo: list[Step], folder: Path) -> list[tuple[int, str]]:
    """Exit code and output of every step, from one process that starts in the folder."""
    if not todo:
        return []
    asked, answered = folder.with_name(folder.name + ".steps"), folder.with_name(folder.name + ".answers")
    asked.write_text(json.dumps([asdict(step) for step in todo]), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("page_session.py"), asked, answered],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, f"the session ended with {done.returncode}"
    return [(each["code"], each["text"]) for each in json.loads(answered.read_text(encoding="utf-8"))]


def _environment() -> dict[str, str]:
    """That of a reader in the virtual environment, with a terminal of 80 columns."""
    return {
        **{key: value for key, value in os.environ.items() if key != "PYTHONWARNINGS"},
        "COLUMNS": "80",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONIOENCODING": "utf-8",
        "MPLBACKEND": "Agg",
    }


def main(names: Sequence[str]) -> None:
    """Renew the pages of the site that are named."""
    for page in map(Path, names):
        with tempfile.TemporaryDirectory() as above:
            folder = Path(above) / "symderive-examples"
            examples(folder)
            page.write_text(renewed(page.read_text(encoding="utf-8"), folder), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
