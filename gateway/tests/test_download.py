"""Downloads: whole, in part, refused, broken off."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from praxis.report.v1 import report_service_pb2
from praxis_chassis import errors
from praxis_gateway.routes import report
from praxis_gateway.routes.report import disposition_of

from .conftest import PRACTICE, Stand
from .test_problems import checked

ID = str(uuid.UUID(int=5))
TOKEN = "t" * 40
URL = f"/api/v1/reports/executions/{ID}/download?token={TOKEN}"
FILE = hashlib.sha512(b"seed").digest() * 20_000  # 1.2 MB in five pieces
PIECE = 256 * 1024
ETAG = f'"{hashlib.sha256(FILE).hexdigest()}"'
Response = report_service_pb2.DownloadReportExecutionResponse


def file_of(content: bytes, name: str = "report.csv") -> Any:
    """A download as the service does it: name and size come with the first piece."""

    async def download(request: Any, _context: Any) -> AsyncIterator[Response]:
        end = request.offset + request.length if request.HasField("length") else len(content)
        part = content[request.offset : end]
        pieces = [part[i : i + PIECE] for i in range(0, len(part), PIECE)] or [b""]
        size = len(content)
        head: dict[str, Any] = {"file_name": name, "content_type": "text/csv", "file_size": size}
        yield Response(data=pieces[0], sha256=hashlib.sha256(content).hexdigest(), **head)
        for piece in pieces[1:]:
            yield Response(data=piece)

    return download


@pytest.fixture
async def stranger(stand: Stand) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    stand.canned.replies["DownloadReportExecution"] = file_of(FILE)
    async with httpx.AsyncClient(base_url=stand.url, timeout=10) as client:
        yield client


async def test_a_whole_file(stand: Stand, stranger: httpx.AsyncClient) -> None:
    response = await stranger.get(URL)
    assert response.status_code == 200
    assert response.content == FILE
    assert response.headers["content-length"] == str(len(FILE))
    assert response.headers["content-type"] == "text/csv"
    assert response.headers["content-disposition"] == 'attachment; filename="report.csv"'
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["cache-control"] == "no-store"
    request = stand.last.request
    assert (request.execution_id, request.token, request.offset) == (ID, TOKEN, 0)
    assert not request.HasField("length")
    assert not request.HasField("caller_practice_id")
    caller = stand.last.call.caller
    assert (sorted(caller.roles), caller.practice_id) == (["service"], uuid.UUID(int=0))
    assert caller.address == "127.0.0.1"


async def test_a_signed_in_holder_is_named(stand: Stand, stranger: httpx.AsyncClient) -> None:
    assert (await stand.client.get(URL)).status_code == 200
    assert stand.last.request.caller_practice_id == str(PRACTICE)
    assert stand.last.call.caller.roles == {"service"}
    bad = await stranger.get(URL, headers={"authorization": "Bearer x"})
    checked(bad, 401, "token_invalid")


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=300000-", 300_000, len(FILE)),
        ("bytes=262143-262144", 262_143, 262_145),
        ("bytes=1000000-99999999", 1_000_000, len(FILE)),
        ("bytes=-100", len(FILE) - 100, len(FILE)),
        ("bytes=-99999999", 0, len(FILE)),
    ],
)
async def test_a_part(stranger: httpx.AsyncClient, wanted: str, start: int, end: int) -> None:
    response = await stranger.get(URL, headers={"range": wanted})
    assert response.status_code == 206
    assert response.content == FILE[start:end]
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/{len(FILE)}"
    assert response.headers["content-length"] == str(end - start)


@pytest.mark.parametrize(
    "wanted",
    ["bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=5-2", "bytes=-", "bytes=a-b", "bytes=٣-"],
)
async def test_a_range_that_is_not_honoured(stranger: httpx.AsyncClient, wanted: str) -> None:
    response = await stranger.get(URL, headers=[(b"range", wanted.encode())])
    assert (response.status_code, len(response.content)) == (200, len(FILE))


@pytest.mark.parametrize("wanted", ["bytes=300000-300002", "bytes=-7"])
async def test_a_range_of_other_content_gets_the_whole(
    stranger: httpx.AsyncClient, wanted: str
) -> None:
    for other in ('"x"', f"W/{ETAG}", "Mon, 23 Nov 2026 06:00:00 GMT"):
        response = await stranger.get(URL, headers={"range": wanted, "if-range": other})
        assert (response.status_code, len(response.content)) == (200, len(FILE))
    response = await stranger.get(URL, headers={"range": wanted, "if-range": ETAG})
    assert response.status_code == 206
    start = 300_000 if wanted.startswith("bytes=3") else len(FILE) - 7
    assert response.content == FILE[start:][: 3 if start == 300_000 else 7]


async def test_content_that_is_known_is_not_sent_again(
    stand: Stand, stranger: httpx.AsyncClient
) -> None:
    assert (await stranger.get(URL)).headers["etag"] == ETAG
    for known in (ETAG, f"W/{ETAG}", f'"old", {ETAG}', "*"):
        response = await stranger.get(URL, headers={"if-none-match": known})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == ETAG
        assert stand.last.request.offset > len(FILE)  # so that no download is counted
    response = await stranger.get(URL, headers={"if-none-match": '"old"'})
    assert (response.status_code, response.content) == (200, FILE)


async def test_the_head_of_a_file(stand: Stand, stranger: httpx.AsyncClient) -> None:
    response = await stranger.head(URL)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(FILE))
    assert response.headers["etag"] == ETAG
    assert stand.last.request.offset > len(FILE)
    assert (await stranger.head(f"/api/v1/reports/executions/{ID}/download")).status_code == 400
    assert (await stranger.get(URL)).content == FILE  # on the same connection


@pytest.mark.parametrize(
    "wanted", [f"bytes={len(FILE)}-", "bytes=99999999-", "bytes=-0", f"bytes={'9' * 4000}-"]
)
async def test_a_range_behind_the_end(stranger: httpx.AsyncClient, wanted: str) -> None:
    response = await stranger.get(URL, headers={"range": wanted})
    checked(response, 416, "range_not_satisfiable")
    assert response.headers["content-range"] == f"bytes */{len(FILE)}"


async def test_an_empty_file(stand: Stand, stranger: httpx.AsyncClient) -> None:
    stand.canned.replies["DownloadReportExecution"] = file_of(b"")
    response = await stranger.get(URL)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == "0"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.LinkExpired("the link has expired"), 410, "link_expired"),
        (errors.NotFound("no such file"), 404, "not_found"),
        (errors.Integrity("the stored bytes changed"), 500, "integrity"),
    ],
)
async def test_a_failure_before_the_first_piece(
    stand: Stand, stranger: httpx.AsyncClient, error: errors.Error, status: int, code: str
) -> None:
    stand.canned.replies["DownloadReportExecution"] = error
    checked(await stranger.get(URL), status, code)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "token"),
        ("?token=short", "token"),
        (f"?token={TOKEN}&token={TOKEN}", "token"),
        (f"?token={TOKEN}&caller_practice_id={ID}", "caller_practice_id"),
        (f"?token={TOKEN}&offset=5", "offset"),
    ],
)
async def test_a_bad_link(stranger: httpx.AsyncClient, query: str, field: str) -> None:
    response = await stranger.get(URL.partition("?")[0] + query)
    assert checked(response, 400, "invalid_field")["errors"][0]["field"] == field


async def test_a_failure_on_the_way_breaks_the_answer_off(
    stand: Stand, stranger: httpx.AsyncClient
) -> None:
    async def half(_request: Any, _context: Any) -> AsyncIterator[Response]:
        yield Response(data=b"x" * 10, file_name="a", file_size=20)
        raise errors.Integrity("the stored bytes changed")

    stand.canned.replies["DownloadReportExecution"] = half
    with pytest.raises(httpx.RemoteProtocolError):
        await stranger.get(URL)


async def test_a_file_that_ends_early_breaks_the_answer_off(
    stand: Stand, stranger: httpx.AsyncClient
) -> None:
    async def half(_request: Any, _context: Any) -> AsyncIterator[Response]:
        yield Response(data=b"x" * 10, file_name="a", file_size=20)

    stand.canned.replies["DownloadReportExecution"] = half
    with pytest.raises(httpx.RemoteProtocolError):
        await stranger.get(URL)


async def test_a_client_that_leaves_cancels_the_stream(
    stand: Stand, stranger: httpx.AsyncClient
) -> None:
    cancelled = asyncio.Event()

    async def endless(_request: Any, _context: Any) -> AsyncIterator[Response]:
        try:
            yield Response(data=b"x" * 10, file_name="a", file_size=10**9)
            await asyncio.sleep(30)
        except (asyncio.CancelledError, GeneratorExit):
            cancelled.set()
            raise

    stand.canned.replies["DownloadReportExecution"] = endless
    async with stranger.stream("GET", URL) as response:
        assert response.status_code == 200
    await asyncio.wait_for(cancelled.wait(), 2)


async def test_a_client_that_does_not_read_is_given_up(
    stand: Stand, stranger: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = asyncio.Event()

    async def endless(_request: Any, _context: Any) -> AsyncIterator[Response]:
        try:
            yield Response(data=b"x", file_name="a", file_size=10**9)
            while True:
                yield Response(data=b"x" * PIECE)
        finally:
            ended.set()

    stand.canned.replies["DownloadReportExecution"] = endless
    monkeypatch.setattr(report, "DOWNLOAD_S", 0.5)
    async with stranger.stream("GET", URL) as response:
        assert response.status_code == 200
        await asyncio.wait_for(ended.wait(), 5)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("revenue 2026-01.pdf", 'attachment; filename="revenue 2026-01.pdf"'),
        (
            "Übersicht.pdf",
            "attachment; filename=\"_bersicht.pdf\"; filename*=UTF-8''%C3%9Cbersicht.pdf",
        ),
        ("../../etc/passwd", 'attachment; filename="_.._etc_passwd"'),
        (
            'a"; filename=b.exe',
            'attachment; filename="a__ filename_b.exe"; '
            "filename*=UTF-8''a%22%3B%20filename%3Db.exe",
        ),
        ("a\r\nX: y", "attachment; filename=\"a_X_ y\"; filename*=UTF-8''a_X%3A%20y"),
        ("...", 'attachment; filename="report"'),
    ],
)
def test_a_name_cannot_do_harm(name: str, header: str) -> None:
    assert disposition_of(name) == header
