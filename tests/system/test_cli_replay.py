"""``symderive replay``: each claim with what is known of it, as text and as JSON."""

from __future__ import annotations

import json
from functools import partial

import pytest


@pytest.fixture
def run(run):
    return partial(run, "replay")


def test_a_claim_is_printed_with_formula_condition_and_instance(run):
    code, out, _ = run("variance-depth")
    assert code == 0
    assert "variance-depth: REFUTED AS WORDED" in out
    assert "[variance-of-deep-networks]" in out
    assert "0.2435072571" in out
    assert "1 REFUTED AS WORDED." in out
    assert "$" not in out


def test_json_has_the_same(run):
    _, out, _ = run("variance-noise", "model", "--json")
    record = json.loads(out)
    assert [claim["id"] for claim in record["claims"]] == ["model", "variance-noise"]
    words, noise = record["claims"]
    assert (words["standing"], words["proved_by"]) == ("WORDS ONLY", [])
    assert noise["standing"] == "PROVED"
    assert "variance-of-noisy-networks" in noise["proved_by"]
    assert r"m^{\top}\! A m" in noise["formulas"][0]["latex"]
    assert sum(record["counts"].values()) == 2


def test_verbose_names_statements(run):
    _, out, _ = run("variance-depth", "--verbose")
    assert "variance-vanishes-depth" in out
    assert "seed-depth" in out


def test_an_unknown_claim_is_refused_with_the_nearest(run):
    code, _, err = run("variance-with")
    assert code == 2
    assert err.strip() == (
        "symderive: 'variance-with' is no claim of the paper; the nearest is 'variance-width'."
    )
