"""Text in other encodings than UTF-8, a part at a time."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from symderive.errors import InputError, shown

#: The encoding of files that say nothing else; a byte order mark is left out anyway.
UTF_8 = "utf-8-sig"

#: How a file in UTF-16 begins, as "Unicode text" of spreadsheets does.
_MARKS_OF_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

#: Encodings that turn some text into other text in ways of their own.
_NO_FILES = ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape")


def require_encoding(name: str) -> None:
    """:class:`InputError` unless Python reads text files in an encoding of this name."""
    _decoder(name)


def is_utf_8(name: str) -> bool:
    """Whether an encoding is UTF-8, with a byte order mark or without.

    >>> is_utf_8("UTF8"), is_utf_8("utf-8-sig"), is_utf_8("cp1252")
    (True, True, False)
    """
    return codecs.lookup(name).name in ("utf-8", "utf-8-sig")


def in_utf_8(name: str, file: str) -> Callable[[bytes], bytes]:
    """What takes the parts of a file in turn, the last one empty, and gives them in UTF-8.

    Characters that are divided between parts are put together.
    """
    decoder = _decoder(name)()

    def recode(raw: bytes) -> bytes:
        try:
            return decoder.decode(raw, not raw).encode()
        except UnicodeError:
            raise InputError(
                f"{file} is not text in the encoding {shown(name)}; give the one that it was written in "
                "with --encoding (encoding)."
            ) from None

    return recode


def not_text(file: str, raw: bytes) -> InputError:
    """What is said of a file that was taken for UTF-8; ``raw`` is some of it."""
    if raw.startswith(_MARKS_OF_UTF_16):
        hint = 'give --encoding utf-16 (encoding="utf-16"), which it begins like'
    else:
        hint = 'give --encoding NAME (encoding="cp1252", for example), or save it as UTF-8'
    return InputError(f"{file} is not a CSV file in UTF-8 text; {hint}.")


def _decoder(name: str) -> type[codecs.IncrementalDecoder] | Callable[[], codecs.IncrementalDecoder]:
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        found = None
    make = None if found is None else found.incrementaldecoder
    if (
        found is None
        or make is None
        or found.name.replace("-", "_") in _NO_FILES
        or not found._is_text_encoding
    ):
        raise InputError(
            f"the encoding {shown(name)} is unknown; give one that Python knows, such as utf-8, cp1252, "
            "latin-1 or utf-16."
        )
    return make
