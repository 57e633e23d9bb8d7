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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from symderive.errors import InputError
from symderive.export.targets.dialect import Dialect
from symderive.export.targets.frame import framed

#: Seconds after which a program is taken to hang.
PATIENCE = 300

#: What a file of each target is called, and the library that it needs.
SUFFIXES = {"c": ".c", "julia": ".jl"}
LIBRARIES = {"numpy": "numpy", "mpmath": "mpmath", "jax": "jax", "torch": "torch"}

C_WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-pedantic", "-Werror")
# Unoptimized, as sanitized programs take much longer to compile than to run.
C_FLAGS = ("-std=c99", "-O0", *C_WARNINGS)
SANITIZERS = ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


_VALUES = ("ridge", "loss", "gap", "norm", "layer_decay", "variance")


def _marks(fields: Sequence[str], ulps: str, own: str, plain: str) -> dict[str, str]:
    values = ", ".join(f"at->{name}" for name in fields)
    return {
        "quantities": str(1 + len(fields)),
        "values": values,
        "ulps": ulps,
        "own_ulps": own,
        "plain": plain,
    }


#: What the runner of C prints and gives, of plain files and of those that prove what they give.
RUNNER = (
    _marks((*_VALUES, "slope"), "", "0", "1"),
    _marks((*_VALUES, *(f"{name}_radius" for name in _VALUES)), " at->ulps,", "@P@_ULPS", "0"),
)

#: Names and numbers of C files that nobody asked to be others.
DEFAULT = Dialect()


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


def run(
    target: str,
    files: str | Mapping[str, str],
    instances: Sequence[str],
    dialect: Dialect = DEFAULT,
    *,
    certified: bool = False,
) -> Outcome:
    """Compile or import an exported file, or all ``files`` that belong together, and run it.

    ``dialect`` is that of C files, and ``certified`` ones prove what they give.  Raises :class:`RunError`
    where it fails, and :class:`InputError` where the language is missing.
    """
    require_language(target)
    texts = {f"solver{suffix(target)}": files} if isinstance(files, str) else files
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
        paths = [folder / file for file in texts]
        if target == "c":
            language, command = _run_c(paths, dialect, certified)
        elif target == "julia":
            language, command = _run_julia(target, paths[0])
        else:
            language, command = _run_python(target, *paths)
        return Outcome(language, _printed(command, "\n".join(instances) + "\n"))


def _run_python(target: str, solver: Path, *tests: Path) -> tuple[str, list[str]]:
    """The program that reads instances; a test that came along has to pass."""
    for test in tests:
        _printed([sys.executable, str(test)], "")
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


def _run_c(paths: Sequence[Path], dialect: Dialect, certified: bool) -> tuple[str, list[str]]:
    """The program that reads instances, compiled with a file that is one whole or with header and source;
    a test that came along has to pass."""
    compiler, folder = str(_compiler()), paths[0].parent
    solver, rest = paths[0], [str(path) for path in paths[1:] if not path.stem.endswith("_test")]
    text = "".join(path.read_text(encoding="utf-8") for path in paths)
    defined = ["-DHAS_AXES"] if f"{dialect.prefix}_axes" in text else []
    guards = SANITIZERS if _has_sanitizers(compiler, folder) else ()
    flags = [compiler, *C_FLAGS, *guards, *defined]
    for path in paths[1:]:
        if path.stem.endswith("_test"):
            _printed([*flags, str(path), *rest, "-o", str(folder / path.stem), "-lm"], "")
            _printed([str(folder / path.stem)], "")
    program, binary = folder / "runner.c", folder / "runner"
    marks = {"include": solver.name, **RUNNER[certified], **dialect.marks}
    program.write_text(framed("runner_c", marks), encoding="utf-8")
    _printed([*flags, str(program), *rest, "-o", str(binary), "-lm"], "")
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
