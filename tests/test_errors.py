"""Extras are named in one way, and only those that there are."""

import ast
import configparser
from collections.abc import Iterator
from pathlib import Path

import pytest

from symderive.errors import MissingExtraError

ROOT = Path(__file__).parent.parent


def named(text: str) -> Iterator[str]:
    """The extras of a module's calls of ``MissingExtraError.of``; what is raised otherwise is a fault."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "MissingExtraError.of":
            assert isinstance(node.args[1], ast.Constant)
            yield node.args[1].value
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert "symderive[" not in node.value, node.value


def _may_name(text: str) -> bool:
    return "MissingExtraError" in text or "symderive[" in text


def test_every_extra_that_a_message_names_exists() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    extras = set(config["options.extras_require"])
    paths = [path for path in (ROOT / "symderive").rglob("*.py") if path.name != "errors.py"]
    texts = filter(_may_name, (path.read_text(encoding="utf-8") for path in paths))
    found = {extra for text in texts for extra in named(text)}
    assert {"train", "plot", "sweep", "pdf", "graph"} <= found <= extras


def test_another_way_to_name_an_extra_is_found() -> None:
    with pytest.raises(AssertionError):
        list(named("raise MissingExtraError('get it with pip install \"symderive[train]\".')"))


def test_both_ways_to_get_an_extra_are_told() -> None:
    said = str(MissingExtraError.of("this needs PyTorch", "train"))
    assert 'pip install "symderive[train]"' in said
    assert 'in a clone: pip install ".[train]"' in said
    assert len(said) < 300
