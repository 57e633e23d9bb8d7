r"""References: BibTeX entries by key, read, checked, and written for TeX and for people.

Entries are text that anybody may write, and BibTeX hands their fields to TeX: they hold accents and no
other commands.  Order is that of BibTeX's style ``plain``: by authors, year, title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from symderive.errors import InputError

_ENTRY = re.compile(r"\s*@([A-Za-z]+)\s*\{\s*([A-Za-z0-9:.+_-]+)\s*,(.*)\}\s*", re.DOTALL)
_FIELD = re.compile(r"\s*([A-Za-z]+)\s*=\s*")
_KINDS = frozenset(
    ("article", "inproceedings", "book", "incollection", "phdthesis", "misc", "techreport", "unpublished")
)

#: Accents, as TeX writes them and as Unicode combines them.
_ACCENTS = {"'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303", "v": "\u030c"}
_ACCENTS |= {"c": "\u0327", "=": "\u0304", ".": "\u0307", "u": "\u0306", "H": "\u030b"}
_LETTERS = {"o": "ø", "O": "Ø", "ss": "ß", "ae": "æ", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "i"}
_SIGNS = {"&": "&", "%": "%", "_": "_", "#": "#"}

_ACCENTED = re.compile(r"\\(['`\"^~=.]|[vcuH](?![A-Za-z]))\s*(?:\{\\?([A-Za-z])\}|\\?([A-Za-z]))")
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)\s*|(.))", re.DOTALL)


@dataclass(frozen=True)
class Work:
    """A reference: ``fields`` are TeX, in the order of the entry."""

    key: str
    kind: str
    fields: tuple[tuple[str, str], ...]

    def plain(self, name: str) -> str:
        """A field in Unicode; empty for one that is not there."""
        return _plain(dict(self.fields).get(name, ""), self.key)

    @property
    def order(self) -> tuple[str, ...]:
        """By what works are sorted."""
        names = [_last_first(name) for name in self.plain("author").split(" and ")]
        text = (" ".join(names), self.plain("year"), self.plain("title"))
        return tuple(_sortable(part) for part in text)

    def bibtex(self) -> str:
        """The entry, one field a line."""
        width = max((len(name) for name, _ in self.fields), default=0)
        fields = "".join(f"  {name:<{width}} = {{{value}}},\n" for name, value in self.fields)
        return f"@{self.kind}{{{self.key},\n{fields}}}\n"

    def line(self) -> str:
        """One line in plain words, as in a list of references."""
        authors = self.plain("author").split(" and ")
        names = ", ".join(" ".join(reversed(_last_first(name).split(", ", 1))) for name in authors)
        home = next(
            (self.plain(x) for x in ("journal", "booktitle", "publisher", "school") if x in self), ""
        )
        volume = ", ".join(filter(None, (home, self.plain("volume"), self.plain("pages"))))
        parts = (names, self.plain("title"), volume, self.plain("note"), self.plain("year"))
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    def __contains__(self, name: str) -> bool:
        return name in dict(self.fields)


def works(references: Iterable[tuple[str, str]]) -> tuple[Work, ...]:
    """References in the order of a list; :class:`InputError` for an entry that is none."""
    return tuple(sorted((_read(key, entry) for key, entry in references), key=lambda work: work.order))


def _read(key: str, entry: str) -> Work:
    match = _ENTRY.fullmatch(entry)
    if match is None or match[1].lower() not in _KINDS or match[2] != key:
        raise InputError(
            f"the reference {key!r} is no BibTeX entry of that key, such as @article{{{key}, …}}."
        )
    fields = []
    rest = match[3]
    while rest.strip(" \n\t,"):
        rest = rest.lstrip(" \n\t,")
        head = _FIELD.match(rest)
        if head is None:
            raise InputError(f"the reference {key!r} has no field at {rest[:40]!r}; write name = {{…}}.")
        value, rest = _value(rest[head.end() :], key)
        _plain(value, key)
        fields.append((head[1].lower(), " ".join(value.split())))
    return Work(key, match[1].lower(), tuple(fields))


def _value(text: str, key: str) -> tuple[str, str]:
    """The value at the beginning of a text, and what follows it."""
    if number := re.match(r"\d+", text):
        return number[0], text[number.end() :]
    closing = {"{": "}", '"': '"'}.get(text[:1])
    depth = 0
    for at, letter in enumerate(text[1:], 1):
        if closing and letter == closing and depth == 0:
            return text[1:at], text[at + 1 :]
        depth += (letter == "{") - (letter == "}")
    raise InputError(
        f"the reference {key!r} has a field that does not end, {text[:40]!r}; close its brace."
    )


def _plain(tex: str, key: str) -> str:
    """TeX with accents as Unicode; :class:`InputError` for other commands and for what is not ASCII."""
    if not tex.isascii() or "^^" in tex:
        raise InputError(f"the reference {key!r} holds {tex[:60]!r}; write it in ASCII, accents as in TeX.")
    text = _ACCENTED.sub(lambda found: (found[2] or found[3]) + _ACCENTS[found[1]], tex)

    def letter(found: re.Match[str]) -> str:
        known = _LETTERS.get(found[1] or "") or _SIGNS.get(found[2] or "")
        if known is None:
            raise InputError(f"the reference {key!r} holds {found[0].strip()}; a field has accents only.")
        return known

    text = _COMMAND.sub(letter, text).replace("{", "").replace("}", "").replace("$", "")
    return " ".join(unicodedata.normalize("NFC", text).replace("--", "–").replace("~", " ").split())


def _last_first(name: str) -> str:
    """``Last, First`` of a name in either order."""
    if "," in name or " " not in name.strip():
        return name.strip()
    first, _, last = name.strip().rpartition(" ")
    return f"{last}, {first}"


def _sortable(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in bare if letter.isalnum() or letter == " ")
