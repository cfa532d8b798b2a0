"""From the bytes of a file to a table of text.

The standard csv module reads, not pandas: it knows the line a record begins on and
tells a line with a field too many from one with a field too few, at the same speed.
"""

import contextlib
import csv
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time

from .errors import FileProblem

MAX_LINES = 2_000_000
MAX_UNPACKED = 2 * 1024**3  # an XLSX of 100 kB can unpack to gigabytes

_DELIMITERS = ",;\t|"
_OLE = b"\xd0\xcf\x11\xe0"  # Excel before 2007, or a password
_WORKBOOK = b"PK\x03\x04"


@dataclass
class Table:
    """A file as read.

    :param header: names of the columns, in the first line of the file
    :param rows: lists of len(header) values: text, and in XLSX also int and float
    :param lines: the line of the file that each row begins on
    :param misfits: {row: number of fields it really has} where not len(header)
    """

    header: list
    rows: list
    lines: list
    misfits: dict = field(default_factory=dict)
    kind: str = "csv"
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""

    def text(self, row):
        """The row as one line of text."""
        return (self.delimiter or ",").join(str(value) for value in self.rows[row])

    def sample(self, column, size=3):
        """The first values of a column that are not empty."""
        found = (str(row[column]).strip() for row in self.rows[:100])
        return [value for value in found if value][:size]


def read_table(data, filename="", *, encoding="", delimiter="", limit=None):
    """Read a CSV or XLSX file.

    :param bytes data: content of the file
    :param encoding: of a CSV; empty: found by its content
    :param delimiter: of a CSV; empty: found by its first lines
    :param limit: read only so many lines, for a preview
    :raises FileProblem: when it is no such file, or empty
    """
    if not data or not data.strip():
        raise FileProblem("empty_file")
    if data.startswith(_OLE):
        raise FileProblem("old_excel", name=filename)
    if data.startswith(_WORKBOOK):
        return _read_xlsx(data, filename, limit)
    return _read_csv(data, filename, encoding, delimiter, limit)


# -- CSV -------------------------------------------------------------------


def _read_csv(data, filename, encoding, delimiter, limit):
    text, encoding = _decode(data, filename, encoding)
    skip = 0
    named = re.match(r"sep=(.)\r?\n", text)  # Excel's own hint
    if named:
        delimiter = delimiter or named[1]
        text, skip = text[named.end() :], 1
    delimiter = delimiter or _find_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, lines, misfits = [], [], {}
    before = 0
    header = None
    try:
        for row in reader:
            line, before = before + 1 + skip, reader.line_num
            if header is None:
                header = [name.strip() for name in row]
                width = len(header)
                continue
            if len(row) != width:
                row = _fit(row, width, misfits, len(rows))
            rows.append(row)
            lines.append(line)
            if limit and len(rows) >= limit:
                break
            if len(rows) > MAX_LINES:
                raise FileProblem("too_many_lines", limit=MAX_LINES)
    except csv.Error as error:
        raise FileProblem(
            "broken_csv", line=before + 1 + skip, error=str(error)
        ) from error
    return _finish(
        Table(header or [], rows, lines, misfits, "csv", encoding, delimiter)
    )


def _fit(row, width, misfits, position):
    """Cut or fill a row to the width of the header, keeping note of it."""
    if len(row) > width and not any(value.strip() for value in row[width:]):
        return row[:width]  # a delimiter at the end of the line
    if row:
        misfits[position] = len(row)
    return row[:width] + [""] * (width - len(row))


def _decode(data, filename, encoding):
    """Text of the file, and the encoding it was read with."""
    if encoding:
        try:
            text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise FileProblem("wrong_encoding", encoding=encoding) from error
    else:
        text, encoding = _guess_encoding(data)
    if "\0" in text:
        raise FileProblem("not_text", name=filename)
    return text, encoding


def _guess_encoding(data):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_utf16(data, "utf-16")
    head = data[:4000]
    if head.count(0) > len(head) // 4:  # UTF-16 without its mark
        return _decode_utf16(data, "utf-16-le" if head[1:2] == b"\0" else "utf-16-be")
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig"), "utf-8"
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode("cp1252"), "cp1252"
    return data.decode("latin-1"), "latin-1"


def _decode_utf16(data, encoding):
    try:
        return data.decode(encoding), "utf-16"
    except UnicodeDecodeError as error:
        raise FileProblem("not_text", name="") from error


def _find_delimiter(text):
    """The delimiter that cuts the first lines into the most even pieces."""
    head = text[:20000].splitlines()[:30]
    best, best_score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(head, delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        width, count = Counter(widths).most_common(1)[0]
        score = (count / len(widths) if width > 1 else 0, widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


# -- XLSX ------------------------------------------------------------------


def _read_xlsx(data, filename, limit):
    """The first sheet that has anything in it."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MAX_UNPACKED:
            raise FileProblem("too_large", name=filename)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except FileProblem:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part raises
        raise FileProblem("broken_xlsx", name=filename) from error
    with contextlib.closing(book):
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # other programs write them wrong
            table = _read_sheet(sheet, limit)
            if table:
                return _finish(table)
    raise FileProblem("empty_file")


def _read_sheet(sheet, limit):
    header, rows, lines = None, [], []
    for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        row = [_plain_value(value) for value in cells]
        if header is None:
            while row and row[-1] == "":
                row.pop()
            if row:
                header = [str(name).strip() for name in row]
            continue
        width = len(header)
        rows.append(row[:width] + [""] * (width - len(row)))
        lines.append(line)
        if limit and len(rows) >= limit:
            break
        if len(rows) > MAX_LINES:
            raise FileProblem("too_many_lines", limit=MAX_LINES)
    while rows and not any(value != "" for value in rows[-1]):
        rows.pop()  # formatted but empty cells below the data
        lines.pop()
    return header and Table(header, rows, lines, kind="xlsx", sheet=sheet.title)


def _plain_value(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime):
        moment = value.time() != time.min
        return value.isoformat(" ", "seconds") if moment else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, (int, float)):
        return value
    return str(value)


def _finish(table):
    if not any(table.header):
        raise FileProblem("no_header")
    if not table.rows:
        raise FileProblem("no_lines")
    return table
