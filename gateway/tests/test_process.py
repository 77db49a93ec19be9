"""The gateway as its own process: settings, start, drain, exit code."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest

from .conftest import Keys


def environment(keys: Keys, **changes: str) -> dict[str, str]:
    files = {
        "INTERNAL_JWKS_FILE": "internal.jwks",
        "SIGNING_KEY_FILE": "gateway.jwk",
        "ISSUER_JWKS_FILE": "issuer.jwks",
    }
    own = {name: str(keys.folder / file) for name, file in files.items()}
    own |= {"ANALYTICS_TARGET": "127.0.0.1:1", "REPORT_TARGET": "127.0.0.1:1", **changes}
    path = os.pathsep.join(entry for entry in sys.path if Path(entry).name == "src")
    return {f"PRAXIS_GATEWAY_{name}": value for name, value in own.items()} | {"PYTHONPATH": path}


async def start(command: str, env: dict[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-m", "praxis_gateway", command),
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_config_prints_the_settings_masked(keys: Keys) -> None:
    process = await start("config", environment(keys, NATS_URL="nats://me:secret@127.0.0.1:1"))
    out, _ = await process.communicate()
    assert process.returncode == 0
    printed = json.loads(out)
    assert printed["report_target"] == "127.0.0.1:1"
    assert printed["practice_rate"] == 200
    assert printed["nats_url"] == "nats://***@127.0.0.1:1"
    assert b"secret" not in out


async def test_settings_that_do_not_hold(keys: Keys) -> None:
    env = environment(keys, USER_RATE="0")
    del env["PRAXIS_GATEWAY_REPORT_TARGET"]
    process = await start("serve", env)
    _, err = await process.communicate()
    assert process.returncode == 2
    assert b"report_target" in err
    assert b"user_rate" in err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_drains_and_ends_well(keys: Keys, number: signal.Signals) -> None:
    process = await start("serve", environment(keys, DRAIN_S="3"))
    assert process.stderr is not None
    started = json.loads(await asyncio.wait_for(process.stderr.readline(), 60))
    assert (started["event"], started["service"]) == ("server.started", "gateway")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{started['port']}") as client:
        assert (await client.get("/healthz")).json() == {"status": "serving"}
        process.send_signal(number)
        await asyncio.sleep(0.2)
        response = await client.get("/healthz")
        assert response.json()["code"] == "draining"
        assert response.headers["connection"] == "close"
        assert (await client.get("/openapi.json")).status_code == 200
    assert await asyncio.wait_for(process.wait(), 60) == 0
    lines = [json.loads(line) for line in (await process.stderr.read()).splitlines()]
    assert [line["event"] for line in lines] == (
        ["request.ended", "server.draining", "request.ended", "request.ended", "server.stopped"]
    )
    ended = lines[0]
    assert (ended["method"], ended["code"], ended["level"]) == ("GET /healthz", 200, "info")
    assert len(ended["request_id"]) == 32
    assert ended["duration_ms"] >= 0
