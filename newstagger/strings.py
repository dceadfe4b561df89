"""A column of strings as two plain arrays, so that names travel in a bundle like numbers do and are decoded one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class StringColumn:
    """Strings by row: UTF-8 ``data`` (uint8) cut at ``offsets`` (uint32, one more than there are rows)."""

    data: NDArray[np.uint8]
    offsets: NDArray[np.uint32]

    @classmethod
    def pack(cls, strings: Iterable[str]) -> StringColumn:
        """Return the column of these strings."""
        encoded = [s.encode("utf-8") for s in strings]
        offsets = np.zeros(len(encoded) + 1, dtype=np.uint32)
        np.cumsum([len(e) for e in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> StringColumn:
        """Return the column stored under ``name`` by ``arrays``."""
        return cls(arrays[f"{name}_data"], arrays[f"{name}_offsets"])

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return the two arrays under the names that ``read`` expects."""
        return {f"{name}_data": self.data, f"{name}_offsets": self.offsets}

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> str:
        start, end = int(self.offsets[row]), int(self.offsets[row + 1])
        return self.data[start:end].tobytes().decode("utf-8", "replace")

    def problem(self) -> str | None:
        """Return what is wrong with the two arrays, or None: called once at load, so that no row can reach outside."""
        if self.data.dtype != np.uint8 or self.offsets.dtype != np.uint32 or self.offsets.ndim != 1 or not len(self.offsets):
            return "wrong array types"
        if int(self.offsets[0]) or int(self.offsets[-1]) != len(self.data) or bool(np.any(self.offsets[1:] < self.offsets[:-1])):
            return "offsets out of range"
        return None
