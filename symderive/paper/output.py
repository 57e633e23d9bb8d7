"""The paper directory: all files are made first, then put in place, so that nothing is half-written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from symderive import __version__
from symderive.errors import InputError, MissingExtraError
from symderive.files import write_whole
from symderive.paper import figures as drawings
from symderive.paper import pdf, tex
from symderive.paper.assembly import Item, Section, StepItem
from symderive.proofs.digest import fingerprint
from symderive.statements.assumptions import assumptions
from symderive.statements.statement import Statement
from symderive.verdict import Verdict

FORMATS = ("tex", "md", "html", "typst")

_PACKAGES = ("sympy", "mpmath", "python-flint")


def write_paper(
    folder: Path,
    sections: Sequence[Section],
    *,
    style: tex.Style,
    formats: Sequence[str] = ("tex",),
    digits: int = 50,
    depth: int | None = None,
    with_pdf: bool | None = None,
    ledger: Any = None,
) -> list[str]:
    """Write everything into ``folder`` and return remarks for the user, one sentence each.

    ``ledger``: beside it figures are kept from run to run.
    ``with_pdf``: True makes a PDF or fails, False makes none, None makes one if that is possible.  Files
    that an earlier run put there (its manifest says which) and this one does not make are removed;
    nothing else is touched.
    """
    _require_writable(folder)
    remarks: list[str] = []
    files, stems = _figures(sections, ledger, remarks)
    files |= _tex_files(sections, style, digits, stems)
    files |= _other_formats(sections, formats, digits, stems)
    files["report.md"] = report(sections).encode()
    if with_pdf is not False:
        made = _pdf(files, sections, digits, stems, bool(with_pdf), remarks)
        files |= {"paper.pdf": made} if made else {}
    record = manifest(sections, digits=digits, depth=depth, files=sorted([*files, "manifest.json"]))
    files["manifest.json"] = (
        json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    ).encode()
    _place(folder, files)
    return remarks


def _require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with write_whole(folder / "manifest.json.probe"):
            pass
        (folder / "manifest.json.probe").unlink()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or "not a usable name"
        raise InputError(f"{str(folder)!r} cannot be written ({reason}); give another --out.") from None


def _figures(
    sections: Sequence[Section], ledger: Any, remarks: list[str]
) -> tuple[dict[str, bytes], dict[str, list[tuple[str, str]]]]:
    stems = drawings.names(sections)
    if not stems:
        return {}, {}
    try:
        drawn = drawings.drawn(sections, ledger)
    except MissingExtraError as error:
        remarks.append(f"The paper has no figures: {error}")
        return {}, {}
    return {f"figures/{name}": content for name, content in drawn.items()}, stems


def _tex_files(
    sections: Sequence[Section], style: tex.Style, digits: int, stems: dict[str, list[tuple[str, str]]]
) -> dict[str, bytes]:
    texts = {
        f"equations/{item.id}.tex": tex.fragment(item, style)
        for section in sections
        for item in section.items
    }
    texts["notation.tex"] = tex.notation(sections, style)
    texts["references.bib"] = tex.REFERENCES
    texts["paper.tex"] = tex.document(sections, style, digits=digits, figures=stems)
    return {name: text.encode("ascii") for name, text in texts.items()}


def _other_formats(
    sections: Sequence[Section],
    formats: Sequence[str],
    digits: int,
    stems: dict[str, list[tuple[str, str]]],
) -> dict[str, bytes]:
    wanted = set(formats) - {"tex"}
    if not wanted:
        return {}
    from symderive.paper.convert import to_html, to_typst
    from symderive.paper.markdown import markdown

    text = markdown(sections, digits=digits, figures=stems)
    makers = {"md": lambda: text, "html": lambda: to_html(text), "typst": lambda: to_typst(text)}
    suffixes = {"md": "md", "html": "html", "typst": "typ"}
    return {f"paper.{suffixes[name]}": makers[name]().encode() for name in FORMATS if name in wanted}


def _pdf(
    files: dict[str, bytes],
    sections: Sequence[Section],
    digits: int,
    stems: dict[str, list[tuple[str, str]]],
    required: bool,
    remarks: list[str],
) -> bytes | None:
    try:
        if pdf.has_tex():
            return pdf.by_tex(files)
        from symderive.paper.convert import to_typst
        from symderive.paper.markdown import markdown

        return pdf.by_typst(to_typst(markdown(sections, digits=digits, figures=stems)), files)
    except (InputError, MissingExtraError) as error:
        if required:
            raise
        missing = isinstance(error, MissingExtraError)
        remarks.append(f"No paper.pdf: {'TeX is not installed, and ' if missing else ''}{error}")
        return None


def manifest(
    sections: Sequence[Section], *, digits: int, depth: int | None, files: Sequence[str]
) -> dict[str, Any]:
    """What was proved, how, under which conditions, and with which software."""
    return {
        "symderive": __version__,
        "packages": {name: metadata.version(name) for name in _PACKAGES},
        "digits": digits,
        "depth": "D" if depth is None else depth,
        "files": list(files),
        "statements": {item.id: _record(item) for section in sections for item in section.items},
        "steps": {step.id: _step_record(step) for section in sections for step in section.steps},
    }


def _record(item: Item) -> dict[str, Any]:
    result = item.result
    return {
        "verdict": result.verdict.name,
        "method": result.method,
        "reason": result.reason,
        "remainder": result.remainder,
        "conditions": list(item.statement.all_conditions()),
        "axioms": list(result.axioms),
        "steps_in_words": [step.id for step in assumptions(item.statement).steps],
        "uses": list(item.uses),
        "reference": item.statement.reference,
        "latex": item.formula,
        "names": dict(item.names),
        "read_back": item.read_back,
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
    }


def report(sections: Sequence[Section]) -> str:
    """The verdicts as Markdown for people: a table, then every near-miss and its counterexample."""
    entries = [entry for section in sections for entry in section.entries]
    lines = ["# Verdicts", "", _counts(entries), "", "| statement | verdict | method | rests on | tested |"]
    lines.append("|---|---|---|---|---|")
    for entry in entries:
        result, rests = entry.result, ", ".join(entry.uses) or "its hypotheses"
        tested = f"{result.points} points ({result.boundary} at boundaries), {result.digits} digits"
        tested = tested if isinstance(entry, Item) else "not tested"
        lines.append(f"| `{entry.id}` | {result.verdict} | {result.method} | {rests} | {tested} |")
    for entry in entries:
        result = entry.result
        said = entry.statement if isinstance(entry, Item) else entry.step
        conditions = said.all_conditions() if isinstance(said, Statement) else said.conditions
        lines += ["", f"## {entry.id}", "", f"{said.title}.", ""]
        lines += [] if isinstance(said, Statement) else [said.text, ""]
        lines += [f"- Condition: {condition}" for condition in conditions]
        lines += [f"- Reference: {said.reference}"]
        if result.reason:
            lines += [f"- {result.verdict}: {result.reason} {result.counterexample}".rstrip()]
        if result.remainder:
            lines += [f"- What is left: ${result.remainder}$"]
        lines += [f"- Tested only where {restriction}" for restriction in result.narrowed]
        lines += [f"- Tested at {place}" for place in result.places if place]
        lines += [f"- Near-miss, {why}: refuted at {where}" for why, where in result.near_misses]
    return "\n".join(lines) + "\n"


def _counts(entries: Sequence[Item | StepItem]) -> str:
    counts = {verdict: sum(entry.result.verdict is verdict for entry in entries) for verdict in Verdict}
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count) + "."


def _place(folder: Path, files: dict[str, bytes]) -> None:
    earlier = _earlier_files(folder / "manifest.json")
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{path.parent} cannot be made ({error.strerror}); give another --out."
            ) from None
        with write_whole(path) as stream:
            stream.write(content)
    for name in sorted(earlier - set(files)):
        (folder / name).unlink(missing_ok=True)


def _earlier_files(path: Path) -> set[str]:
    """Files of an earlier run, as its manifest lists them; names that leave the folder are ignored."""
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["files"]
        names = {str(name) for name in listed}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    kinds = ("equations/", "figures/", "paper.", "notation.", "references.", "report.")
    return {name for name in names if name.startswith(kinds) and ".." not in Path(name).parts}
