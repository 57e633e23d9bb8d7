"""The derivations of the package, where they are installed."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from symderive.errors import InputError


def derivations() -> ModuleType:
    """``symderive.derivations``; :class:`InputError` where Python finds a clone's folder in its place.

    There they stand beside the package and are no part of it.
    """
    try:
        return import_module("symderive.derivations")
    except ModuleNotFoundError as error:
        if error.name != "symderive.derivations":
            raise
        raise InputError(
            "this symderive is the folder of a clone, which has no derivations in it; install it by "
            "'pip install -e .', or call 'symderive' in place of 'python -m symderive'."
        ) from None
