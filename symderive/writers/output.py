"""The paper directory: all files are made first, then put in place, so that nothing is half-written.

The manifest is put in place last.  A run that is killed before leaves some files of the earlier paper and
some of the new one, each whole, under the manifest of the earlier one; the next run replaces them all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from symderive.displays.vocabulary import Reading
from symderive.errors import InputError, MissingExtraError
from symderive.files import (
    named,
    open_input,
    remove_leftovers,
    require_output_folder,
    unfinished_file,
    write_together,
)
from symderive.library.load import vocabulary_of
from symderive.paper.assembly import Section
from symderive.paper.blocks import Paper
from symderive.paper.contents import contents
from symderive.paper.words import plain_words
from symderive.statements.display import Vocabulary
from symderive.statements.document import Document
from symderive.writers import figures as drawings
from symderive.writers import pdf, tex
from symderive.writers.manifest import MANIFEST, manifest
from symderive.writers.report import report
from symderive.writers.style import Style

FORMATS = ("tex", "md", "html", "typst")

#: How the names of papers end in the formats beside TeX.
_SUFFIXES = {"md": "md", "html": "html", "typst": "typ"}

#: Folders of files that belong to a paper.
_FOLDERS = ("equations", "figures", "ledger")

#: Beginnings of the names that a paper has, of this version or an earlier one.
_KINDS = (*(f"{name}/" for name in _FOLDERS), "paper.", "notation.", "references.", "report.", MANIFEST)


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
    nothing else is touched, and :class:`InputError` says which file is in the way that is not from here, or
    that somebody has changed since.
    """
    require_paper_folder(folder, formats, with_pdf=with_pdf)
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
    record = manifest(sections, digits=digits, depth=depth, files=files, paper=paper, document=document)
    text = json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    place(folder, files | {MANIFEST: text.encode()})
    return remarks


def require_paper_folder(
    folder: Path, formats: Sequence[str] = (), *, with_pdf: bool | None = None
) -> tuple[Path, ...]:
    """Refuse, before anything is proved, a folder that cannot take a paper; the files that it surely has.

    Nothing is made yet.  Raises :class:`InputError`.
    """
    require_output_folder(folder)
    names = [MANIFEST, "notation.tex", "paper.tex", "report.md"]
    names += [f"paper.{_SUFFIXES[name]}" for name in formats if name in _SUFFIXES]
    names += ["paper.pdf"] if with_pdf else []
    _require_ours(folder, names, _earlier_files(folder))
    return tuple(folder / name for name in names)


def filled_folders(folder: Path) -> tuple[Path, ...]:
    """The folders in that of a paper which hold its files and nothing else."""
    return tuple(folder / name for name in _FOLDERS)


def _require_ours(folder: Path, names: Iterable[str], earlier: Mapping[str, Collection[str]]) -> None:
    """:class:`InputError` for a file that is not of an earlier run, or not as any left it."""
    for name in sorted({*names, *earlier}):
        path = folder / name
        if not os.path.lexists(path):
            continue
        if name not in earlier:
            what = "is not from this command and would be replaced"
        elif earlier[name] and _digest(path) not in earlier[name]:
            what = "was changed since this command wrote it, and the change would be lost"
        else:
            continue
        raise InputError(f"{named(path)} {what}; move it or give another --out.")


def _digest(path: Path) -> str:
    with open_input(path) as stream:
        return sha256(stream.read()).hexdigest()


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
    return {f"paper.{_SUFFIXES[name]}": makers[name]().encode() for name in FORMATS if name in wanted}


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


def place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files, a manifest among them, into the folder, and remove those of an earlier paper.

    The manifest is written first and takes its place last: meanwhile its unfinished file tells the next
    run what this one may have put there.
    """
    earlier = _earlier_files(folder)
    _require_ours(folder, files, earlier)
    made = _made_folders({(folder / name).parent for name in files})
    others = {folder / name: content for name, content in files.items() if name != MANIFEST}
    try:
        with unfinished_file(folder / MANIFEST, tidy=False) as manifest:
            manifest.write_bytes(files[MANIFEST])
            write_together(others)
            for name in sorted(set(earlier) - set(files)):
                _remove(folder / name)
            for above, names in _by_folder(folder, set(earlier) | set(files)).items():
                remove_leftovers(above, names)
    except InputError:
        for path in reversed(made):
            with suppress(OSError):  # it is not empty
                path.rmdir()
        raise


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"{named(path)} of an earlier paper cannot be removed ({error.strerror})."
        ) from None


def _made_folders(folders: Iterable[Path]) -> list[Path]:
    """Make folders with those above them; the new ones, from the top."""
    new = {above for folder in folders for above in (folder, *folder.parents) if not above.exists()}
    made = []
    for folder in sorted(new):
        try:
            Path(os.path.realpath(folder)).mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{named(folder)} cannot be made ({error.strerror}); give another --out."
            ) from None
        made.append(folder)
    return made


def _by_folder(folder: Path, names: Iterable[str]) -> dict[Path, list[str]]:
    found: dict[Path, list[str]] = {}
    for path in (folder / name for name in names):
        found.setdefault(path.parent, []).append(path.name)
    return found


def _earlier_files(folder: Path) -> dict[str, set[str]]:
    """Files of earlier runs with their digests, as manifests list them; names that leave the folder are
    ignored, and a manifest tells no digest of its own.

    A run that was killed has left its manifest unfinished beside the one of the run before.
    """
    found: dict[str, set[str]] = {}
    for path in (folder / MANIFEST, *folder.glob(f".{MANIFEST}.*.part")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            if "symderive" not in record:  # other programs have manifests, too
                continue
            digests = {str(name): str(digest) for name, digest in record.get("sha256", {}).items()}
            names = [MANIFEST, *map(str, record["files"])]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        for name in names:
            if name.startswith(_KINDS) and ".." not in Path(name).parts:
                found.setdefault(name, set()).update([digests[name]] if name in digests else ())
    return found
