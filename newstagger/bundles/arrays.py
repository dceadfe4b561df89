"""One array as the bytes of one ``.npy`` file (NumPy format 1.0), and back, without ever unpickling or trusting a header.

Only plain numbers in C order are read or written. What the numbers mean is checked by whoever serves from them.
"""

from __future__ import annotations

import io
import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.errors import BundleDamagedError, BundleError

KINDS = "biuf"
MAGIC = b"\x93NUMPY\x01\x00"
HEADER = re.compile(rb"\{'descr': '([<|][biuf][1248])', 'fortran_order': False, 'shape': \(([0-9]{0,15}(?:, [0-9]{1,15}){0,7}),?\), \} *\n")


def array_bytes(array: NDArray[Any], where: str) -> bytes:
    """Return the ``.npy`` bytes of an array of plain numbers, the same on every machine; raise BundleError for other types."""
    if array.dtype.kind not in KINDS or array.dtype.itemsize > 8:
        raise BundleError(f"an array of type {array.dtype} cannot be stored", where=where, next_step="store plain numbers")
    buffer = io.BytesIO()
    little = np.ascontiguousarray(array).reshape(array.shape).astype(array.dtype.newbyteorder("<"), copy=False)
    np.lib.format.write_array(buffer, little, version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def read_array(data: bytes, where: str) -> NDArray[Any]:
    """Return a read-only view of the array in ``.npy`` bytes already in memory; raise BundleDamagedError naming ``where``.

    The header must describe plain numbers that fill the rest of the file exactly, so nothing is allocated on its word.
    """
    shape, dtype, start = _header(data, where)
    if math.prod(shape) * dtype.itemsize != len(data) - start:
        raise _damaged("the array does not fill the file", where)
    return np.frombuffer(data, dtype=dtype, offset=start).reshape(shape)


def _header(data: bytes, where: str) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """Read the header as NumPy writes it for plain arrays, and nothing else that its own reader would evaluate."""
    start = 10 + int.from_bytes(data[8:10], "little")
    header = HEADER.fullmatch(data[10:start])
    if not data.startswith(MAGIC) or start > len(data) or not header:
        raise _damaged("not an array of plain numbers in C order", where)
    try:
        dtype = np.dtype(header[1].decode("ascii"))
    except TypeError:
        raise _damaged("an array of unknown numbers", where) from None
    return tuple(int(size) for size in header[2].split(b",") if size.strip()), dtype, start


def _damaged(what: str, where: str) -> BundleDamagedError:
    return BundleDamagedError(what, where=where, next_step="restore the bundle or train it again")
