"""The errors that users meet: each message is one sentence naming what, where and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable


class InputError(ValueError):
    """An argument, a file or a combination of the two that cannot be used as given."""


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
    from difflib import get_close_matches

    return next(iter(get_close_matches(text, list(known), n=1, cutoff=0.0)), "")
