"""One shape for every failure, and nothing about the inside in any of them."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import httpx
import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from praxis.type.v1 import error_pb2
from praxis_chassis import errors
from praxis_gateway import app, problems

from .conftest import USER, Keys, Stand, running

ID = str(uuid.UUID(int=5))
REPORT = f"/api/v1/reports/{ID}"
KINDS = {
    kind.reason: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.Error)
}


def checked(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem in `response`, which must have the one shape."""
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    problem: dict[str, Any] = response.json()
    assert list(problem) == (
        ["type", "title", "status", "detail", "instance", "code", "request_id", "errors"]
    )
    assert (response.status_code, problem["status"]) == (status, status)
    assert (problem["code"], problem["type"]) == (code, f"urn:praxis:problem:{code}")
    assert problem["request_id"] == response.headers["x-request-id"]
    assert problem["instance"] == response.request.url.raw_path.decode().partition("?")[0]
    return problem


@pytest.mark.parametrize("reason", sorted(KINDS))
async def test_each_reason_from_a_service(stand: Stand, reason: str) -> None:
    stand.canned.replies["GetReport"] = KINDS[reason](
        "what happened", [errors.Violation("parameters.start_date", "is no date")]
    )
    response = await stand.client.get(REPORT)
    problem = checked(response, problems.STATUS[reason], reason.lower())
    assert problem["detail"] == "what happened"
    assert problem["errors"] == [{"field": "parameters.start_date", "message": "is no date"}]
    status = response.status_code
    assert ("retry-after" in response.headers) == (status in (429, 503))
    assert ("www-authenticate" in response.headers) == (status == 401)


def test_each_reason_of_the_contract_has_a_status() -> None:
    reasons = {
        name.removeprefix("ERROR_REASON_")
        for name in error_pb2.ErrorReason.DESCRIPTOR.values_by_name
    }
    http_only = "METHOD_NOT_ALLOWED UNSUPPORTED_MEDIA_TYPE RANGE_NOT_SATISFIABLE HEADER_TOO_LARGE"
    assert set(problems.STATUS) - set(http_only.split()) == reasons - {"UNSPECIFIED"}


async def test_a_crash_behind_tells_nothing(stand: Stand) -> None:
    stand.canned.replies["GetReport"] = ZeroDivisionError("secret of the inside")
    problem = checked(await stand.client.get(REPORT), 500, "internal")
    assert problem["detail"] == errors.INTERNAL_MESSAGE


async def test_a_crash_of_the_gateway_tells_nothing(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_request: Any) -> None:
        raise ZeroDivisionError("secret of the inside")

    monkeypatch.setattr(app, "check_header", crash)
    with structlog.testing.capture_logs() as lines:
        response = await stand.client.get(REPORT)
    assert checked(response, 500, "internal")["detail"] == errors.INTERNAL_MESSAGE
    crashed = next(line for line in lines if line["event"] == "request.crashed")
    assert crashed["error_type"] == "ZeroDivisionError"
    assert "secret" not in str(lines)


@pytest.mark.parametrize("path", ["/x", "/api/v1", "/api/v1/report", f"{REPORT}/", "/%ff"])
async def test_an_unknown_path(stand: Stand, path: str) -> None:
    stand.canned.replies["GetReport"] = errors.NotFound("no such report")
    checked(await stand.client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("verb", "path", "allowed"),
    [
        ("DELETE", "/api/v1/reports/", "GET, POST"),
        ("GET", "/api/v1/reports/analytics/revenue", "POST"),
        ("POST", "/", "GET"),
        ("OPTIONS", REPORT, "DELETE, GET, PATCH"),
    ],
)
async def test_a_wrong_verb(stand: Stand, verb: str, path: str, allowed: str) -> None:
    response = await stand.client.request(verb, path)
    checked(response, 405, "method_not_allowed")
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {},
    ],
)
async def test_a_wrong_media_type(stand: Stand, headers: dict[str, str]) -> None:
    response = await stand.client.post("/api/v1/reports", content=b"{}", headers=headers)
    checked(response, 415, "unsupported_media_type")


async def test_a_body_over_the_limit(stand: Stand) -> None:
    async def pieces() -> Any:
        for _ in range(33):
            yield b" " * 32768

    headers = {"content-type": "application/json"}
    for content in (b" " * (1024 * 1024 + 1), pieces()):
        response = await stand.client.post("/api/v1/reports", content=content, headers=headers)
        checked(response, 413, "too_large")
    fits = b'{"x":1}'.ljust(1024 * 1024)
    response = await stand.client.post("/api/v1/reports", content=fits, headers=headers)
    checked(response, 400, "invalid_field")


async def test_a_header_over_the_limit(stand: Stand) -> None:
    fits = await stand.client.get("/healthz", headers={"x": "a" * 15_000})
    assert fits.status_code == 200
    for headers, path in (({"x": "a" * 16_384}, "/healthz"), ({}, "/healthz?" + "a" * 16_384)):
        checked(await stand.client.get(path, headers=headers), 431, "header_too_large")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 3_000_000, b"431"),
        (b"GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", b"400"),
        (b"\x16\x03\x01hello", b"400"),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
    ],
)
async def test_what_is_not_http(stand: Stand, sent: bytes, status: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(stand.url.rsplit(":", 1)[1]))
    try:
        writer.write(sent)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        assert head.startswith(b"HTTP/1.1 " + status)
        assert b"application/problem+json" in head
    finally:
        writer.close()


def tokens(keys: Keys) -> dict[str, str]:
    good = keys.token()
    head, claims, _signature = good.split(".")
    shared = OctKey.generate_key(256)
    symmetric = jwt.encode({"alg": "HS256", "kid": "idp"}, {"sub": "x"}, shared, ["HS256"])
    return {
        "none": "",
        "basic": "Basic abc",
        "empty": "Bearer",
        "garbage": "Bearer abc",
        "deep": "Bearer " + "a." * 500,
        "forged": f"Bearer {keys.token(keys.other)}",
        "unsigned": f"Bearer {head}.{claims}.",
        "symmetric": f"Bearer {symmetric}",
        "expired": f"Bearer {keys.token(exp=1)}",
        "other audience": f"Bearer {keys.token(aud='praxis-internal')}",
        "other issuer": f"Bearer {keys.token(iss='x')}",
        "service": f"Bearer {keys.token(roles=['service'])}",
        "unknown role": f"Bearer {keys.token(roles=['root'])}",
        "no practice": f"Bearer {keys.token(practice_id='x')}",
        "long": "Bearer " + "a" * 9000,
    }


async def test_a_token_that_does_not_hold(stand: Stand) -> None:
    for name, value in tokens(stand.keys).items():
        headers = {"authorization": value} if value else {}
        async with httpx.AsyncClient(base_url=stand.url) as stranger:
            response = await stranger.get(REPORT, headers=headers)
        checked(response, 401, "token_invalid")
        assert response.headers["www-authenticate"].startswith("Bearer"), name
    assert stand.canned.seen == []


async def test_a_role_without_the_permission(stand: Stand) -> None:
    headers = {"authorization": f"Bearer {stand.keys.token(roles=['auditor'])}"}
    checked(await stand.client.get(REPORT, headers=headers), 403, "missing_permission")


async def test_what_needs_no_token(stand: Stand) -> None:
    async with httpx.AsyncClient(base_url=stand.url) as stranger:
        for path in ("/", "/healthz", "/openapi.json"):
            response = await stranger.get(path)
            assert response.status_code == 200
            # The page's document is asked for again each time; nothing else is kept at all.
            kept = "no-cache" if path == "/" else "no-store"
            assert response.headers["cache-control"] == kept
            assert len(response.headers["x-request-id"]) == 32


@pytest.mark.parametrize("given_id", ["", "a b", "x" * 65, "é"])
async def test_a_bad_request_id_is_replaced(stand: Stand, given_id: str) -> None:
    headers = [(b"x-request-id", given_id.encode("latin-1"))]
    response = await stand.client.get("/healthz", headers=headers)
    assert len(response.headers["x-request-id"]) == 32


async def test_rates_are_limited_by_user_and_practice(stand: Stand) -> None:
    stand.canned.replies["GetReport"] = errors.NotFound("no such report")
    limits = {"user_rate": 0.1, "user_burst": 2, "practice_rate": 0.1, "practice_burst": 3}
    async with (
        running(stand.keys.settings(stand.target, **limits)) as (url, _),
        httpx.AsyncClient(base_url=url) as client,
    ):

        async def get(**claims: Any) -> httpx.Response:
            headers = {"authorization": f"Bearer {stand.keys.token(**claims)}"}
            return await client.get(REPORT, headers=headers)

        assert [(await get()).status_code for _ in range(2)] == [404, 404]
        refused = await get()
        checked(refused, 429, "rate_limited")
        assert 1 <= int(refused.headers["retry-after"]) <= 10
        assert (await get(sub="another")).status_code == 404
        assert (await get(sub="a third")).status_code == 429
        other = await get(sub=USER, practice_id=str(uuid.UUID(int=9)))
        assert other.status_code == 404


async def test_a_service_that_is_not_there(keys: Keys) -> None:
    headers = {"authorization": f"Bearer {keys.token()}"}
    async with (
        running(keys.settings("127.0.0.1:1")) as (url, _),
        httpx.AsyncClient(base_url=url, headers=headers, timeout=15) as client,
    ):
        checked(await client.get(REPORT), 503, "dependency_down")


async def test_a_service_that_is_slow(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(_request: Any, _context: Any) -> Any:
        await asyncio.sleep(30)

    stand.canned.replies["GetReport"] = sleep
    monkeypatch.setattr(app, "DEADLINE_S", 0.4)
    checked(await stand.client.get(REPORT), 504, "deadline")


async def test_a_gateway_that_is_busy(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "IN_FLIGHT_MAX", 0)
    checked(await stand.client.get(REPORT), 429, "quota")


async def test_a_gateway_that_is_stopping(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand.gateway, "draining", True)
    checked(await stand.client.get("/healthz"), 503, "draining")
    stand.canned.replies["GetReport"] = errors.NotFound("no such report")
    checked(await stand.client.get(REPORT), 404, "not_found")


async def test_the_log_names_the_route_and_no_value(stand: Stand) -> None:
    stand.canned.replies["GetReport"] = errors.NotFound("no such report")
    with structlog.testing.capture_logs() as lines:
        await stand.client.get(f"{REPORT}?name=Jane")
        await stand.client.get(f"/somewhere/{ID}")
    ended = [line for line in lines if line["event"] == "request.ended"]
    assert [(line["method"], line["code"], line["reason"]) for line in ended] == [
        ("GET /api/v1/reports/{report_id}", 400, "invalid_field"),
        ("GET -", 404, "not_found"),
    ]
    assert ID not in str(lines)
    assert "Jane" not in str(lines)


anything = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.floats() | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["name", "report_type", "parameters", "metadata", "filters", "x"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(["", f"/{ID}/execute", "/analytics/query", "/analytics/revenue"]),
    body=st.binary(max_size=60) | anything.map(json.dumps).map(str.encode),
    query=st.binary(max_size=20),
)
async def test_nothing_sent_is_our_fault(
    stand: Stand, path: str, body: bytes, query: bytes
) -> None:
    for name in ("CreateReport", "ExecuteReport", "Ask", "GetRevenueMetrics"):
        stand.canned.replies[name] = errors.WrongState("reached")
    url = httpx.URL(f"{stand.url}/api/v1/reports{path}", params=None)
    if query:
        url = url.copy_with(query="".join(f"%{byte:02x}" for byte in query).encode())
    headers = {"content-type": "application/json"}
    response = await stand.client.post(url, content=body, headers=headers)
    assert 400 <= response.status_code < 500
    checked(response, response.status_code, response.json()["code"])
