"""现成的语句: statements whose words are made once, for what happens hundreds of times a second.

What they say comes from the models: columns, conversions and limits of texts are those of the ORM, which writes each
statement the first time. Only the making is spared, and on PostgreSQL the planning of what is asked (the server keeps
it for the connection) and the way there and back: several that are written go in one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from select import POLLIN, poll
from time import monotonic
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.sql.compiler import SQLCompiler

#: Values that stand in for what is asked while a query is made; a column that cannot hold them says so at once.
_FIRST_NUMBER, _FIRST_DAY = 2_000_000_000, date(9_000, 1, 1)


class Statement(NamedTuple):
    """The words of a statement and what is filled in."""

    words: str
    filled: Sequence[Any]


class Ready:
    """A query made once, and asked again and again with other values.

    ``make`` builds it of one argument a name; each is compared as it is, a number, a text or a day, and none is left
    out. It says with ``values_list`` which columns it wants.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **kinds: type) -> None:
        self._make, self._kinds = make, kinds
        self._made: dict[str, _Made] = {}

    def ask(self, **told: Any) -> list[tuple[Any, ...]]:
        """Rows. 1 query."""
        made = self._made.get(connection.vendor) or self._prepare()
        cursor = _asking()
        cursor.execute(made.words, made.fill(told))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        if not made.converters or not rows:
            return rows
        return [tuple(row) for row in made.compiler.apply_converters(rows, made.converters)]

    def among(self, **told: Any) -> Statement:
        """The query as one of those that ``run`` sends together; its rows come as the database tells them."""
        made = self._made.get(connection.vendor) or self._prepare()
        return Statement(made.words, made.fill(told))

    def _prepare(self) -> _Made:
        marks = {name: _stand_in(kind, at) for at, (name, kind) in enumerate(self._kinds.items())}
        compiler = self._make(**marks).query.get_compiler(connection=connection)
        words, filled = compiler.as_sql()
        names = {_plain(mark): _Mark(name) for name, mark in marks.items()}
        expressions = [each for each, _, _ in compiler.select]
        converters = compiler.get_converters(expressions)
        found = _Made(words, [names.get(each, each) for each in filled], compiler, converters)
        self._made[connection.vendor] = found
        return found


def _asking() -> Any:
    """A cursor; on PostgreSQL one whose statements the server keeps planned: planning takes longer than answering.

    There it is the connection's own, of which each asking takes all rows: it knows already how to read what comes.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    here: Any = connections[DEFAULT_DB_ALIAS]
    _trust_if_quiet(here)
    here.close_if_health_check_failed()
    here.ensure_connection()
    held = here.connection
    held.prepare_threshold = 0  # of what this cursor asks alone: Django's own fills in its values itself
    if getattr(here, "asking_as", None) is not held:
        here.asking_as, here.asking = held, _server_cursor()(held)
    # What ``connection.cursor()`` does, with another cursor: queries are logged and faults told as everywhere.
    return here._prepare_cursor(here.asking)


def _trust_if_quiet(here: Any) -> None:
    """Takes a connection for sound that was used a moment ago and on which nothing has come since.

    Once a request it would else be asked whether it still lives, and so much is a query of its own. A server that has
    ended says so on the line, or closes it: then, and after a pause, it is asked.
    """
    if here.connection is None or here.health_check_done:
        return
    now = monotonic()
    used, here.used_at = getattr(here, "used_at", 0.0), now
    if now - used < _TRUSTED and not here.errors_occurred:
        line = poll()
        line.register(here.connection.fileno(), POLLIN)
        here.health_check_done = not line.poll(0)


#: Seconds for which a quiet connection needs no question.
_TRUSTED = 5.0


@cache
def _server_cursor() -> Any:
    from psycopg import Cursor

    return Cursor


class _Mark(NamedTuple):
    name: str


class _Made(NamedTuple):
    words: str
    filled: list[Any]
    compiler: SQLCompiler
    converters: dict[int, Any]

    def fill(self, told: Mapping[str, Any]) -> list[Any]:
        given = {name: _plain(value) for name, value in told.items()}
        return [given[each.name] if isinstance(each, _Mark) else each for each in self.filled]


def _stand_in(kind: type, at: int) -> Any:
    if kind is int:
        return _FIRST_NUMBER + at
    return _FIRST_DAY + timedelta(days=at) if kind is date else f"?{at}"


def _plain(value: Any) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def row_of[M: Model](model: type[M], told: Mapping[str, Any], **beside: Model | None) -> M:
    """A row as the ORM holds one that it read, attribute → value, made at once.

    What is not told of it the ORM reads when it is wanted. ``beside``: what its references lead to.
    """
    made, state = model.__new__(model), ModelState()
    state.db, state.adding = DEFAULT_DB_ALIAS, False
    state.fields_cache = beside
    made.__dict__.update(told, _state=state)
    return made


def insert(model: type[Model], *rows: Mapping[str, Any], returning: bool = False) -> Statement:
    """New rows of one model, each attribute → value: the same of each, and what none names is as the model has it.

    ``returning`` their numbers. Raises Refused for a text that does not fit, TypeError where rows tell other columns.
    """
    told = rows[0].keys()
    if other := next((row.keys() ^ told for row in rows if row.keys() != told), None):
        raise TypeError(f"{sorted(other)}: expected of every row of {model.__name__} or of none")
    fields, words, one = _insertion(model, frozenset(told))
    here = connections[DEFAULT_DB_ALIAS]  # itself: what stands for it is looked up at every word
    filled = [
        field.get_db_prep_save(row[field.attname], connection=here) if default is _TOLD else default
        for row in rows
        for field, default in fields
    ]
    back = f' RETURNING "{model._meta.pk.column}"' if returning else ""
    return Statement(f"{words}{', '.join([one] * len(rows))}{back}", filled)


#: Stands for a value that each row tells.
_TOLD = object()


@cache
def _insertion(model: type[Model], told: frozenset[str]) -> tuple[list[tuple[Field[Any, Any], Any]], str, str]:
    """Columns, each with what it has where rows do not tell it, and the words."""
    here, known = connections[DEFAULT_DB_ALIAS], {each.attname: each for each in model._meta.concrete_fields}
    if told - known.keys():
        raise TypeError(f"{sorted(told - known.keys())}: expected columns of {model.__name__}")
    written = {name: each for name, each in known.items() if name in told or not each.primary_key}
    if made_anew := sorted(name for name in written.keys() - told if _is_made_anew(written[name])):
        raise TypeError(f"{made_anew}: expected to be told, for each row is given another")
    fields = [
        (each, _TOLD if name in told else each.get_db_prep_save(each.get_default(), connection=here))
        for name, each in written.items()
    ]
    names = ", ".join(f'"{each.column}"' for each, _ in fields)
    marks = ", ".join(["%s"] * len(fields))
    return fields, f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ', f"({marks})"


def _is_made_anew(field: Field[Any, Any]) -> bool:
    return field.has_default() and callable(field.default)


def update(row: Model, names: Iterable[str], **stood: Any) -> Statement:
    """Columns of a row, where those named in ``stood`` still say the same: otherwise no row is changed."""
    return change(
        type(row), {name: getattr(row, _field(type(row), name).attname) for name in names}, pk=row.pk, **stood
    )


def change(model: type[Model], told: Mapping[str, Any], **where: Any) -> Statement:
    """Columns of every row of a model that says ``where``; None is looked for as what is not told."""
    changes = ", ".join(f'"{_field(model, name).column}" = %s' for name in told)
    guards, guarded = _guards(model, where)
    here = connections[DEFAULT_DB_ALIAS]
    filled = [_field(model, name).get_db_prep_save(value, connection=here) for name, value in told.items()]
    return Statement(f'UPDATE "{model._meta.db_table}" SET {changes} WHERE {guards}', filled + guarded)


def remove(model: type[Model], **where: Any) -> Statement:
    """Deletes every row of a model that says ``where``; only of one that nothing refers to."""
    guards, guarded = _guards(model, where)
    return Statement(f'DELETE FROM "{model._meta.db_table}" WHERE {guards}', guarded)


def _guards(model: type[Model], where: Mapping[str, Any]) -> tuple[str, list[Any]]:
    words = " AND ".join(
        f'"{_field(model, name).column}" {"IS NULL" if value is None else "= %s"}' for name, value in where.items()
    )
    here = connections[DEFAULT_DB_ALIAS]
    filled = [
        _field(model, name).get_db_prep_save(value, connection=here)
        for name, value in where.items()
        if value is not None
    ]
    return words or "TRUE", filled


@cache
def _field(model: type[Model], name: str) -> Field[Any, Any]:
    found = model._meta.pk if name == "pk" else model._meta.get_field(name)
    if not isinstance(found, Field):
        raise TypeError(f"{name!r}: expected a column of {model.__name__}")
    return found


class Outcome(NamedTuple):
    """What came of a statement: how many rows it touched, and what it gave back."""

    touched: int
    rows: list[tuple[Any, ...]]


def is_outermost() -> bool:
    """Whether the innermost ``transaction.atomic()`` that holds here is the whole transaction."""
    return connection.in_atomic_block and not connection.savepoint_ids


def run(*statements: Statement, opens: bool = False, closes: bool = False) -> list[Outcome]:
    """Runs statements in their order, in the caller's transaction: one way there and back where the database can.

    Args:
        opens, closes: the transaction, which is the caller's own (``is_outermost``), begins or ends with these. On
            PostgreSQL that goes along with them: no way of its own, and no lock held for it. After the end nothing more
            may be asked in the transaction.
    """
    here: Any = connections[DEFAULT_DB_ALIAS]
    if here.vendor != "postgresql" or here.features.uses_server_side_binding:
        with here.cursor() as cursor:
            return [_one(cursor, each) for each in statements]
    words, filled = [each.words for each in statements], [each for one in statements for each in one.filled]
    begins = opens and _takes_over()
    words = ["BEGIN"] * begins + words + ["COMMIT"] * closes
    with here.cursor() as cursor:
        cursor.execute("; ".join(words), filled)
        found = [_outcome(cursor)]
        while cursor.nextset():
            found.append(_outcome(cursor))
    return found[begins : begins + len(statements)]


def _takes_over() -> bool:
    """Whether BEGIN is ours to send: psycopg then does not send it by itself, first and alone.

    Django's ``atomic()`` ends it as any other: whether there is anything to commit, psycopg is told by the server.
    """
    here: Any = connections[DEFAULT_DB_ALIAS]
    _trust_if_quiet(here)
    here.close_if_health_check_failed()
    held = here.connection
    if held is None or held.info.transaction_status != 0 or held.isolation_level is not None:  # 0: none is open
        return False
    held.autocommit = True
    return True


def _one(cursor: Any, statement: Statement) -> Outcome:
    cursor.execute(statement.words, statement.filled)
    return _outcome(cursor)


def _outcome(cursor: Any) -> Outcome:
    return Outcome(cursor.rowcount, cursor.fetchall() if cursor.description else [])
