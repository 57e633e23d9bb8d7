"""The paper directory: all files are made first, then put in place, so that nothing is half-written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from symderive.displays.vocabulary import Reading
from symderive.errors import InputError, MissingExtraError
from symderive.files import write_whole
from symderive.library.load import vocabulary_of
from symderive.paper.assembly import Section
from symderive.paper.blocks import Paper
from symderive.paper.contents import contents
from symderive.paper.words import plain_words
from symderive.statements.display import Vocabulary
from symderive.statements.document import Document
from symderive.writers import figures as drawings
from symderive.writers import pdf, tex
from symderive.writers.manifest import manifest
from symderive.writers.report import report
from symderive.writers.style import Style

FORMATS = ("tex", "md", "html", "typst")


def write_paper(
    folder: Path,
    sections: Sequence[Section],
    *,
    style: Style,
    formats: Sequence[str] = ("tex",),
    digits: int = 50,
    depth: int | None = None,
    with_pdf: bool | None = None,
    ledger: Any = None,
    document: Document | None = None,
    vocabulary: Vocabulary | None = None,
) -> list[str]:
    """Write everything into ``folder`` and return remarks for the user, one sentence each.

    ``document`` is what somebody has written of these sections, if anybody has, in the ``vocabulary`` of
    the package and of the derivations by default.
    ``ledger``: beside it figures are kept from run to run.
    ``with_pdf``: True makes a PDF or fails, False makes none, None makes one if that is possible.  Files
    that an earlier run put there (its manifest says which) and this one does not make are removed;
    nothing else is touched.
    """
    _require_writable(folder)
    remarks: list[str] = []
    files, stems = _figures(sections, document, ledger, remarks)
    paper = contents(sections, digits=digits, document=document, figures=stems, vocabulary=vocabulary)
    files |= _tex_files(paper, sections, style)
    heads = Reading(vocabulary or vocabulary_of(x.derivation for x in sections)).functions
    files |= _other_formats(paper, formats, heads)
    files["report.md"] = report(sections).encode()
    if with_pdf is not False:
        made = _pdf(files, paper, heads, remarks, required=bool(with_pdf))
        files |= {"paper.pdf": made} if made else {}
    names = sorted([*files, "manifest.json"])
    record = manifest(sections, digits=digits, depth=depth, files=names, paper=paper, document=document)
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
    sections: Sequence[Section], document: Document | None, ledger: Any, remarks: list[str]
) -> tuple[dict[str, bytes], dict[str, list[tuple[str, str]]]]:
    """The files of figures, and those of sections by derivation."""
    stems = drawings.names(sections)
    try:
        drawn = drawings.drawn(sections, ledger, document=document)
    except MissingExtraError as error:
        if document is not None:
            raise  # a main text speaks of its figures
        remarks.append(f"The paper has no figures: {error}")
        return {}, {}
    return {f"figures/{name}": content for name, content in drawn.items()}, stems


def _tex_files(paper: Paper, sections: Sequence[Section], style: Style) -> dict[str, bytes]:
    texts = tex.fragments(paper, sections, style)
    texts["notation.tex"] = tex.notation(paper, style)
    if paper.references:
        texts["references.bib"] = "\n".join(entry for _, entry in paper.references)
    texts["paper.tex"] = tex.document(paper, style)
    return {name: text.encode("ascii") for name, text in texts.items()}


def _other_formats(paper: Paper, formats: Sequence[str], heads: frozenset[str]) -> dict[str, bytes]:
    wanted = set(formats) - {"tex"}
    if not wanted:
        return {}
    from symderive.writers.convert import to_html, to_typst
    from symderive.writers.markdown import markdown

    text, title = markdown(paper), plain_words(paper.title)
    makers = {
        "md": lambda: text,
        "html": lambda: to_html(text, title=title),
        "typst": lambda: to_typst(text, title=title, functions=heads),
    }
    suffixes = {"md": "md", "html": "html", "typst": "typ"}
    return {f"paper.{suffixes[name]}": makers[name]().encode() for name in FORMATS if name in wanted}


def _pdf(
    files: dict[str, bytes], paper: Paper, heads: frozenset[str], remarks: list[str], *, required: bool
) -> bytes | None:
    try:
        if pdf.has_tex():
            return pdf.by_tex(files)
        from symderive.writers.convert import to_typst
        from symderive.writers.markdown import markdown

        title = plain_words(paper.title)
        return pdf.by_typst(to_typst(markdown(paper), title=title, functions=heads), files)
    except (InputError, MissingExtraError) as error:
        if required:
            raise
        missing = isinstance(error, MissingExtraError)
        remarks.append(f"No paper.pdf: {'TeX is not installed, and ' if missing else ''}{error}")
        return None


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
    kinds = ("equations/", "ledger/", "figures/", "paper.", "notation.", "references.", "report.")
    return {name for name in names if name.startswith(kinds) and ".." not in Path(name).parts}
