"""Coq on files: each after those that it requires, a few at a time."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from symderive.coq.files import LIBRARY, QUIET
from symderive.coq.sources import Sources
from symderive.errors import InputError

#: Seconds after which Coq is taken to hang.
PATIENCE = 600

#: Processes at a time.
JOBS = 2

#: Where the names live, no file of the user's that Coq would read at its start, and no idle warnings.
OPTIONS = ("-R", ".", LIBRARY, "-q", "-w", QUIET)


@dataclass(frozen=True)
class Compiled:
    """A file: how long Coq took to read it, and what it said against it, if anything.

    It is not tried where one that it requires has a fault.
    """

    path: str
    seconds: float
    fault: str = ""
    tried: bool = True


def version() -> str:
    """The version of Coq; :class:`InputError` says how to install it where it is missing."""
    if shutil.which("coqc") is None:
        raise InputError(
            "--check-coq needs Coq, and coqc is not installed; get it with MathComp by "
            "'apt install coq libcoq-mathcomp-ssreflect' (Coq 8.16), or leave out --check-coq."
        )
    said = subprocess.run(["coqc", "--version"], capture_output=True, text=True, check=False).stdout
    if found := re.search(r"version ([\d.]+)", said):
        return found[1]
    raise InputError("coqc does not say its version; install Coq 8.16 anew, or leave out --check-coq.")


def compile_all(
    folder: Path, files: Sources, progress: Callable[[float], None] | None = None
) -> dict[str, Compiled]:
    """All ``files``, which lie in ``folder``; one that requires a faulty one is not tried."""
    order, done = files.graph(), dict[str, Compiled]()
    order.prepare()
    with ThreadPoolExecutor(JOBS) as pool:
        running: dict[Future[Compiled], str] = {}
        while order.is_active():
            for path in order.get_ready():
                faulty = [other for other in files.required(path) if other in done and done[other].fault]
                if faulty:
                    done[path] = Compiled(path, 0.0, f"it requires {faulty[0]}", tried=False)
                    order.done(path)
                else:
                    running[pool.submit(_compiled, folder, path)] = path
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                path = running.pop(future)
                done[path] = future.result()
                order.done(path)
            if progress:
                progress(len(done) / len(files.texts))
    return done


def _compiled(folder: Path, path: str) -> Compiled:
    began = time.monotonic()
    fault = coqc(folder, path)
    return Compiled(path, time.monotonic() - began, fault)


def coqc(folder: Path, path: str) -> str:
    """What Coq says against a file; empty where it accepts it."""
    try:
        ran = subprocess.run(
            ["coqc", *OPTIONS, path],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no end after {PATIENCE} s"
    said = (ran.stderr or ran.stdout).strip()
    if "mathcomp" in said and "Cannot find a physical path" in said:
        said = f"MathComp is missing (apt install libcoq-mathcomp-ssreflect): {said}"
    return "" if ran.returncode == 0 else said or f"exit code {ran.returncode}"
