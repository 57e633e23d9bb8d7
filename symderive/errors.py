"""The errors that users meet: each message is one sentence naming what, where and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: Letters of a name that it is compared by: the time is that of the square.
LONGEST = 100


class InputError(ValueError):
    """An argument, a file or a combination of the two that cannot be used as given.

    The message is one sentence that says what is wrong and what to give instead.  The command line prints
    it and ends with exit code 2.

    Examples
    --------
    >>> from symderive import Network
    >>> Network(2, widths=32, decays=-1)
    Traceback (most recent call last):
    symderive.errors.InputError: the decay of layer 1 is -1; give a value that is not negative.
    """


class MissingExtraError(ImportError):
    """An optional dependency is needed and absent; the message names the extra that brings it."""

    @classmethod
    def of(cls, need: str, extra: str) -> MissingExtraError:
        """``need`` is a clause that ends in what is missing; how to get it is told for wheels and clones.

        >>> print(MissingExtraError.of("this needs typst", "pdf"))
        this needs typst; get it with pip install "symderive[pdf]" (in a clone: pip install ".[pdf]").
        """
        return cls(
            f'{need}; get it with pip install "symderive[{extra}]" (in a clone: pip install ".[{extra}]").'
        )


class Notice(UserWarning):
    """Something that a person should know and that stops nothing; the command line prints the sentence."""


def nearest(text: str, known: Iterable[str]) -> str:
    """The name that is most like one that is not known; empty where no name is."""
    return next(iter(near_names(text, known)), "")


def near_names(text: str, known: Iterable[str], *, most: int = 1, cutoff: float = 0.0) -> list[str]:
    """The names that are most like one that is not known, at most ``most``, alike by ``cutoff``, 0 to 1.

    >>> near_names("lower-bond", ["loss", "lower-bound"]), near_names("weather", ["loss"], cutoff=0.7)
    (['lower-bound'], [])
    """
    from difflib import get_close_matches

    return get_close_matches(text[:LONGEST], list(known), n=most, cutoff=cutoff)


def shown(text: str, most: int = 40) -> str:
    """Text in quotes for a message, cut where it is long.

    >>> shown("1e5"), shown("0123456789", 4)
    ("'1e5'", "'0123…'")
    """
    head = text[:most]
    while len(repr(head)) > most + 2:
        head = head[:-1]
    return repr(head) if head == text else f"{repr(head)[:-1]}…{repr(head)[-1]}"


def listed(names: Sequence[str], room: int = 120) -> str:
    """Names with commas between them, as many as ``room`` letters hold.

    >>> listed(["a", "b"]), listed(["a" * 50, "b" * 50, "c"], 60)
    ('a, b', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa… and 2 more')
    """
    texts = [shown(name)[1:-1] for name in names]
    kept: list[str] = []
    while len(kept) < len(texts) and (not kept or len(", ".join([*kept, texts[len(kept)]])) <= room):
        kept.append(texts[len(kept)])
    left = len(texts) - len(kept)
    return ", ".join(kept) + (f" and {left} more" if left else "")


def one_of(names: Iterable[str]) -> str:
    """Names to choose from.

    >>> one_of(["a", "b", "c"])
    'a, b or c'
    """
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
