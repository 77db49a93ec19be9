"""Sealed files in a folder, in S3 and in Azure Blob: one suite, real servers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import random
import shutil
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest

from praxis_chassis.errors import DependencyDown, Integrity
from praxis_report.blobs import sealing
from praxis_report.blobs.files import Files, StoreFailed
from praxis_report.blobs.stores import open_files
from praxis_report.settings import Settings

from . import stores

MIB = sealing.CHUNK_BYTES
NewStore = Callable[[], Files]


def make_container(endpoint: str, name: str) -> None:
    """A new container, asked for as the service's documentation says."""
    date = formatdate(usegmt=True)
    headers = f"x-ms-date:{date}\nx-ms-version:2021-12-02"
    resource = f"/{stores.ACCOUNT}/{stores.ACCOUNT}/{name}\nrestype:container"
    text = "PUT" + "\n" * 12 + headers + "\n" + resource
    digest = hmac.digest(base64.b64decode(stores.ACCOUNT_KEY), text.encode(), "sha256")
    signature = base64.b64encode(digest).decode()
    answer = httpx.put(
        f"{endpoint}/{name}?restype=container",
        headers={
            "x-ms-date": date,
            "x-ms-version": "2021-12-02",
            "authorization": f"SharedKey {stores.ACCOUNT}:{signature}",
        },
    )
    assert answer.status_code == 201, answer.text


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The servers, started when first asked for."""
    found: dict[str, str] = {}
    with stores.s3_server() as s3:
        found["s3"] = s3
        if shutil.which("npm") is None:
            yield found
            return
        with stores.azure_server(tmp_path_factory.mktemp("azurite")) as azure:
            found["azure"] = azure
            yield found


@pytest.fixture(params=["local", "s3", "azure"])
def settings(
    request: pytest.FixtureRequest,
    endpoints: dict[str, str],
    report_settings: Settings,
    tmp_path: Path,
) -> Settings:
    """Settings of a new, empty store of each kind."""
    kind: str = request.param
    if kind != "local" and kind not in endpoints:
        pytest.skip("the Azure emulator comes by npm, and there is none here")
    name = f"reports-{uuid.uuid4().hex}"
    change: dict[str, Any] = {"files_dir": tmp_path / "files", "storage_backend": kind}
    if kind == "s3":
        stores.make_bucket(endpoints["s3"], name)
        (tmp_path / "id").write_text("key\n")
        (tmp_path / "secret").write_text("secret\n")
        change["storage_key_id_file"] = tmp_path / "id"
    if kind == "azure":
        make_container(endpoints["azure"], name)
        (tmp_path / "secret").write_text(stores.ACCOUNT_KEY)
        change["storage_account"] = stores.ACCOUNT
    if kind != "local":
        change |= {"storage_bucket": name, "storage_endpoint": endpoints[kind]}
        change["storage_secret_file"] = tmp_path / "secret"
    return report_settings.model_copy(update=change)


@pytest.fixture
def files(settings: Settings) -> Files:
    return open_files(settings)


def drawn(files: Files, content: bytes) -> str:
    """The key of a file that was drawn and is not yet published."""
    key = files.key(uuid.uuid4(), uuid.uuid4(), 1)
    files.draft(key).write_bytes(content)
    return key


async def read(
    files: Files, key: str, data_key: bytes, size: int, offset: int = 0, length: int | None = None
) -> bytes:
    wanted = size if length is None else length
    return b"".join([p async for p in files.read(key, data_key, size, offset, wanted)])


async def stored(files: Files, key: str) -> bytes:
    return bytes(await (await obstore.get_async(files.store, key)).bytes_async())


async def replace(files: Files, key: str, content: bytes) -> None:
    """Somebody changes a file in the store."""
    await obstore.put_async(files.store, key, content)


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 6 * MIB + 17])
async def test_a_file_comes_back_as_it_was_and_is_stored_sealed(files: Files, size: int) -> None:
    content = random.Random(size).randbytes(size)
    data_key = sealing.new_key()
    key = drawn(files, content)
    await files.publish(key, data_key)
    assert not files.draft(key).exists()
    await files.check(key, size)
    assert await read(files, key, data_key, size) == content
    sealed = await stored(files, key)
    assert len(sealed) == sealing.sealed_size(size)
    assert size < 32 or content[:32] not in sealed
    assert list(files.scratch.iterdir()) == []


async def test_any_range_of_a_sealed_file(files: Files) -> None:
    content = random.Random(7).randbytes(3 * MIB + 5)
    data_key = sealing.new_key()
    key = drawn(files, content)
    await files.publish(key, data_key)
    dice = random.Random(1)
    spans = [(0, 1), (MIB - 1, 2), (MIB, MIB), (3 * MIB, 5), (len(content) - 1, 10), (5, 0)]
    spans += [(dice.randrange(len(content)), dice.randrange(2 * MIB)) for _ in range(6)]
    for offset, length in spans:
        got = await read(files, key, data_key, len(content), offset, length)
        assert got == content[offset : offset + length], (offset, length)


async def test_what_was_changed_is_never_given_out(files: Files) -> None:
    content = random.Random(3).randbytes(2 * MIB + 100)
    data_key = sealing.new_key()
    key = drawn(files, content)
    await files.publish(key, data_key)
    sealed, span = await stored(files, key), MIB + 16
    swapped = sealed[span : 2 * span] + sealed[:span] + sealed[2 * span :]
    flipped = sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:]
    for changed in (swapped, flipped):
        await replace(files, key, changed)
        with pytest.raises(Integrity):
            await read(files, key, data_key, len(content))
    # Cut at a whole chunk: neither the size nor the chunk before the cut would be the last one.
    await replace(files, key, sealed[: 2 * span])
    with pytest.raises(Integrity):
        await files.check(key, len(content))
    with pytest.raises(Integrity):
        await read(files, key, data_key, 2 * MIB)
    await replace(files, key, sealed)
    with pytest.raises(Integrity):
        await read(files, key, sealing.new_key(), len(content))
    assert await read(files, key, data_key, len(content)) == content


async def test_a_missing_file_is_told_and_removing_it_is_no_error(files: Files) -> None:
    key = drawn(files, b"x")
    with pytest.raises(Integrity):
        await files.check(key, 1)
    with pytest.raises(Integrity):
        await read(files, key, sealing.new_key(), 1)
    await files.remove(key)
    data_key = sealing.new_key()
    await files.publish(key, data_key)
    await files.remove(key)
    await files.remove(key)
    with pytest.raises(Integrity):
        await files.check(key, 1)


async def test_old_files_are_found_by_practice_and_strangers_are_not(files: Files) -> None:
    keys = [drawn(files, b"one"), drawn(files, b"two")]
    for key in keys:
        await files.publish(key, sealing.new_key())
    await replace(files, "notes.txt", b"somebody else's")
    await replace(files, "somebody/else.1", b"somebody else's")
    assert await files.older_than(3600) == {}
    found = await files.older_than(-5)
    assert {key for of_practice in found.values() for key in of_practice} == set(keys)
    for practice_id, of_practice in found.items():
        for key, execution_id in of_practice.items():
            assert key == files.key(practice_id, execution_id, 1)


async def test_a_large_file_takes_little_memory(files: Files) -> None:
    size = 48 * MIB
    key = drawn(files, b"")
    with files.draft(key).open("wb") as out:
        for _ in range(48):
            out.write(os.urandom(MIB))
    data_key = sealing.new_key()
    digest, expected = hashlib.sha256(), hashlib.sha256(files.draft(key).read_bytes()).hexdigest()
    tracemalloc.start()
    try:
        await files.publish(key, data_key)
        async for piece in files.read(key, data_key, size, 0, size):
            digest.update(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert digest.hexdigest() == expected
    if files.backend != "s3":  # the S3 server runs in this process and keeps what it is given
        assert peak < 20 * MIB


async def test_a_store_that_is_away_is_told_and_leaves_nothing_behind(
    settings: Settings, files: Files
) -> None:
    if files.folder is not None:
        (files.folder / "in-the-way").write_text("no folder")
        key = "in-the-way/00000000-0000-0000-0000-000000000001.1"
        away = files
        files.draft(key).write_bytes(b"x")
    else:
        elsewhere = {"storage_endpoint": f"http://127.0.0.1:9/{settings.storage_account}"}
        away = open_files(settings.model_copy(update=elsewhere))
        key = drawn(away, b"x")
        for asked in (away.check(key, 1), away.remove(key), away.older_than(0)):
            with pytest.raises(DependencyDown):
                await asked
    with pytest.raises(StoreFailed):
        await away.publish(key, sealing.new_key())
    assert list(away.scratch.iterdir()) == []


@pytest.mark.parametrize("settings", ["s3", "azure"], indirect=True)
async def test_a_bucket_takes_a_key_once(files: Files) -> None:
    key = drawn(files, b"first")
    data_key = sealing.new_key()
    await files.publish(key, data_key)
    files.draft(key).write_bytes(b"other")
    with pytest.raises(StoreFailed):
        await files.publish(key, data_key)
    assert await read(files, key, data_key, 5) == b"first"


def test_a_bucket_must_be_named(report_settings: Settings, tmp_path: Path) -> None:
    change = {"storage_backend": "s3", "files_dir": tmp_path / "files"}
    with pytest.raises(ValueError, match="needs a bucket"):
        open_files(report_settings.model_copy(update=change))
