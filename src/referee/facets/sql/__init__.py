"""What a SQL text does: its operations, tables and columns, through aliases, subqueries and dialects.

Rule 1: what cannot be read is told in ``missing`` and never left out; an empty answer means that nothing is done.
Rule 2: where a text can be read in more than one way, it does all that any reading does.
Rule 3: nothing here raises, logs a statement, or takes longer than its bounds allow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from referee.facets.sql.reading import LONGEST, readings, silence
from referee.facets.sql.statements import Statements
from referee.facets.sql.tally import Schema, Tally
from referee.model.sql import DIALECTS, SqlFacet, fold

__all__ = ["parse_sql"]


def parse_sql(text: str, dialect: str | None = None, schema: Mapping[str, Sequence[str]] | None = None) -> SqlFacet:
    """Say what a SQL text does. Without a dialect, it does what any database could make of it.

    >>> parse_sql("select c.ssn from customers as c").columns()
    ('customers.ssn',)
    >>> parse_sql("call cleanup()").complete
    False
    """
    known = tuple((table, tuple(columns)) for table, columns in schema.items()) if schema else ()
    if not isinstance(text, str) or len(text) > LONGEST:
        return SqlFacet(missing=("operation: the text is too long",))
    return _parsed(text, DIALECTS.get(dialect or "", ""), known)


@lru_cache(maxsize=256)
def _parsed(text: str, dialect: str, known: Schema) -> SqlFacet:
    tally = Tally()
    try:
        with silence():
            _read(tally, text, dialect, known)
    except RecursionError:
        tally.missing["operation: the text is nested too deeply"] = None
    except Exception:  # noqa: BLE001 - rule 3; what a parser trips over is not known
        tally.missing["operation: the text could not be read"] = None
    return tally.facet()


def _read(tally: Tally, text: str, dialect: str, known: Schema) -> None:
    schema = {fold(table): tuple(map(fold, columns)) for table, columns in known}
    found, missing = readings(text, dialect)
    tally.missing.update(dict.fromkeys(missing))
    for number, reading in enumerate(found):
        one = Tally()
        Statements(one, reading.dialect, schema, text).all(reading.statements)
        tally.unite(one, first=not number)
