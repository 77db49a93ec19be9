"""Render processes: real children, real kills, real limits."""

import asyncio
import hashlib
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest
import pytest_asyncio

from praxis_report.domain.document import AsOf, Axis, Chart, Column, Document, Series, Table
from praxis_report.rendering.errors import (
    CannotWrite,
    RenderCrashed,
    RenderFailed,
    RenderQueueFull,
    RenderTimeout,
    TooManyRows,
)
from praxis_report.rendering.pool import MIB, RenderPool

COLUMNS = (Column("month", "Month", "month"), Column("paid", "Paid", "money"))


def document(rows: int) -> Document:
    cells = tuple((date(2025, 1 + row % 12, 1), Decimal(row)) for row in range(rows))
    chart = Chart(
        "Paid by month",
        "Paid in each month.",
        "bar",
        Axis("Month", "month"),
        Axis("Paid", "money"),
        (Series("paid", "Paid"),),
        cells[:12],
    )
    return Document(
        title="Revenue",
        subtitle="",
        practice_name="Cedar Valley",
        period="2025",
        currency="USD",
        time_zone="UTC",
        as_of=AsOf(42, datetime(2026, 1, 1, tzinfo=UTC), date(2025, 12, 31)),
        synthetic=False,
        phi_level="aggregate",
        parameters=(),
        sections=(chart, Table("main", "Rows", COLUMNS, cells, main=True)),
    )


def styled(tables: int) -> Document:
    """Tables of 200 rows each, which is as many as are laid out rather than drawn."""
    made = document(200)
    more = (replace(made.main_table, id=f"t{i}", main=False) for i in range(tables))
    return replace(made, sections=(*made.sections, *more))


SMALL, LONG = document(12), styled(8)  # LONG takes many seconds as PDF


@pytest_asyncio.fixture
async def pool() -> AsyncIterator[RenderPool]:
    async with RenderPool(1, queue_max=1) as pool:
        yield pool


async def wait_until_busy(pool: RenderPool, path: Path) -> None:
    """The child opens its file when it begins to draw."""
    while not path.exists():  # noqa: ASYNC110 - another process makes it
        await asyncio.sleep(0.02)
    assert len(pool.pids) == 1


async def assert_works(pool: RenderPool, folder: Path) -> None:
    size, _ = await pool.render(SMALL, "csv", folder / "after.csv")
    assert size == (folder / "after.csv").stat().st_size > 0


@pytest.mark.parametrize("format", ["csv", "excel", "html", "json", "pdf"])
async def test_files_are_private_hashed_and_reproducible(
    pool: RenderPool, tmp_path: Path, format: str
) -> None:
    one = await pool.render(SMALL, format, tmp_path / "one")
    os.kill(pool.pids[0], signal.SIGKILL)  # another process, later: the same bytes
    await asyncio.sleep(1.1)
    other = await pool.render(SMALL, format, tmp_path / "other")
    content = (tmp_path / "one").read_bytes()
    assert one == other == (len(content), hashlib.sha256(content).hexdigest())
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o600


async def test_a_slow_job_is_stopped(pool: RenderPool, tmp_path: Path) -> None:
    await assert_works(pool, tmp_path)
    [pid] = pool.pids
    with pytest.raises(RenderTimeout, match="1 s"):
        await pool.render(LONG, "pdf", tmp_path / "slow", timeout_s=1)
    await assert_works(pool, tmp_path)
    assert not (tmp_path / "slow").exists()
    assert pool.pids != [pid]


async def test_a_job_that_computes_too_long_is_stopped(tmp_path: Path) -> None:
    async with RenderPool(1, cpu_s=1) as pool:
        for number in range(3):  # each has a second of its own, though the process has one life
            await pool.render(SMALL, "html", tmp_path / f"{number}")
        with pytest.raises(RenderTimeout, match="1 s of computing"):
            await pool.render(LONG, "pdf", tmp_path / "slow")
        assert not (tmp_path / "slow").exists()
        await assert_works(pool, tmp_path)


async def test_a_killed_child_is_replaced(pool: RenderPool, tmp_path: Path) -> None:
    job = asyncio.create_task(pool.render(LONG, "pdf", tmp_path / "killed"))
    await wait_until_busy(pool, tmp_path / "killed")
    os.kill(pool.pids[0], signal.SIGKILL)
    with pytest.raises(RenderCrashed, match="-9"):
        await job
    assert not (tmp_path / "killed").exists()
    await assert_works(pool, tmp_path)


async def test_a_cancelled_job_stops_and_leaves_nothing(pool: RenderPool, tmp_path: Path) -> None:
    job = asyncio.create_task(pool.render(LONG, "pdf", tmp_path / "cancelled"))
    await wait_until_busy(pool, tmp_path / "cancelled")
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    await assert_works(pool, tmp_path)
    assert not (tmp_path / "cancelled").exists()


async def test_a_document_too_big_for_memory_fails_alone(tmp_path: Path) -> None:
    megabyte = "x" * MIB  # one object here, copied into each row of the file
    rows = tuple((megabyte, Decimal(1)) for _ in range(2000))
    huge = replace(SMALL, sections=(Table("main", "Rows", COLUMNS, rows, main=True),))
    async with RenderPool(1) as pool:
        with pytest.raises((RenderFailed, RenderCrashed)) as caught:
            await pool.render(huge, "json", tmp_path / "huge")
        assert "xxx" not in str(caught.value)
        assert not (tmp_path / "huge").exists()
        await assert_works(pool, tmp_path)


async def test_errors_of_the_renderer_keep_their_kind_and_the_process(
    pool: RenderPool, tmp_path: Path
) -> None:
    await assert_works(pool, tmp_path)
    before = pool.pids
    await assert_works(pool, tmp_path)
    assert pool.pids == before
    with pytest.raises(TooManyRows, match="50001 rows"):
        await pool.render(document(50_001), "pdf", tmp_path / "rows")
    assert pool.pids == before
    assert not (tmp_path / "rows").exists()
    with pytest.raises(CannotWrite):
        await pool.render(SMALL, "csv", tmp_path / "nowhere" / "file")
    await assert_works(pool, tmp_path)


async def test_a_big_parent_does_not_make_its_children_look_big(tmp_path: Path) -> None:
    ballast = b"x" * (600 * MIB)
    async with RenderPool(1) as pool:
        await assert_works(pool, tmp_path)
        before = pool.pids
        await assert_works(pool, tmp_path)
        assert pool.pids == before
    assert len(ballast) > 512 * MIB


async def test_the_queue_is_bounded(pool: RenderPool, tmp_path: Path) -> None:
    running = asyncio.create_task(pool.render(LONG, "pdf", tmp_path / "running"))
    await wait_until_busy(pool, tmp_path / "running")
    waiting = asyncio.create_task(pool.render(SMALL, "csv", tmp_path / "waiting"))
    await asyncio.sleep(0)
    with pytest.raises(RenderQueueFull):
        await pool.render(SMALL, "csv", tmp_path / "refused")
    running.cancel()
    assert (await waiting)[0] > 0
    assert not (tmp_path / "refused").exists()


async def test_two_processes_draw_side_by_side_and_the_loop_stays_free(tmp_path: Path) -> None:
    async with RenderPool(2) as pool:
        jobs = asyncio.gather(
            *(pool.render(document(150), "pdf", tmp_path / str(i)) for i in range(4))
        )
        gaps, last = [], perf_counter()
        while not jobs.done():
            await asyncio.sleep(0.01)
            gaps.append(perf_counter() - last)
            last = perf_counter()
        assert len({sha for _, sha in await jobs}) == 1
        assert len(pool.pids) == 2
    assert sum(gaps) > 0.5  # drawing took time, and
    assert max(gaps) < 1.0  # none of it was taken from the loop
    assert pool.pids == []


async def test_a_closed_pool_refuses_what_waits(tmp_path: Path) -> None:
    async with RenderPool(1) as pool:
        running = asyncio.create_task(pool.render(LONG, "pdf", tmp_path / "running"))
        await wait_until_busy(pool, tmp_path / "running")
        waiting = asyncio.create_task(pool.render(SMALL, "csv", tmp_path / "waiting"))
        await asyncio.sleep(0)
    for job in (running, waiting):
        with pytest.raises(RenderCrashed):
            await job
    assert pool.pids == []


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc on this system")
async def test_children_know_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRAXIS_REPORT_SECRET", "hush")
    async with RenderPool(1) as pool:
        await assert_works(pool, tmp_path)
        environment = Path(f"/proc/{pool.pids[0]}/environ").read_bytes()
    assert b"SOURCE_DATE_EPOCH" in environment
    assert b"PRAXIS_" not in environment
