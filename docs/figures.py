"""The figures outside the gallery are made by its scripts: ``python docs/figures.py`` writes them anew.

A figure holds, beside its dots, what its lines show, so that a test can tell whether the script still
draws the same: the bytes of pictures differ with the versions of libraries.
"""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
GALLERY, STATIC = ROOT / "examples" / "gallery", ROOT / "docs" / "_static"

#: The scripts whose figures are kept, each as a PNG of its name.
KEPT = ("training_curves",)

#: Where the lines stand in the file, and how many of their points.
FIELD, POINTS = "Description", 21


def drawn(script: str) -> Any:
    """The one figure that a script of the gallery draws."""
    plt.close("all")
    with mpl.rc_context():
        mpl.use("agg")
        runpy.run_path(str(GALLERY / f"{script}.py"), run_name="__main__")
        [number] = plt.get_fignums()
        figure = plt.figure(number)
        figure.canvas.draw()
        return figure


def lines(figure: Any) -> list[list[list[float]]]:
    """Of every line in every panel, points that lie evenly on it: their places up and down."""
    found = []
    for panel in figure.axes:
        heights = [np.asarray(line.get_ydata(), float) for line in panel.lines]
        found.append(
            [
                y[np.linspace(0, len(y) - 1, min(len(y), POINTS)).round().astype(int)].tolist()
                for y in heights
            ]
        )
    return found


def main() -> None:
    """Write all figures that are kept."""
    for name in KEPT:
        figure = drawn(name)
        rounded = [[[float(f"{y:.9g}") for y in line] for line in panel] for panel in lines(figure)]
        metadata = {"Software": None, FIELD: json.dumps(rounded)}
        figure.savefig(STATIC / f"{name}.png", dpi=200, metadata=metadata)


if __name__ == "__main__":
    main()
