"""What the analytics tests share: a practice's book of facts, and a second store to compare with.

`Book` puts facts in through `apply`. `Shelf` is the fact store once more in plain Python: what
`apply` should have made of the same batches, revision by revision.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg

from praxis_analytics.domain.facts import Batch, Ids, Kind, Row, Source
from praxis_analytics.domain.questions import Question
from praxis_analytics.queries.answers import Answer, answer, state_at
from praxis_analytics.queries.sources import facts_as_of
from praxis_analytics.settings import Settings
from praxis_analytics.storage.apply import Applied, apply
from praxis_analytics.storage.practices import Practice, get_practice
from praxis_chassis.database import Connection, transaction

SYSTEM = "book"


@dataclass(frozen=True)
class Entry:
    """One row on its way in, with its kind."""

    kind: Kind
    row: Row


@dataclass
class Book:
    """The facts of one practice."""

    connection: Connection
    practice: Practice
    system: str = SYSTEM
    import_id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def practice_id(self) -> uuid.UUID:
        return self.practice.practice_id

    def id(self, kind: Kind, name: str) -> uuid.UUID:
        """The id of the fact that the source calls `name`."""
        return Ids(self.practice_id, self.system).of(kind.table, name)

    def entry(self, kind: Kind, called: str, /, **values: Any) -> Entry:
        """A fact of these columns; beside them `version`, `voided`, `synthetic` and `resource`
        (without one it is the only fact of its own)."""
        resource = values.pop("resource", f"{kind.table}/{called}")
        version, synthetic = values.pop("version", 0), values.pop("synthetic", False)
        source = Source(self.system, resource, version, synthetic)
        values[kind.key[0]] = self.id(kind, called)
        return Entry(kind, kind.fact(source, called, **values))

    def source(self, resource: str, version: int = 0) -> Source:
        return Source(self.system, resource, version)

    async def apply(
        self, *entries: Entry, yields: Iterable[tuple[Source, tuple[Kind, ...]]] = ()
    ) -> Applied:
        """Applies entries as one batch, which is all that the sources of `yields` hold."""
        return await self.apply_batch(batch_of(*entries, yields=yields))

    async def apply_batch(self, batch: Batch, connection: Connection | None = None) -> Applied:
        return await apply(connection or self.connection, self.practice_id, batch, self.import_id)

    async def rows(self, sql: str, **values: object) -> list[Any]:
        """Rows of a query about this practice; `%(practice)s` is its id."""
        return await rows_of(self.connection, self.practice_id, sql, **values)

    async def ask(self, question: Question, revision: int | None = None) -> Answer:
        """Answers a question as the service does, at the newest revision or an earlier one."""
        begin: LiteralString = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        async with transaction(self.connection, begin, self.practice_id, 60_000):
            return await answer_at(self.connection, self.practice_id, question, revision)

    async def head(self) -> int:
        ((revision,),) = await self.rows(
            "select revision from revision_head where practice_id = %(practice)s"
        )
        return int(revision)

    async def live(self, kind: Kind, revision: int | None = None) -> dict[Row, Row]:
        """The facts that count, by key, as their own columns: now, or at an earlier revision."""
        return await live(self.connection, self.practice_id, kind, revision)


def batch_of(*entries: Entry, yields: Iterable[tuple[Source, tuple[Kind, ...]]] = ()) -> Batch:
    """One batch of entries."""
    batch = Batch()
    for entry in entries:
        batch.add(entry.kind, entry.row)
    for source, kinds in yields:
        batch.yields(source, kinds)
    return batch


async def answer_at(
    connection: Connection, practice_id: uuid.UUID, question: Question, revision: int | None = None
) -> Answer:
    """Answers a question inside the transaction in hand."""
    practice = await get_practice(connection, practice_id)
    state = await state_at(connection, practice, revision, question.today, question.subjects)
    return await answer(connection, question, state)


async def rows_of(
    connection: Connection, practice_id: uuid.UUID, sql: str, **values: object
) -> list[Any]:
    """Rows of a query in a transaction of the practice."""
    async with transaction(connection, "BEGIN", practice_id, 60_000):
        cursor = await connection.execute(sql.encode(), {"practice": practice_id, **values})
        return await cursor.fetchall()


async def live(
    connection: Connection, practice_id: uuid.UUID, kind: Kind, revision: int | None = None
) -> dict[Row, Row]:
    """The facts of a kind that count, as questions see them, by key."""
    item = facts_as_of(kind.table, newest=revision is None)
    found = await rows_of(
        connection, practice_id, f"select {', '.join(kind.names)} from {item} f", revision=revision
    )
    rows = {tuple(row[: len(kind.key)]): tuple(row) for row in found}
    assert len(rows) == len(found), "one fact was there twice"
    return rows


@asynccontextmanager
async def connections(settings: Settings, count: int) -> AsyncIterator[list[Connection]]:
    """Several connections of the application's login, in autocommit mode."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                await psycopg.AsyncConnection.connect(
                    settings.conninfo("app"), autocommit=True, prepare_threshold=None
                )
            )
            for _ in range(count)
        ]


@dataclass
class _Form:
    """What a shelf knows of one fact."""

    own: Row
    resource: str
    synthetic: bool
    version: int
    voided: bool
    by_source: bool

    @property
    def content(self) -> tuple[object, ...]:
        return (self.own, self.resource, self.synthetic, self.voided)


Place = tuple[Kind, Row]


@dataclass
class Shelf:
    """The rules of `apply`, written once more without a database. One source system only."""

    forms: dict[Place, _Form] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    # The facts that counted at each revision; number 0 is the empty start.
    revisions: list[dict[Place, Row]] = field(default_factory=lambda: [{}])

    def apply(self, batch: Batch) -> bool:
        """Applies a batch; returns whether that made a revision."""
        for (_, resource), (version, _) in batch.resources.items():
            self.versions[resource] = max(version, self.versions.get(resource, 0))
        staged = {
            (kind, key): self._form(kind, row)
            for kind, rows in batch.rows.items()
            for key, row in rows.items()
        }
        staged = {
            place: form
            for place, form in staged.items()
            if form.version >= self.versions.get(form.resource, 0)
        }
        changed = [self._put(place, form) for place, form in staged.items()]
        for (_, resource), (version, kinds) in batch.resources.items():
            if version >= self.versions.get(resource, 0):
                changed += self._void_gone(resource, version, kinds, staged)
        if any(changed):
            self.revisions.append(
                {place: form.own for place, form in self.forms.items() if not form.voided}
            )
        return any(changed)

    def _form(self, kind: Kind, row: Row) -> _Form:
        own, (_, _, resource, version, voided, synthetic) = (
            row[: len(kind.names)],
            row[len(kind.names) :],
        )
        assert isinstance(resource, str)
        assert isinstance(version, int)
        return _Form(own, resource, bool(synthetic), version, bool(voided), bool(voided))

    def _put(self, place: Place, form: _Form) -> bool:
        before = self.forms.get(place)
        if before is not None:
            if form.version < before.version:
                return False
            if form.content == before.content:
                before.version = form.version
                before.by_source = before.by_source or form.voided
                return False
            if before.by_source and not form.voided and form.version == before.version:
                return False
        self.forms[place] = form
        return True

    def _void_gone(
        self, resource: str, version: int, kinds: tuple[Kind, ...], staged: dict[Place, _Form]
    ) -> list[bool]:
        gone = [
            form
            for (kind, key), form in self.forms.items()
            if form.resource == resource
            and kind in kinds
            and not form.voided
            and version >= form.version
            and (kind, key) not in staged
        ]
        for form in gone:
            form.voided, form.version = True, version
        return [True for _ in gone]

    def at(self, revision: int, kind: Kind) -> dict[Row, Row]:
        """The facts of a kind that counted at a revision, by key."""
        return {key: own for (of, key), own in self.revisions[revision].items() if of is kind}
