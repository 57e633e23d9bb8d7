"""What the text of a paper cites."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from symderive.errors import InputError, nearest
from symderive.library.load import load_document
from symderive.paper.bibliography import works
from symderive.paper.blocks import Block, Environment, Grid, Heading, Paper, Paragraph, Picture, Proof
from symderive.paper.words import Citation, spans


def with_works(paper: Paper, own: Iterable[tuple[str, str]] = ()) -> Paper:
    """A paper with the works that it cites, in the order of a list of references, from BibTeX by key.

    What is not among its ``own`` is looked up among those of the package's paper, since sections of the
    package cite them wherever they are printed.  Raises :class:`InputError` with the nearest key for a
    work that neither has, and for an entry that is none.
    """
    keys = {
        key
        for text in (paper.abstract, *(text for block in paper.blocks for text in texts(block)))
        for span in spans(text)
        if isinstance(span, Citation)
        for key in span.keys
    }
    known = dict(own)
    if missing := keys - set(known):
        known |= {key: entry for key, entry in load_document().references if key in missing}
    _require_keys(sorted(keys), known)
    cited = works((key, entry) for key, entry in known.items() if key in keys)
    return replace(paper, references=tuple((work.key, work.bibtex()) for work in cited))


def texts(block: Block) -> Iterator[str]:
    """All text of a block."""
    match block:
        case Paragraph():
            yield block.text
        case Heading():
            yield block.title
        case Environment():
            yield block.name
            for part in block.parts:
                yield from texts(part)
        case Proof():
            yield block.of
            yield from (part.text for part in block.parts)
        case Picture():
            yield block.caption
        case Grid():
            yield block.caption
            for row in (block.header, *block.rows):
                yield from row


def _require_keys(keys: Iterable[str], known: Collection[str]) -> None:
    """:class:`InputError` with the nearest key for a work that the paper does not have."""
    for key in keys:
        if key not in known:
            near = nearest(key, known)
            hint = f"the nearest is [@{near}]" if near else "it has none"
            raise InputError(f"[@{key}] cites a work that is not among the references; {hint}.")
