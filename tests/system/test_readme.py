"""What the README prints is what happens."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def _blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_python_example_prints_what_is_shown():
    program = next(block for block in _blocks("python") if "solve(net" in block)
    shown = next(block for block in _blocks("text") if block.startswith("Network("))
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == shown


def test_the_derivation_is_the_example():
    shown = next(block for block in _blocks("python") if "ridge-solution" in block)
    assert shown in (ROOT / "examples" / "my_derivation.py").read_text()


def test_solve_prints_what_is_shown():
    command = next(line for line in _blocks("console") if "symderive solve" in line)
    arguments = command.split("symderive solve", 1)[1].split()
    done = subprocess.run(
        [sys.executable, "-m", "symderive", "solve", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    shown = next(block for block in _blocks("text") if block.startswith("Moments("))
    printed = [line.rstrip() for line in done.stdout.splitlines()]
    assert printed[: len(shown.splitlines())] == [line.rstrip() for line in shown.splitlines()]
    assert "CHECKED" in done.stdout
