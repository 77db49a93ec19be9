"""Links to files: who gets the bytes, who gets nothing, and what is recorded before the first."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest

from praxis.report.v1 import report_service_pb2 as rpc
from praxis.report.v1 import report_service_pb2_grpc
from praxis_chassis.channels import metadata
from praxis_chassis.errors import (
    Error,
    Forbidden,
    Integrity,
    InvalidInput,
    LinkExpired,
    NotFound,
    from_rpc,
)
from praxis_report.domain.links import VALID, Links, path_of

from .conftest import NewClinic, Practice, Stand


@pytest.fixture
def links(stand: Stand) -> Links:
    """Signs with the service's own key."""
    return Links(stand.settings.link_key_file.read_bytes())


def signed(links: Links, practice: Practice, execution_id: str, age: timedelta) -> str:
    """A link that was made so long ago."""
    made_at = datetime.now(UTC) - age
    return links.url(practice.id, uuid.UUID(execution_id), "ada", {"owner"}, made_at)


async def downloads(stand: Stand, practice: Practice) -> int:
    """How many are counted, after checking that as many are audited."""
    [count] = await stand.rows(
        "select sum(download_count) as n from reports where practice_id = %s", practice.id
    )
    audits = await stand.rows(
        "select 1 from audit_log where practice_id = %s and action = 'report.download'",
        practice.id,
    )
    assert len(audits) == count["n"]
    return len(audits)


async def refused(stand: Stand, url: str, kind: type[Error], **more: Any) -> str:
    """The words of the refusal."""
    with pytest.raises(kind) as raised:
        await stand.download(url, **more)
    assert type(raised.value) is kind
    return raised.value.message


async def test_a_link_gives_the_file_and_every_download_counts(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    assert run.download_url.startswith(f"{path_of(uuid.UUID(run.id))}?token=")
    head, content = await stand.download(run.download_url)
    assert hashlib.sha256(content).hexdigest() == head.sha256 == run.sha256
    assert (head.file_size, head.file_name) == (len(content), run.file_name)
    assert head.content_type == "text/csv; charset=utf-8"
    assert await downloads(stand, practice) == 1
    await stand.download(run.download_url)  # as often as wanted in its time
    assert await downloads(stand, practice) == 2


async def test_parts_of_a_file(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    _, whole = await stand.download(run.download_url)
    size = len(whole)
    for offset, length in ((0, 1), (5, 10), (size - 1, 1), (3, size * 9)):
        head, part = await stand.download(run.download_url, offset=offset, length=length)
        assert part == whole[offset : offset + length]
        assert head.file_size == size
    before = await downloads(stand, practice)
    for offset in (size, size + 1, 10**12):
        head, nothing = await stand.download(run.download_url, offset=offset)
        assert (head.file_size, nothing) == (size, b"")
    assert await downloads(stand, practice) == before  # nothing left, so nothing counted


async def test_whatever_is_not_signed_for_this_file_is_no_file(
    stand: Stand, new_clinic: NewClinic, links: Links
) -> None:
    practice, other = await new_clinic(), await new_clinic()
    run, second = await stand.run(practice.owner), await stand.run(practice.owner)
    theirs = await stand.run(other.owner)
    path, _, token = run.download_url.partition("?token=")
    body, _, mac = token.partition(".")
    content = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))

    def with_body(**changes: Any) -> str:
        changed = [changes.get(name, old) for name, old in zip("puren", content, strict=True)]
        raw = base64.urlsafe_b64encode(json.dumps(changed).encode()).rstrip(b"=").decode()
        return f"{path}?token={raw}.{mac}"

    stranger = Links(b"another key of thirty-two bytes!")
    forged = [
        f"{path}?token={body}.{mac[:-1]}",
        f"{path}?token={body[:-4]}.{mac}",
        f"{path}?token={body}",
        f"{path}?token={body}.",
        f"{path}?token=.{mac}",
        f"{path}?token={'x' * 300}",
        f"{path}?token={mac}.{body}",
        with_body(e=content[3] + 3600),
        with_body(p=str(other.id)),
        with_body(u="eve"),
        with_body(r=["owner", "admin"]),
        # Signed by the right key, for another file or another practice.
        f"{path}?token={second.download_url.partition('?token=')[2]}",
        f"{path}?token={theirs.download_url.partition('?token=')[2]}",
        signed(links, other, run.id, timedelta()),
        signed(links, practice, str(uuid.uuid4()), timedelta()),
        signed(stranger, practice, run.id, timedelta()),
    ]
    words = {await refused(stand, url, NotFound) for url in forged}
    assert words == {"no such file"}
    assert await downloads(stand, practice) == 0
    assert await downloads(stand, other) == 0
    await refused(stand, f"{path}?token=short", InvalidInput)


async def test_a_link_lives_fifteen_minutes(
    stand: Stand, new_clinic: NewClinic, links: Links
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    await stand.download(signed(links, practice, run.id, VALID - timedelta(seconds=20)))
    assert await downloads(stand, practice) == 1
    words = await refused(stand, signed(links, practice, run.id, VALID), LinkExpired)
    assert "fetch the execution again" in words
    # A link that is forged besides being old does not even say that it is old.
    old = signed(Links(b"k" * 32), practice, run.id, VALID * 2)
    await refused(stand, old, NotFound)
    assert await downloads(stand, practice) == 1


async def test_a_link_in_other_hands_is_no_file(stand: Stand, new_clinic: NewClinic) -> None:
    practice, other = await new_clinic(), await new_clinic(empty=True)
    run = await stand.run(practice.owner)
    url = run.download_url
    await stand.download(url, caller_practice_id=str(practice.id))
    assert await refused(stand, url, NotFound, caller_practice_id=str(other.id)) == "no such file"
    assert await downloads(stand, practice) == 1


async def test_only_the_gateway_redeems_links(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    stub: Any = report_service_pb2_grpc.ReportServiceStub(stand.channel)  # type: ignore[no-untyped-call]
    request = rpc.DownloadReportExecutionRequest(
        execution_id=run.id, token=run.download_url.partition("?token=")[2]
    )
    sent = metadata(stand.gateway.mint(practice.owner), "r1")
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        _ = [piece async for piece in stub.DownloadReportExecution(request, metadata=sent)]
    assert isinstance(from_rpc(raised.value), Forbidden)


async def test_a_changed_file_gives_no_byte(
    stand: Stand, new_clinic: NewClinic, folder: Path
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    [name] = stand.files(practice.id)
    file = folder / str(practice.id) / name
    whole = file.read_bytes()
    for changed in (whole[:-1], whole + b"x", bytes([whole[0] ^ 1]) + whole[1:], b""):
        file.write_bytes(changed)
        words = await refused(stand, run.download_url, Integrity)
        assert "run the report again" in words
    file.unlink()
    await refused(stand, run.download_url, Integrity)
    assert await downloads(stand, practice) == 0
    file.write_bytes(whole)
    content = (await stand.download(run.download_url))[1]
    assert hashlib.sha256(content).hexdigest() == run.sha256


async def test_a_file_whose_time_has_passed_is_gone(
    stand: Stand, new_clinic: NewClinic, links: Links
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    await stand.rows(
        "update report_executions set expires_at = clock_timestamp() where id = %s", run.id
    )
    await refused(stand, run.download_url, NotFound)
    found = await stand.execution(practice.owner, run.id)
    assert not found.HasField("download_url")
    report = await stand.call(
        practice.owner, "GetReport", rpc.GetReportRequest(report_id=run.report_id)
    )
    assert report.is_expired
