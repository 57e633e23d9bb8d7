"""Exported files run in their own languages, in processes of their own.

Every language has a small program that reads one instance a line from standard input,

    depth  decay  rho  noise  c  d  a_1 ... a_d  p_1 ... p_d

(d = 0: the data in the file), and prints lines "instance tag numbers", which ``check`` reads.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from symderive.errors import InputError

#: Seconds after which a program is taken to hang.
PATIENCE = 300

#: What a file of each target is called, and the library that it needs.
SUFFIXES = {"c": ".c", "julia": ".jl"}
LIBRARIES = {"numpy": "numpy", "mpmath": "mpmath", "jax": "jax", "torch": "torch"}

C_FLAGS = ("-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic")
SANITIZERS = ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


class RunError(Exception):
    """A file did not compile, import or run to its end; the message is one sentence."""


@dataclass(frozen=True)
class Outcome:
    """What a program printed, and by what it was run."""

    language: str
    lines: tuple[str, ...]


def suffix(target: str) -> str:
    """The usual ending of a file of the target."""
    return SUFFIXES.get(target, ".py")


def require_language(target: str) -> None:
    """Raise :class:`InputError` where the compiler, interpreter or library of a target is missing."""
    if target == "c" and _compiler() is None:
        raise InputError("no C compiler was found; install cc, gcc or clang, or name one in CC.")
    if target == "julia" and shutil.which("julia") is None:
        raise InputError("julia was not found; install it, or export without --check.")
    library = LIBRARIES.get(target)
    if library is not None and find_spec(library) is None:
        raise InputError(f"{library} is not installed here; install it, or export without --check.")


def run(target: str, text: str, instances: Sequence[str]) -> Outcome:
    """Compile or import an exported file and run it on some instances.

    Raises :class:`RunError` where it fails, and :class:`InputError` where the language is missing.
    """
    require_language(target)
    runner = {"c": _run_c, "julia": _run_julia}.get(target, _run_python)
    with TemporaryDirectory() as folder:
        solver = Path(folder) / f"solver{suffix(target)}"
        solver.write_text(text, encoding="utf-8")
        language, command = runner(target, solver)
        return Outcome(language, _printed(command, "\n".join(instances) + "\n"))


def _run_python(target: str, solver: Path) -> tuple[str, list[str]]:
    program = files("symderive.export.check").joinpath("python_runner.py")
    with as_file(program) as path:
        # Without -P the program's own folder would come before the libraries that the solver imports.
        command = [sys.executable, "-P", str(path), str(solver), target]
    version = ".".join(map(str, sys.version_info[:3]))
    return f"Python {version}", command


def _run_julia(target: str, solver: Path) -> tuple[str, list[str]]:
    program = _program(target, solver.parent / "runner.jl")
    julia = str(shutil.which("julia"))
    version = " ".join(_printed([julia, "--version"], ""))
    return version, [julia, "--startup-file=no", str(program), str(solver)]


def _run_c(target: str, solver: Path) -> tuple[str, list[str]]:
    compiler = str(_compiler())
    program, binary = _program(target, solver.parent / "runner.c"), solver.parent / "runner"
    text = solver.read_text(encoding="utf-8")
    defined = [f'-DSOLVER="{solver.name}"', *(["-DHAS_AXES"] if "symderive_axes" in text else [])]
    guards = SANITIZERS if _has_sanitizers(compiler, solver.parent) else ()
    _printed([compiler, *C_FLAGS, *guards, *defined, str(program), "-o", str(binary), "-lm"], "")
    version = _printed([compiler, "--version"], "")[0]
    return f"{version}, {'sanitized' if guards else 'without sanitizers'}", [str(binary)]


def _has_sanitizers(compiler: str, folder: Path) -> bool:
    trial, binary = folder / "trial.c", folder / "trial"
    trial.write_text("int main(void) { return 0; }\n")
    try:
        _printed([compiler, *SANITIZERS, str(trial), "-o", str(binary)], "")
        _printed([str(binary)], "")
    except RunError:
        return False
    return True


def _compiler() -> str | None:
    names = [os.environ.get("CC", ""), "cc", "gcc", "clang"]
    return next((found for name in names if name and (found := shutil.which(name))), None)


def _program(target: str, path: Path) -> Path:
    source = files("symderive.export").joinpath("frames", f"runner_{target}.in")
    path.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def _printed(command: Sequence[str], given: str) -> tuple[str, ...]:
    name = Path(command[0]).name
    try:
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RunError(f"{name} did not end within {PATIENCE} seconds.") from None
    except OSError as error:
        raise RunError(f"{name} cannot be run ({error.strerror or error}).") from None
    if done.returncode:
        said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        told = next((line for line in said if "rror" in line), said[-1] if said else "no message")
        raise RunError(f"{name} failed with code {done.returncode}: {told}")
    return tuple(done.stdout.splitlines())
