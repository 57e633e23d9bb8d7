"""``manifest.json``: what was proved, how, from what, which displays say it, and by which software."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib import metadata
from typing import Any

from symderive import __version__
from symderive.paper.assembly import Item, Section, StepItem
from symderive.paper.blocks import Paper
from symderive.paper.checked_displays import Shown
from symderive.paper.main_text import theorems
from symderive.proofs.digest import fingerprint
from symderive.software import PACKAGES
from symderive.statements.assumptions import assumptions
from symderive.statements.document import Document

#: Its name.
MANIFEST = "manifest.json"


def manifest(
    sections: Sequence[Section],
    *,
    digits: int,
    depth: int | None,
    files: Mapping[str, bytes],
    paper: Paper | None = None,
    document: Document | None = None,
) -> dict[str, Any]:
    """What was proved, how, under which conditions, and with which software.

    ``files`` are those beside the manifest, which tells their digests, so that what somebody changes is
    seen; ``paper`` is the paper that was written, ``document`` what somebody has written of it.
    """
    return {
        "symderive": __version__,
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "title": paper.title if paper else "",
        "digits": digits,
        "depth": "D" if depth is None else depth,
        "files": sorted([*files, MANIFEST]),
        "sha256": {name: sha256(content).hexdigest() for name, content in files.items()},
        "theorems": _theorems(document, paper) if document and paper else {},
        "statements": {item.id: _record(item) for section in sections for item in section.items},
        "steps": {step.id: _step_record(step) for section in sections for step in section.steps},
    }


def _theorems(document: Document, paper: Paper) -> dict[str, Any]:
    """Kind, number and name of each, with its claims by their numbers."""
    return {
        theorem.id: {
            "kind": theorem.kind,
            "number": paper.targets[theorem.id].number,
            "name": theorem.name,
            "assumes": [assumption.id for assumption in theorem.assumes],
            "claims": {x.id: paper.targets[f"statement:{x.id}"].number for x in theorem.claims},
            "rests_on": [x.id for x in theorem.rests_on],
        }
        for theorem in theorems((*document.parts, *document.appendices))
    }


def _record(item: Item) -> dict[str, Any]:
    result = item.result
    return {
        "title": item.statement.title,
        "verdict": result.verdict.name,
        "method": result.method,
        "certificate": item.printed.certificate,
        "reason": result.reason,
        "remainder": result.remainder,
        "conditions": list(item.statement.all_conditions()),
        "axioms": list(result.axioms),
        "steps_in_words": [step.id for step in assumptions(item.statement).steps],
        "uses": list(item.uses),
        "reference": item.statement.reference,
        "latex": item.formula,
        "names": dict(item.printed.names),
        "read_back": item.read_back,
        **_display(item.display),
        "coq": None if item.coq is None else {"version": item.coq.coq, "axioms": list(item.coq.axioms)},
        "tested": {
            "points": result.points,
            "at_boundary": result.boundary,
            "digits": result.digits,
            "some_points": list(result.places),
            "only_where": list(result.narrowed),
        },
        "near_misses": [{"change": why, "refuted_at": where} for why, where in result.near_misses],
        "digest": fingerprint(item.statement),
    }


def _step_record(item: StepItem) -> dict[str, Any]:
    return {
        "verdict": item.result.verdict.name,
        "method": item.result.method,
        "reason": item.result.reason,
        "title": item.step.title,
        "text": item.step.text,
        "theorem": item.step.theorem,
        "conditions": list(item.step.conditions),
        "axioms": list(item.result.axioms),
        "steps_in_words": [step.id for step in assumptions(item.step).steps],
        "uses": list(item.uses),
        "reference": item.step.reference,
        **_display(item.display),
    }


def _display(display: Shown | None) -> dict[str, Any]:
    if display is None:
        return {"display": None, "display_tex": None}
    return {
        "display": display.verdict,
        "display_tex": display.tex,
        "display_where": list(display.where),
        "display_given": list(display.given),
        "display_rests_on": list(display.because),
        "display_reason": display.reason,
    }
