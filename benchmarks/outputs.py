"""Everything that the program writes, in one folder, to be compared byte for byte with another run's.

    python -m benchmarks.outputs FOLDER [--against EARLIER]

A change that only moves code must leave all of it as it is: the paper, JSON objects, tables, figures,
certificates, weights, exported solvers.  Run it before and after it; with ``--against`` the files
are compared with those of an earlier run, each difference is named, and the exit code is 1 if there is one.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np

ROOT = Path(__file__).parents[1]
DIABETES = ("examples/diabetes.csv", "--target", "progression")
NETWORK = ("--depth", "2", "--width", "32", "--decay", "0.01", "--dropout", "0.1", "--standardize")
ISOTROPIC = ("--isotropic", "1,1/2,1")

#: The last column of the table of verdicts, the one thing that no two runs have in common.
_SECONDS = re.compile(rb"[0-9.]+ \xe2\x94\x82$", re.MULTILINE)

#: Two eigenvalues whose equation has four roots, and rational data whose transition is a tie, as CSV.
TABLES = {
    "four.csv": "x1,x2,y\n1,20,0.8\n1,-20,-0.6\n-1,20,0.6\n-1,-20,-0.8\n",
    "one.csv": "x,y\n1,1\n2,3\n3,2\n-1,0\n",
}


def commands(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names of outputs and the arguments of ``symderive`` that make them; {} is the folder of this run."""
    for name, network in {
        "diabetes": NETWORK,
        "centered": ("--widths", "8,4,2", "--decay", "0.1,0.2,0.3,0.4", "--noise", "0.5", "--center"),
        "deep": ("--depth", "40", "--width", "100", "--decay", "1e-3", "--digits", "60"),
        "ridge": ("--depth", "0", "--decay", "1/10"),
        "least_squares": ("--depth", "0", "--decay", "0"),
        "shallow": ("--depth", "1", "--width", "3", "--decay", "2", "--noise", "1"),
    }.items():
        files = ("--weights", f"{folder}/{name}.npz", "--certificate", f"{folder}/{name}.certificate.json")
        keep = files if "--depth 0" not in " ".join(network) else files[:2]
        yield f"solve-{name}.json", ("solve", *DIABETES, *network, *keep, "--json")
        yield f"solve-{name}.txt", ("solve", *DIABETES, *network)
    for data in TABLES:
        for decay in ("1/50", "1/4", "3"):
            arguments = (
                f"{folder}/{data}",
                "--target",
                "y",
                "--depth",
                "2",
                "--width",
                "2",
                "--decay",
                decay,
            )
            yield f"solve-{data}-{decay.replace('/', '_')}.json", ("solve", *arguments, "--json")
    yield (
        "check-certificate.json",
        ("check", "--certificate", f"{folder}/diabetes.certificate.json", "--json"),
    )
    for name in ("diabetes", "moved"):
        weights = (f"{folder}/{name}.npz", *DIABETES, "--standardize")
        for kind, options in {"json": ("--json",), "txt": ()}.items():
            yield (
                f"check-{name}.{kind}",
                ("check", *weights, "--decay", "0.01", "--dropout", "0.1", *options),
            )
    for name, start in {"relu": ("kaiming",), "tanh": ("xavier", "--scale", "1/10"), "gelu": ()}.items():
        begun = ("--init", *start) if start else ()
        shape = ("--depth", "2", "--width", "16", "--decay", "300", "--standardize")
        fixed = ("collapse", *DIABETES, *shape, "--activation", name, *begun)
        yield f"collapse-{name}.json", (*fixed, "--json")
        yield f"collapse-{name}.txt", fixed
    for name, source in {"diabetes": (*DIABETES, "--standardize"), "isotropic": ISOTROPIC}.items():
        fixed = ("phase", *source, "--depth", "2", "--width", "32", "--noise", "1/10")
        yield f"phase-{name}.json", (*fixed, "--decay", "0.01", "--json")
        yield f"phase-{name}.txt", (*fixed, "--decay", "0.01")
        line = ("--vary", "decay=1e-4:1000:25:log")
        plane = ("--vary", "noise=0.1:10:12:log")
        yield f"sweep-{name}.txt", (*fixed, *line, "--out", f"{folder}/line-{name}.svg")
        yield f"sweep-{name}.json", (*fixed, *line, "--table", f"{folder}/line-{name}.csv", "--json")
        yield f"certified-{name}.json", (*fixed, *line, "--certified", "--json")
        yield (
            f"plane-{name}.json",
            (*fixed[:-2], *line, *plane, "--out", f"{folder}/plane-{name}.svg", "--json"),
        )
    for target in ("c", "jax", "julia", "mpmath", "numpy", "torch"):
        baked = ("--depth", "2", "--data", DIABETES[0], "--target", DIABETES[2], "--standardize")
        yield f"any_depth.{target}", ("export", "--language", target)
        yield f"diabetes.{target}", ("export", "--language", target, *baked)
    paper = ("--no-pdf", "--format", "md", "--format", "html", "--format", "typst")
    yield "examples.txt", ("examples", f"{folder}/examples")
    yield "derive.txt", ("derive", "--out", f"{folder}/paper", *paper)
    yield "derive-3.txt", ("derive", "--depth", "3", "--out", f"{folder}/paper-3", "--no-pdf")
    yield "derive-own.txt", ("derive", "examples/my_derivation.py", "--out", f"{folder}/own", "--no-pdf")


def write(folder: Path) -> None:
    """Run every command, and keep its exit code, output and errors beside the files that it writes."""
    folder.mkdir(parents=True)
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    for name, arguments in commands(folder):
        if name == "check-moved.json":
            _move_weights(folder / "diabetes.npz", folder / "moved.npz")
        done = subprocess.run(
            [sys.executable, "-m", "symderive", *arguments],
            cwd=ROOT,
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "140"},
            check=False,
        )
        said = b"exit %d\n" % done.returncode + done.stdout + done.stderr
        if name.startswith("derive"):
            said = _SECONDS.sub(b"", said)
        (folder / name).write_bytes(said.replace(str(folder).encode(), b"{}"))


def _move_weights(source: Path, target: Path) -> None:
    """Weights beside the minimum, for a check that has something to say."""
    layers = dict(np.load(source, allow_pickle=False))
    np.savez(target, **{name: 1.25 * W for name, W in layers.items()})


def differences(folder: Path, earlier: Path) -> list[str]:
    """What differs between two runs, by file."""
    names = {
        path.relative_to(root) for root in (folder, earlier) for path in root.rglob("*") if path.is_file()
    }
    found = []
    for name in sorted(names):
        here, there = folder / name, earlier / name
        if not (here.is_file() and there.is_file()):
            found.append(f"{name} is {'new' if here.is_file() else 'gone'}")
        elif here.read_bytes() != there.read_bytes():
            found.append(f"{name} differs")
    return found


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, resolve_path=True))
@click.option("--against", type=click.Path(path_type=Path, exists=True), help="Outputs of an earlier run.")
def main(folder: Path, against: Path | None) -> None:
    """Write all outputs into FOLDER, which must not exist yet, unless it holds them already."""
    if not folder.exists():
        write(folder)
    found = differences(folder, against) if against else []
    for line in found:
        click.echo(line)
    if against:
        click.echo(f"{len(found)} files differ.")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
