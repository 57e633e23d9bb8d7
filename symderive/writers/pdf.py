"""A PDF of the paper: by TeX where it is installed, else by way of Typst."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from symderive.errors import InputError

#: Seconds after which TeX is taken to hang.
PATIENCE = 300


def has_tex() -> bool:
    """Whether latexmk and pdflatex are there."""
    return bool(shutil.which("latexmk") and shutil.which("pdflatex"))


def by_tex(files: Mapping[str, bytes]) -> bytes:
    """``paper.pdf`` from the files of a paper directory; the same bytes every time.

    Raises :class:`InputError` with TeX's first complaint where it fails.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "paper"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        environment = {
            **os.environ,
            "SOURCE_DATE_EPOCH": "0",
            "FORCE_SOURCE_DATE": "1",
            "openin_any": "p",
            "openout_any": "p",
        }
        command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error"]
        command += ["-latexoption=-no-shell-escape", "-norc"]  # nothing runs but TeX
        try:
            subprocess.run(
                [*command, "paper.tex"],
                cwd=folder,
                env=environment,
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise InputError(f"TeX did not finish within {PATIENCE} seconds; try --no-pdf.") from None
        made = folder / "paper.pdf"
        log = folder / "paper.log"
        if not made.is_file():
            text = log.read_text(encoding="latin-1") if log.is_file() else ""
            fault = next((line for line in text.splitlines() if line.startswith(("!", "./"))), "no log")
            raise InputError(f"TeX could not make the PDF ({fault[:200]}); mend the text that it names.")
        return made.read_bytes()


def by_typst(source: str, files: Mapping[str, bytes]) -> bytes:
    """A PDF of Typst source; ``files`` bring the figures.

    Raises :class:`symderive.errors.MissingExtraError` without the ``pdf`` extra.
    """
    from symderive.writers.convert import typst_to_pdf

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "figures").mkdir()
        for name, content in files.items():
            if name.startswith("figures/"):
                (folder / name).write_bytes(content)
        return typst_to_pdf(source, folder)
