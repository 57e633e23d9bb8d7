"""NPZ archives, never unpickled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from symderive.errors import InputError
from symderive.files import open_input


def read_npz(path: Path) -> dict[str, Any]:
    """The arrays of an NPZ file, never unpickled; :class:`InputError` for anything unreadable."""
    import numpy as np

    try:
        with open_input(path, seekable=True) as stream, np.load(stream, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
            if all(isinstance(array, np.ndarray) for array in arrays.values()):
                return arrays
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from None
    except Exception:  # a broken archive can raise anything: nine types were met by flipping bytes
        pass
    raise InputError(
        f"{path.name} is not an NPZ archive of plain numbers (pickled objects are refused); "
        "write it with numpy.savez."
    )
