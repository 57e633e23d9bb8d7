"""Exported Python source as a live module.  The text is our own; text of users never comes here."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from symderive.export import export


def namespace(target: str, **options: Any) -> ModuleType:
    """The module that ``export(target, ...)`` writes, imported from memory."""
    name = f"symderive_exported_{target}"
    module = ModuleType(name)
    source = export(target, **options)
    sys.modules[name] = module  # dataclasses and named tuples look their module up
    exec(compile(source, f"<{name}>", "exec"), module.__dict__)  # noqa: S102
    return module
