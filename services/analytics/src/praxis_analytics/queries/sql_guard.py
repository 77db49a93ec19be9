"""What custom SQL may say: one SELECT over the semantic views, with known functions and types.

The only module that knows the parser. What it understood is written out again, so that nothing
runs that it did not see; the login that runs it can read nothing else either.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from sqlglot import ErrorLevel, TokenType, exp, parse, tokenize
from sqlglot.errors import SqlglotError

# It would log the texts that it does not understand.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

SCHEMA = "semantic"
_DEEPEST = 60

# Kinds of expression a query may be made of. Whatever is not named here is refused.
_STRUCTURE = (
    exp.Select, exp.Subquery, exp.SetOperation, exp.From, exp.Join, exp.Where, exp.Group,
    exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Offset, exp.With, exp.CTE, exp.TableAlias,
    exp.Table, exp.Column, exp.Identifier, exp.Star, exp.Alias, exp.Literal, exp.Boolean, exp.Null,
    exp.Paren, exp.Tuple, exp.Distinct, exp.Window, exp.WindowSpec, exp.Filter, exp.WithinGroup,
    exp.Case, exp.If, exp.In, exp.Between, exp.Is, exp.Exists, exp.Interval, exp.Var,
    exp.Neg, exp.Not, exp.And, exp.Or, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.Like, exp.ILike, exp.DPipe, exp.Cast, exp.DataType, exp.DataTypeParam,
    exp.Cube, exp.Rollup, exp.GroupingSets,
)  # fmt: skip
_FUNCTIONS = (
    exp.Sum, exp.Count, exp.Avg, exp.Min, exp.Max, exp.Median, exp.PercentileCont,
    exp.PercentileDisc, exp.Stddev, exp.StddevSamp, exp.StddevPop, exp.Variance, exp.VariancePop,
    exp.Corr, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Round, exp.Abs, exp.Floor,
    exp.Ceil, exp.Sqrt, exp.Ln, exp.Exp, exp.Sign, exp.Lower, exp.Upper, exp.Length, exp.Substring,
    exp.Trim, exp.Concat, exp.Extract, exp.TimestampTrunc, exp.DateTrunc, exp.CurrentDate,
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Ntile, exp.Lag,
    exp.Lead, exp.FirstValue, exp.LastValue, exp.LogicalAnd, exp.LogicalOr, exp.TimeToStr, exp.Mode,
)  # fmt: skip
_TYPES = frozenset(
    {"INT", "BIGINT", "SMALLINT", "DECIMAL", "DOUBLE", "FLOAT", "TEXT", "VARCHAR", "DATE",
     "BOOLEAN", "INTERVAL", "UNKNOWN"}
)  # fmt: skip
# Words that PostgreSQL takes for a value of its own where a column is meant.
_VALUES = frozenset({"user", "localtime", "localtimestamp"})
_TODAY = exp.select("today").from_(f"{SCHEMA}.as_of").subquery()
_LOCKS = ("locks", "into", "hint", "sample", "pivots", "laterals", "kind", "match")


class NotAllowed(ValueError):
    """Why a query is refused, in words for its author."""


def guarded(text: str, views: Mapping[str, Collection[str]]) -> str:
    """The query as it may run; `views` are the columns of each view. Raises: NotAllowed."""
    if "\0" in text:
        raise NotAllowed("holds a character that no query has")
    try:
        _check_numbers(text)
        found = parse(text, read="postgres", error_level=ErrorLevel.RAISE)
    except (SqlglotError, RecursionError, ValueError) as error:
        place = str(error).splitlines()[0] if not isinstance(error, RecursionError) else "too deep"
        raise NotAllowed(f"does not parse: {_plain(place)}") from None
    statements = [each for each in found if each is not None]
    if len(statements) != 1:
        raise NotAllowed(f"must be one SELECT, not {len(statements)} statements")
    (tree,) = statements
    if not isinstance(tree, exp.Query):
        raise NotAllowed(f"must be a SELECT, not {_name(tree)}")
    _check(tree, views)
    written: str = tree.transform(_localised).sql(dialect="postgres", comments=False)
    return written


def _localised(node: exp.Expr) -> exp.Expr:
    """Today is the practice's, not the database's."""
    return _TODAY.copy() if isinstance(node, exp.CurrentDate) else node


def _plain(text: str) -> str:
    """A parser's message without the marks it puts around the place."""
    return text.replace("\x1b[4m", "").replace("\x1b[0m", "")[:300]


def _name(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return f"{str(node.this).lower()}()"
    return f"{node.sql_name().lower()}()" if isinstance(node, exp.Func) else node.key.upper()


def _check_numbers(text: str) -> None:
    """A digit that a name follows at once is one number to PostgreSQL, and two words here."""
    tokens = tokenize(text, read="postgres")
    for one, following in pairwise(tokens):
        if (one.token_type, one.end + 1) == (TokenType.NUMBER, following.start) and (
            following.token_type == TokenType.VAR
        ):
            raise NotAllowed(f"holds {one.text}{following.text}; write numbers as digits alone")


def _check(tree: exp.Expr, views: Mapping[str, Collection[str]]) -> None:
    with_names = set(_with_names(tree, views))
    names = _names(tree, views)
    for node in tree.walk():
        if node.depth > _DEEPEST:
            raise NotAllowed("is nested too deep")
        if isinstance(node, exp.Table):
            _check_table(node, with_names, views)
        elif isinstance(node, (exp.Cast, exp.TryCast)):
            _check_type(node)
        elif isinstance(node, exp.Column):
            _check_column(node, names)
        if isinstance(node, exp.Func) and not isinstance(node, (*_FUNCTIONS, *_STRUCTURE)):
            raise NotAllowed(f"calls {_name(node)}, which is not among the functions it may call")
        if not isinstance(node, (*_STRUCTURE, *_FUNCTIONS)):
            raise NotAllowed(f"uses {_name(node)}, which is not allowed here")
        if isinstance(node, (exp.Select, exp.Table, exp.Join)) and any(
            node.args.get(name) for name in _LOCKS if not (isinstance(node, exp.Join))
        ):
            raise NotAllowed("may only read: no INTO, FOR UPDATE, LATERAL or TABLESAMPLE")


def _names(tree: exp.Expr, views: Mapping[str, Collection[str]]) -> set[str]:
    """What may stand where a column does: columns of views, and names that the query gives."""
    names = {*views, *(column for columns in views.values() for column in columns)}
    for node in tree.find_all(exp.Alias, exp.TableAlias, exp.Func):
        names.add(node.sql_name() if isinstance(node, exp.Func) else node.alias_or_name)
        if isinstance(node, exp.TableAlias):
            names.update(column.name for column in node.columns)
    return {name.lower() for name in names}


def _check_column(column: exp.Column, names: set[str]) -> None:
    """PostgreSQL reads `row.name` as a call of a function of that name where no column has it."""
    name = column.this
    if isinstance(name, exp.Star):
        return
    value = not name.args.get("quoted") and name.name.lower() in _VALUES
    if value or name.name.lower() not in names:
        raise NotAllowed(f"names {name.name}, a column of no view and of no part of the query")


def _with_names(tree: exp.Expr, views: Collection[str]) -> Iterator[str]:
    for clause in tree.find_all(exp.With):
        if clause.args.get("recursive"):
            raise NotAllowed("uses WITH RECURSIVE, which is not allowed here")
    for part in tree.find_all(exp.CTE):
        name = part.alias
        # Where such a name is out of reach it would mean the catalogue's own table.
        if name.lower().startswith("pg_") or name in views:
            raise NotAllowed(f"gives the name {name} to a WITH query; choose another")
        yield name


def _check_table(table: exp.Table, with_names: set[str], views: Collection[str]) -> None:
    name, schema = table.name, table.db
    if not isinstance(table.this, exp.Identifier):
        raise NotAllowed("reads from a function; only views can be read")
    if table.args.get("catalog") or schema not in ("", SCHEMA):
        raise NotAllowed(f"reads {table.sql()}; only views of {SCHEMA} can be read")
    if not schema and name in with_names:
        return
    if name not in views:
        raise NotAllowed(f"reads {name}; there are {', '.join(sorted(views))}")
    table.set("db", exp.to_identifier(SCHEMA))


def _check_type(cast: exp.Expr) -> None:
    kind: exp.Expr = cast.args["to"]
    if getattr(kind.this, "name", "") not in _TYPES:
        allowed = "integer, bigint, numeric, text, date, boolean or interval"
        raise NotAllowed(f"casts to {kind.sql(dialect='postgres').lower()}; {allowed} works")
