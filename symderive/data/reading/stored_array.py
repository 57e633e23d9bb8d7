"""An array in a file, read some rows at a time, in order."""

from __future__ import annotations

from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

#: Bytes that are copied at a time.
COPIED = 1 << 18


class StoredArray:
    """What NumPy's ``.npy`` format holds, without more than the rows that are asked for in memory.

    Rows are taken as ``array[start:stop]``, each once and in order.  Columns that are stored one after the
    other are copied to a temporary file first.  Raises whatever a damaged stream makes it raise, also where
    it holds more than the array; objects that would have to be unpickled are refused.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        from numpy.lib import format as npy

        version = npy.read_magic(stream)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        self.shape, by_columns, self.dtype = read(stream)
        if self.dtype.hasobject or min(self.shape, default=0) < 0:
            raise ValueError("not an array of plain numbers")
        self._stream, self._row = stream, 0
        self._by_columns = by_columns and len(self.shape) == 2 and min(self.shape) > 1

    def reshape(self, *shape: int) -> StoredArray:
        """As one column, of a vector or of a matrix with one row or column."""
        count = 1
        for size in self.shape:
            count *= size
        if shape != (-1, 1):
            raise ValueError(shape)
        self.shape = (count, 1)
        return self

    def close(self) -> None:
        """Let the stream and the temporary file go."""
        self._stream.close()

    def __getitem__(self, rows: slice) -> np.ndarray:
        import numpy as np

        count, width = rows.stop - rows.start, self.shape[1]
        if rows.start != self._row:
            raise ValueError(f"row {rows.start} is not the next one")
        if self._by_columns and self._row == 0:
            with self._stream as stored:
                self._stream = _copied(stored)
        self._row += count
        if self._by_columns:
            part = np.empty((count, width), self.dtype, order="F")
            for column in range(width):
                place = column * self.shape[0] + rows.start
                self._stream.seek(place * self.dtype.itemsize)
                part[:, column] = self._numbers(count)
            last = self.shape[0] * width * self.dtype.itemsize
            if self._row == self.shape[0]:
                self._stream.seek(last)
        else:
            part = self._numbers(count * width).reshape(count, width)
        # The end is looked for, since a zip archive checks its checksum there.
        if self._row == self.shape[0] and self._stream.read(1):
            raise ValueError("more than the array")
        return part

    def _numbers(self, count: int) -> np.ndarray:
        import numpy as np

        size = count * self.dtype.itemsize
        parts = []
        while size and (part := self._stream.read(size)):
            parts.append(part)
            size -= len(part)
        if size:
            raise EOFError("less than the array")
        return np.frombuffer(b"".join(parts), self.dtype)


def _copied(stream: IO[Any]) -> IO[bytes]:
    copy = TemporaryFile()  # noqa: SIM115  it lives as long as the array
    copyfileobj(stream, copy, COPIED)
    return copy
