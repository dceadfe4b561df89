"""The questions that every save asks: their SQL is written once, since Django takes longer to write it than a database to answer.

Only for plain questions by equal texts, whose SQL is the same whatever the texts are; Django still writes it, converts what comes back
and names the errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, models

Question = Callable[[Sequence[str]], "models.QuerySet[Any, Any]"]
"""Returns the rows of texts, as ``values_list``; a function of a module, whose SQL the number of texts alone decides."""
MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class _Written:
    """``places`` are the texts' numbers in the order of the SQL's parameters; ``read`` are the columns that are not as they come back.

    Nothing here holds a connection: those belong to their threads.
    """

    sql: str
    places: tuple[int, ...]
    read: tuple[tuple[int, Any], ...]


_kept: dict[tuple[Question, str, int], _Written] = {}


def asked(question: Question, using: str, texts: Sequence[str]) -> list[Sequence[Any]]:
    """Return the rows that a question has for these texts; raises what the database raises."""
    key = (question, using, len(texts))
    if (known := _kept.get(key)) is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        known = _kept[key] = _write(question, using, len(texts))
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(known.sql, [texts[place] for place in known.places])
        rows: list[Sequence[Any]] = cursor.fetchall()
    return [_converted(row, known.read, connection) for row in rows] if known.read else rows


def _write(question: Question, using: str, number: int) -> _Written:
    marks = [f"newstagger {place}" for place in range(number)]
    compiler = question(marks).using(using).query.get_compiler(using=using)
    sql, parameters = compiler.as_sql()
    columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
    read = tuple((place, column) for place, (_, column) in compiler.get_converters(columns).items())
    return _Written(sql, tuple(marks.index(mark) for mark in parameters), read)


def _converted(row: Sequence[Any], read: Sequence[tuple[int, Any]], connection: Any) -> Sequence[Any]:
    values = list(row)
    for place, column in read:
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
            values[place] = convert(values[place], column, connection)
    return values
