"""The SQL RPCs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from praxis.analytics.v1 import answer_pb2, sql_service_pb2, sql_service_pb2_grpc
from praxis_analytics.queries.custom_sql import Column, CustomSql, Head, Result
from praxis_chassis.caller import current

_LIMIT, _MOST = 1_000, 1_000_000


class SqlServicer(sql_service_pb2_grpc.SqlServiceServicer):
    """Custom SQL of the caller's practice."""

    def __init__(self, custom: CustomSql) -> None:
        self._custom = custom

    async def ListSqlViews(  # noqa: N802
        self, request: sql_service_pb2.ListSqlViewsRequest, context: Any
    ) -> sql_service_pb2.ListSqlViewsResponse:
        """What may be read."""
        views = [
            sql_service_pb2.SqlView(
                name=view.name, description=view.description, columns=map(_column, view.columns)
            )
            for view in await self._custom.views()
        ]
        return sql_service_pb2.ListSqlViewsResponse(views=views)

    async def CheckSql(  # noqa: N802
        self, request: sql_service_pb2.CheckSqlRequest, context: Any
    ) -> sql_service_pb2.CheckSqlResponse:
        """A dry run."""
        found = await self._custom.check(current().caller.practice_id, request.sql)
        return sql_service_pb2.CheckSqlResponse(
            sql=found.sql,
            columns=map(_column, found.columns),
            estimated_rows=found.rows,
            estimated_cost=found.cost,
        )

    async def RunSql(  # noqa: N802
        self, request: sql_service_pb2.RunSqlRequest, context: Any
    ) -> sql_service_pb2.RunSqlResponse:
        """The first rows."""
        limit = request.limit if request.HasField("limit") else _LIMIT
        found = await self._custom.run(current().caller.practice_id, request.sql, limit)
        response = sql_service_pb2.RunSqlResponse(
            columns=map(_column, found.columns),
            truncated=found.truncated,
            as_of=_as_of(found),
            synthetic=found.synthetic,
            sql=found.sql,
        )
        for row in found.rows:
            response.rows.add().values.extend(sql_service_pb2.SqlValue(text=text) for text in row)
        return response

    async def StreamSql(  # noqa: N802
        self, request: sql_service_pb2.StreamSqlRequest, context: Any
    ) -> AsyncIterator[sql_service_pb2.SqlPiece]:
        """All rows as they come."""
        limit = request.limit if request.HasField("limit") else _MOST
        practice_id = current().caller.practice_id
        async for piece in self._custom.stream(
            practice_id, request.sql, limit, plain=request.is_plain
        ):
            if isinstance(piece, Head):
                yield _head(piece)
            elif isinstance(piece, int):
                yield sql_service_pb2.SqlPiece(rows=piece)
            else:
                yield sql_service_pb2.SqlPiece(lines=piece)


def _head(head: Head) -> sql_service_pb2.SqlPiece:
    columns = map(_column, head.columns)
    return sql_service_pb2.SqlPiece(
        columns=columns, synthetic=head.synthetic, sql=head.sql, as_of=_as_of(head)
    )


def _as_of(state: Head | Result) -> answer_pb2.AsOf:
    message = answer_pb2.AsOf(revision=state.revision)
    message.recorded_at.FromDatetime(state.recorded_at)
    if state.data_through is not None:
        message.data_through = state.data_through.isoformat()
    return message


def _column(column: Column) -> sql_service_pb2.SqlColumn:
    return sql_service_pb2.SqlColumn(
        name=column.name, type=column.type, description=column.description
    )
