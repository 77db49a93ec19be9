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
    """Groups down, metrics across, each with what it is compared with."""
    rows, compared = answer["rows"], bool(answer.get("comparison_start_date"))
    table = Table(title=_title(answer), title_justify="left", caption=_notes(answer))
    groups = max((len(row["labels"]) for row in rows), default=0)
    by_time = any(row.get("bucket") for row in rows)
    for _ in range(by_time + groups):
        table.add_column("")
    for metric in answer["metrics"]:
        for head in (metric["label"], *(("before", "change") if compared else ())):
            table.add_column(head, justify="right")
    for row in rows:
        names = [name or "-" for name in row["labels"]] or ["-"] * groups
        time = [row["bucket"] + ("*" if row["partial"] else "")] if by_time else []
        pairs = zip(row["figures"], answer["metrics"], strict=True)
        cells = [text for figure, metric in pairs for text in _texts(figure, metric, compared)]
        table.add_row(*time, *names, *cells)
    return table


def _title(answer: dict[str, Any]) -> str:
    title = f"{answer['start_date']} to {answer['end_date']}"
    if answer.get("comparison_start_date"):
        before = f"{answer['comparison_start_date']} to {answer['comparison_end_date']}"
        title += f", before: {before}"
    return title


def _notes(answer: dict[str, Any]) -> str | None:
    notes = []
    if any(row.get("bucket") and row["partial"] for row in answer["rows"]):
        notes.append("* cut short by the period or by today")
    if answer["synthetic"]:
        notes.append("contains synthetic demo data")
    return "; ".join(notes) or None


def _texts(figure: dict[str, Any], metric: dict[str, Any], compared: bool) -> list[str]:
    """A figure, and when compared the earlier one and the change."""
    mark = " %" if metric["unit"] == "percent" else ""
    found = [_text(figure["value"], figure["reason"], mark)]
    if compared:
        found.append(_text(figure["comparison_value"], figure["comparison_reason"], mark))
        found.append(_text(figure["change_percent"], "-", " %"))
    return found


def _text(value: str | None, instead: str, mark: str) -> str:
    return instead if value is None else f"{value}{mark}"


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
