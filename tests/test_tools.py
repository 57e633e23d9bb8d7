"""What a missing tool does to a test that needs it."""

import configparser
from pathlib import Path

import pytest
from oracles import tools


@pytest.mark.parametrize(
    ("on_ci", "ci", "outcome"),
    [
        (True, "true", pytest.fail.Exception),
        (True, "", pytest.skip.Exception),
        (False, "true", pytest.skip.Exception),
    ],
)
def test_a_missing_tool_fails_only_where_it_must_be(monkeypatch, on_ci, ci, outcome):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setitem(tools.TOOLS, "tex", tools.Tool("TeX", lambda: False, on_ci=lambda: on_ci))
    with pytest.raises(outcome, match="TeX is not installed"):
        tools.require("tex")
    monkeypatch.setitem(tools.TOOLS, "tex", tools.Tool("TeX", lambda: True, on_ci=lambda: on_ci))
    tools.require("tex")


def test_every_tool_is_a_marker():
    config = configparser.ConfigParser()
    config.read(Path(__file__).parents[1] / "setup.cfg")
    markers = {line.split(":")[0] for line in config["tool:pytest"]["markers"].split("\n") if line}
    assert markers == {*tools.TOOLS, "slow", "ci"}
