"""``symderive examples``: a copy of the examples and their data."""

from __future__ import annotations

import click

from symderive.cli.options import epilog, files
from symderive.cli.terminal import show


@click.command(
    epilog=epilog(
        "Exit code 0: the examples are there. 2: the folder holds something, or cannot be written.",
        "examples",
        "examples my-copy",
    )
)
@click.argument("folder", metavar="[DIR]", default="symderive-examples", shell_complete=files)
def examples(folder: str) -> int:
    """Copy the examples and their data into a new folder.

    They are scripts that say in their first lines what they show, what they need and how long they take;
    DIR is symderive-examples where none is named.
    """
    from symderive.files.examples import copy_examples, scripts
    from symderive.report.examples import examples_page

    place = copy_examples(folder)
    show(examples_page(place, scripts(place)))
    return 0
