"""PostgreSQL's binary COPY format, for rows of numbers without NULL.

Source: PostgreSQL documentation, COPY, "Binary Format".  Rows of fixed width become
arrays without a Python object per value, which text would cost.
"""

import io

import numpy as np

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
_TYPES = {"int4": ">i4", "int8": ">i8", "float8": ">f8", "bool": "?"}
_CHUNK = 1 << 24
# Bytes that are handed on at once: each row comes alone.
_BUFFER = 1 << 18
# Rows filled together, some hundred kilobytes.
_ROWS = 2048


def _row_dtype(columns: dict[str, str]) -> np.dtype:
    """Layout of one row: number of fields, then length and value of each."""
    fields = [("_fields", ">i2")]
    for name, kind in columns.items():
        fields += [(f"_{name}", ">i4"), (name, _TYPES[kind])]
    return np.dtype(fields)


class _Sink(io.RawIOBase):
    """What is written goes to a function."""

    def __init__(self, function):
        self._function = function

    def writable(self) -> bool:
        return True

    # a file, not a record
    def write(self, data) -> int:  # pylint: disable=method-required-super
        return self._function(data)


class RowReader:
    """A file to COPY into; gives the columns as arrays.

    :param columns: ``{name: int4 | int8 | float8 | bool}`` in the order of the query

    >>> reader = RowReader({"id": "int4", "value": "float8"})
    >>> _ = reader.write(encode_rows({"id": np.array([1, 2]),
    ...                               "value": np.array([0.5, 7])},
    ...                              {"id": "int4", "value": "float8"}))
    >>> {name: array.tolist() for name, array in reader.close().items()}
    {'id': [1, 2], 'value': [0.5, 7.0]}
    """

    def __init__(self, columns: dict[str, str]):
        self._columns = columns
        self._dtype = _row_dtype(columns)
        self._buffer = bytearray()
        self._header = len(HEADER)
        self._chunks = {name: [] for name in columns}

    def buffered(self) -> io.BufferedWriter:
        """A file that writes here, many rows at once; to be flushed in the end."""
        return io.BufferedWriter(_Sink(self.write), _BUFFER)

    # a file, not a record
    def write(self, data: bytes) -> int:  # pylint: disable=method-required-super
        self._buffer += data
        if len(self._buffer) > _CHUNK:
            self._drain()
        return len(data)

    def close(self) -> dict[str, np.ndarray]:
        """The columns, in the byte order of the machine.

        :raises ValueError: where a value was NULL, or the data ended too soon
        """
        self._drain()
        if self._header or self._buffer != TRAILER:
            # a row that is shorter than others: a NULL in the last one, for instance
            rest = bytes(self._buffer[: self._dtype.itemsize])
            row = np.frombuffer(rest.ljust(self._dtype.itemsize, b"\0"), self._dtype)
            name = self._find_wrong(row) or next(iter(self._columns))
            raise ValueError(f"the data ends where column {name} has no value")
        result = {}
        for name, kind in self._columns.items():
            chunks = self._chunks.pop(name)
            empty = np.empty(0, dtype=np.dtype(_TYPES[kind]).newbyteorder("="))
            result[name] = np.concatenate(chunks) if chunks else empty
        return result

    def _drain(self) -> None:
        if self._header and len(self._buffer) >= self._header:
            del self._buffer[: self._header]
            self._header = 0
        count = len(self._buffer) // self._dtype.itemsize
        if self._header or not count:
            return
        size = count * self._dtype.itemsize
        rows = np.frombuffer(bytes(self._buffer[:size]), dtype=self._dtype)
        del self._buffer[:size]
        if wrong := self._find_wrong(rows):
            kind = self._columns[wrong]
            raise ValueError(f"column {wrong} has a value that is not {kind}")
        for name in self._columns:
            native = rows[name].dtype.newbyteorder("=")
            self._chunks[name].append(rows[name].astype(native))

    def _find_wrong(self, rows: np.ndarray) -> str | None:
        """The column of the first value that is NULL or has another width."""
        first, found = len(rows), None
        for name, kind in self._columns.items():
            wrong = rows[f"_{name}"] != np.dtype(_TYPES[kind]).itemsize
            # what follows a NULL is read in the wrong place, in all columns
            if wrong.any() and wrong.argmax() < first:
                first, found = wrong.argmax(), name
        return found


def encode_rows(arrays: dict[str, np.ndarray], columns: dict[str, str]) -> bytearray:
    """Rows to COPY from.

    :param arrays: one array per column, all of shape (n,)
    :param columns: as for :class:`RowReader`
    """
    count = len(next(iter(arrays.values())))
    dtype = _row_dtype(columns)
    template = np.zeros(1, dtype=dtype)
    template["_fields"] = len(columns)
    for name, kind in columns.items():
        template[f"_{name}"] = np.dtype(_TYPES[kind]).itemsize
    data = bytearray(len(HEADER) + count * dtype.itemsize + len(TRAILER))
    data[: len(HEADER)] = HEADER
    data[-len(TRAILER) :] = TRAILER
    rows = np.frombuffer(data, dtype=dtype, count=count, offset=len(HEADER))
    values = {name: np.asarray(arrays[name]) for name in columns}
    # some rows after the other: what is filled column by column stays in the cache
    for begin in range(0, count, _ROWS):
        part = rows[begin : begin + _ROWS]
        part[:] = template
        for name, array in values.items():
            part[name] = array[begin : begin + _ROWS]
    return data
