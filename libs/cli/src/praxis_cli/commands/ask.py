"""`ask`: a question in words, its answer, and how a program asks the same."""

from __future__ import annotations

import json
from typing import Annotated, Any

import httpx
import typer
from google.protobuf import json_format
from rich.console import Console
from rich.table import Table

from praxis.analytics.v1 import answer_pb2
from praxis_cli.errors import CommandError
from praxis_cli.options import DEFAULT_DIR, AsJson, Dir, Practice
from praxis_cli.stack import keys
from praxis_cli.stack.layout import Layout

_REST = "/api/v1/reports/analytics"
_RPC = "praxis.analytics.v1.AnalyticsService/Ask"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(ask)


def ask(
    text: Annotated[
        str, typer.Argument(help="Such as 'net_collection_rate by payer, previous_month'.")
    ],
    practice: Practice,
    directory: Dir = DEFAULT_DIR,
    as_json: AsJson = False,
) -> None:
    """Answer a question; print its receipt and the equal REST and gRPC calls."""
    layout = Layout.existing(directory)
    url = layout.load().url
    if url is None:
        raise CommandError("the stack is not up; ./praxis up starts it")
    found = _post(url, keys.access_token(layout, practice, "owner", None), text)
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    console = Console()
    answer = found["answer"]
    console.print(_table(answer))
    console.print(f"receipt  {url}{answer['receipt']}", soft_wrap=True)
    console.print(_calls(url, found["question"]), soft_wrap=True, markup=False)


def _post(url: str, token: str, text: str) -> dict[str, Any]:
    try:
        response = httpx.post(
            f"{url}{_REST}/ask",
            json={"text": text},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
    except httpx.HTTPError as error:
        raise CommandError("the stack does not answer; ./praxis up starts it") from error
    body: dict[str, Any] = response.json()
    if response.is_error:
        faults = [f"{one['field']}: {one['message']}" for one in body.get("errors", [])]
        raise CommandError("; ".join(faults) or body.get("detail", response.reason_phrase))
    return body


def _table(answer: dict[str, Any]) -> Table:
    """Groups down, metrics across."""
    title = f"{answer['start_date']} to {answer['end_date']}"
    table = Table(title=title, title_justify="left")
    rows = answer["rows"]
    groups = max((len(row["labels"]) for row in rows), default=0)
    by_time = any(row.get("bucket") for row in rows)
    for _ in range(by_time + groups):
        table.add_column("")
    for metric in answer["metrics"]:
        table.add_column(metric["label"], justify="right")
    for row in rows:
        names = [name or "-" for name in row["labels"]] or ["-"] * groups
        time = [row["bucket"]] if by_time else []
        pairs = zip(row["figures"], answer["metrics"], strict=True)
        table.add_row(*time, *names, *(_text(figure, metric["unit"]) for figure, metric in pairs))
    return table


def _text(figure: dict[str, Any], unit: str) -> str:
    if figure["value"] is None:
        return str(figure["reason"])
    return f"{figure['value']}{' %' if unit == 'percent' else ''}"


def _calls(url: str, question: dict[str, Any]) -> str:
    """The same question for a program, by REST and by gRPC."""
    asked = json_format.ParseDict(_set(question), answer_pb2.Question())
    body = json.dumps({"questions": [_set(question)]}, ensure_ascii=False)
    typed = json.dumps({"questions": [json_format.MessageToDict(asked)]}, ensure_ascii=False)
    return (
        f"REST     curl {url}{_REST}/query -H 'Authorization: Bearer …'"
        f" -H 'Content-Type: application/json' -d '{body}'\n"
        f"gRPC     {_RPC} {typed}"
    )


def _set(value: Any) -> Any:
    """Without what is not set; a grain in the form that both JSON readers take."""
    if isinstance(value, dict):
        kept = {name: _set(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one not in (None, "", 0, [], {}, False)}
    return [_set(one) for one in value] if isinstance(value, list) else value
