"""What the text of a paper cites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symderive.errors import InputError, nearest
from symderive.paper.blocks import Block, Environment, Grid, Heading, Paper, Paragraph, Picture, Proof
from symderive.paper.words import Citation, spans


def cited(paper: Paper) -> tuple[tuple[str, str], ...]:
    """The works that the paper cites, in the order of the list of references."""
    keys = {
        key
        for text in (paper.abstract, *(text for block in paper.blocks for text in texts(block)))
        for span in spans(text)
        if isinstance(span, Citation)
        for key in span.keys
    }
    _require_keys(sorted(keys), paper)
    return tuple(pair for pair in paper.references if pair[0] in keys)


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


def _require_keys(keys: Iterable[str], paper: Paper) -> None:
    """:class:`InputError` with the nearest key for a work that the paper does not have."""
    known = [key for key, _ in paper.references]
    for key in keys:
        if key not in known:
            near = nearest(key, known)
            hint = f"the nearest is [@{near}]" if near else "it has none"
            raise InputError(f"[@{key}] cites a work that is not among the references; {hint}.")
