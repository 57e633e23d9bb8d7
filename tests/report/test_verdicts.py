"""The verdicts of a run for people: all of them, or what is not proved where a report lists the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symderive.library.load import load
from symderive.paper import assembly
from symderive.report.drawn import drawn
from symderive.report.verdicts import verdict_page
from symderive.verdict import Verdict


def changed(sections: list[assembly.Section], verdict: Verdict) -> list[assembly.Section]:
    """The same with another verdict on the first statement."""
    section = sections[0]
    item, *rest = section.entries
    result = replace(item.result, verdict=verdict, reason="a reason", narrowed=("u from 1 to 2",))
    return [replace(section, entries=(replace(item, result=result), *rest)), *sections[1:]]


@pytest.fixture(scope="module")
def sections() -> list[assembly.Section]:
    return list(assembly.assemble((load("diagonal-bound"),)))


@pytest.mark.parametrize("verdict", list(Verdict))
def test_what_is_not_proved_is_printed_beside_a_report(sections, verdict) -> None:
    told = changed(sections, verdict)
    first = told[0].entries[0].id
    brief, whole = drawn(verdict_page(told, report="paper/report.md")), drawn(verdict_page(told))
    counted = verdict in (Verdict.PROVED, Verdict.IN_WORDS)
    assert (first in brief) is (f"{first}: {verdict}, a reason" in brief) is (not counted)
    assert ("u from 1 to 2" in brief) is (not counted)
    assert first in whole
    assert "u from 1 to 2" in whole
    assert f"1 {verdict.name.replace('_', ' ')}" in brief or verdict is Verdict.PROVED
    assert "1 of them only in a part of its range: paper/report.md" in brief
    assert "report.md" not in whole


def test_what_is_proved_is_counted_and_the_report_named(sections) -> None:
    brief = drawn(verdict_page(sections, report="paper/report.md"))
    ids = [entry.id for section in sections for entry in section.entries]
    proved = sum(
        entry.result.verdict is Verdict.PROVED for section in sections for entry in section.entries
    )
    assert f"{proved} PROVED" in brief
    assert brief.splitlines()[-1] == "How each is proved and where it was tested: paper/report.md"
    assert not any(name in brief for name in ids if name not in ("logarithm",))
    assert all(name in drawn(verdict_page(sections)) for name in ids)
