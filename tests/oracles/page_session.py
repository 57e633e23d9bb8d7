"""Runs what one page shows, step after step, as a reader would: a program on its own, in the page's folder.

It reads the steps as JSON from the file named first and writes what each printed into the file named
second.  Plain ``symderive`` commands run in this process, which is why a page takes a second and not
one for every command; anything else is bash's.  All Python of a page shares one namespace.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO

#: What makes a command line one for a shell.
SHELL = set("|&;<>()$`*?~#!\n")


def _is_plain(command: str) -> bool:
    return command.startswith("symderive ") and not SHELL & set(command)


def _symderive(arguments: list[str]) -> int:
    from symderive import cli

    sys.argv = ["symderive", *arguments]
    try:
        cli.main()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    return 0


def _bash(command: str, last: int) -> int:
    """The exit code of a command; ``$?`` is that of the command before."""
    known = f'symderive() {{ {shlex.quote(sys.executable)} -m symderive "$@"; }}\n(exit {last})\n'
    return subprocess.run(["bash", "-c", known + command], check=False).returncode


def _python(program: str, name: str, names: dict[str, Any]) -> int:
    try:
        exec(compile(program, name, "exec"), names)  # noqa: S102 - the page's own program
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _run(step: dict[str, Any], last: int, names: dict[str, Any]) -> int:
    if step["is_python"]:
        return _python(step["source"], f"line {step['line']}", names)
    if _is_plain(step["source"]):
        return _symderive(shlex.split(step["source"])[1:])
    return _bash(step["source"], last)


def _session(steps: list[dict[str, Any]], printed: BinaryIO) -> list[dict[str, Any]]:
    """What every step prints, both streams together as a terminal shows them, and its exit code."""
    names: dict[str, Any] = {"__name__": "__main__"}
    results: list[dict[str, Any]] = []
    last = 0
    for step in steps:
        start = printed.seek(0, os.SEEK_END)
        last = _run(step, last, names)
        sys.stdout.flush()
        sys.stderr.flush()
        printed.seek(start)
        results.append({"code": last, "text": printed.read().decode("utf-8", "replace")})
    return results


def main(steps: str, answers: str) -> None:
    """Run the steps, and write what they printed."""
    with open(answers + ".printed", "w+b", buffering=0) as printed:
        os.set_inheritable(printed.fileno(), True)
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)  # type: ignore[union-attr]
        results = _session(json.loads(Path(steps).read_text(encoding="utf-8")), printed)
    Path(answers).write_text(json.dumps(results), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())  # programs import what lies beside them, as in a reader's folder
    main(*sys.argv[1:])
