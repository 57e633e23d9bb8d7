"""What every tutorial loads first, unseen: the style of its pictures, and commands' output in one piece."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

#: Settings of matplotlib beside those of the package, for a page on a screen.
SCREEN = {"figure.figsize": (5.6, 3.1), "figure.constrained_layout.use": True, "font.size": 10}


#: Characters of a line that a page has room for.
COLUMNS = "84"


def bash(_line: str, commands: str) -> None:
    """``%%bash``, but with the output in one piece: IPython's comes by 100 bytes, and lines break there."""
    wide = os.environ | {"COLUMNS": COLUMNS}
    done = subprocess.run(["bash", "-c", commands], capture_output=True, text=True, check=False, env=wide)
    sys.stderr.write(done.stderr)
    sys.stdout.write(done.stdout)
    done.check_returncode()


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext notebooks`` in a tutorial."""
    import matplotlib.pyplot as plt

    from symderive.figure_style import STYLE

    shell.run_line_magic("config", 'InlineBackend.figure_formats = ["svg"]')
    shell.register_magic_function(bash, "cell")
    plt.rcParams.update(STYLE | SCREEN)
