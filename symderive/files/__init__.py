"""Files that are read, and files that appear whole or not at all.

What a command writes is first written beside its place, under a name that ends in ``.part``, then brought
to the disk and renamed.  Whatever stops the program, there is the old file or the new one, whole:

- :func:`require_outputs` refuses outputs that are inputs or other outputs; commands call it first,
- :func:`write_whole`, :func:`unfinished_file`, :func:`write_together` and :func:`fill_folder` write,
- :func:`remove_leftovers` removes what programs that were killed have left,
- :func:`open_input` opens what is read, pipes too, and :func:`read_input` reads it whole.

A link stays a link: the file that it leads to is replaced, and made where there is none.  A file that is
replaced keeps its permissions (but for set-user-id, set-group-id and sticky bits), its group and owner
where the system lets the program keep them; a new one has what the umask leaves.  *Not* kept are access
control lists, extended attributes and further names of the file: a second hard link keeps the old content.
"""

from symderive.files.inputs import open_input, read_input
from symderive.files.leftovers import remove_leftovers
from symderive.files.outputs import require_outputs
from symderive.files.places import named, require_folder, require_output_folder, unreadable
from symderive.files.whole import (
    fill_folder,
    require_empty_folder,
    unfinished_file,
    write_together,
    write_whole,
)

__all__ = [
    "fill_folder",
    "named",
    "open_input",
    "read_input",
    "remove_leftovers",
    "require_empty_folder",
    "require_folder",
    "require_output_folder",
    "require_outputs",
    "unfinished_file",
    "unreadable",
    "write_together",
    "write_whole",
]
