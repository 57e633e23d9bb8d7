"""The examples as a new user finds them: what each needs, how long it takes, and that one runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from symderive.files.examples import copy_examples, scripts

EXAMPLES = Path(__file__).parents[2] / "examples"


def beginning(text: str) -> str:
    """The first lines of a script, up to its first statement."""
    return re.split(r"^(?:import|from|#include|include)\b", text, maxsplit=1, flags=re.MULTILINE)[0]


def unsaid(text: str) -> list[str]:
    """What the first lines of a script leave out: what it needs, and its time."""
    said = " ".join(beginning(text).split())
    found = []
    if not re.search(r"\bneeds\b", said, re.IGNORECASE):
        found.append("needs")
    if not re.search(r"\btakes\b.* seconds?\b", said, re.IGNORECASE):
        found.append("time")
    return found


@pytest.mark.parametrize("example", scripts(EXAMPLES), ids=lambda example: example.path.as_posix())
def test_the_first_lines_say_what_is_needed_and_how_long_it_takes(example) -> None:
    assert unsaid((EXAMPLES / example.path).read_text()) == []
    assert example.shows.endswith(".")


def test_what_is_left_unsaid_is_found() -> None:
    text = (EXAMPLES / "first_minimum.py").read_text()
    assert unsaid(text.replace("Needs", "Has").replace("takes", "has")) == ["needs", "time"]


@pytest.mark.parametrize("place", ["the clone", "a copy"])
def test_the_first_example_finds_the_minimum(place: str, tmp_path: Path) -> None:
    """From the folder above, and in a copied folder itself."""
    if place == "a copy":
        folder, name = copy_examples(tmp_path / "mine"), "first_minimum.py"
    else:
        folder, name = EXAMPLES.parent, "examples/first_minimum.py"
    done = subprocess.run([sys.executable, name], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "global minimum 2881.391536451279835699" in done.stdout
    assert "CHECKED on the full loss" in done.stdout
