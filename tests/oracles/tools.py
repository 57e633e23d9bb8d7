"""What some tests need and not every machine has, by the marker that such a test carries."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from symderive.latex.check import _katex_folder
from symderive.writers.pdf import has_tex


@dataclass(frozen=True)
class Tool:
    """A program or a library: what it is called, whether it is here, and whether CI must have it."""

    name: str
    is_here: Callable[[], bool]
    on_ci: Callable[[], bool] = lambda: False


def _has_katex() -> bool:
    return shutil.which("node") is not None and _katex_folder() is not None


def _converts() -> bool:
    try:
        import_module("typst")
        import_module("pypandoc").get_pandoc_version()
    except (ImportError, OSError):
        return False
    return True


#: By marker.  CI installs KaTeX where it finds Node.
TOOLS = {
    "tex": Tool("TeX", has_tex, on_ci=lambda: True),
    "node": Tool("Node with KaTeX", _has_katex, on_ci=lambda: shutil.which("node") is not None),
    "pdf": Tool("the extra 'pdf'", _converts, on_ci=lambda: True),
    "docs": Tool("the extra 'docs'", lambda: find_spec("myst_nb") is not None, on_ci=lambda: True),
    "browser": Tool("Chromium", lambda: shutil.which("chromium") is not None, on_ci=lambda: True),
    "coq": Tool("Coq", lambda: shutil.which("coqc") is not None, on_ci=lambda: True),
    "torch": Tool("PyTorch", lambda: find_spec("torch") is not None),
    "jax": Tool("JAX", lambda: find_spec("jax") is not None),
    "julia": Tool("Julia", lambda: shutil.which("julia") is not None),
}


def require(marker: str) -> None:
    """Skip the test where the tool of its marker is missing; with ``CI=true`` fail if CI must have it."""
    tool = TOOLS[marker]
    if not tool.is_here():
        must = os.environ.get("CI") == "true" and tool.on_ci()
        (pytest.fail if must else pytest.skip)(f"{tool.name} is not installed")


def browsed(
    page: Path,
    what: str = "--dump-dom",
    *options: str,
    fragment: str = "",
    size: str = "1000,800",
    scratch: Path | None = None,
    seconds: int = 120,
) -> str:
    """What Chromium answers about a page that it has opened: by default the page after its scripts ran.

    ``what``, such as ``--screenshot=FILE``, and ``options`` are options of Chromium; ``fragment`` is what
    follows the page in its address.  Its profile lies in ``scratch``, beside the page where none is given.
    """
    usual = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={size}")
    profile = f"--user-data-dir={(scratch or page.parent) / 'profile'}"
    call = ["chromium", *usual, profile, what, *options, f"file://{page}{fragment}"]
    return subprocess.run(call, capture_output=True, text=True, timeout=seconds, check=True).stdout


class Library:
    """A library that is imported when a test first uses it: a worker without such a test does without."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith(
            ("_", "pytest_")
        ):  # whoever collects tests asks what kind of object this is
            raise AttributeError(attribute)
        return getattr(import_module(self._name), attribute)
