"""Thresholds as people and programs read them."""

from dataclasses import replace

from symderive import Network, Spectrum
from symderive.report.thresholds import is_decided
from symderive.thresholds.thresholds import AMBIGUOUS, Answer, thresholds


def test_an_open_threshold_is_not_a_success():
    found = thresholds(Network(2, widths=1, decays=1), Spectrum.of([1], [1]), digits=5)
    assert is_decided(found)
    assert not is_decided(replace(found, jump=Answer(None, AMBIGUOUS)))
