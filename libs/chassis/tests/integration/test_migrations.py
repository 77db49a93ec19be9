"""Migrations run once, one at a time, and whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from .conftest import MakeScratch, Scratch

_VERSION = '''
from praxis_chassis.migrations import execute_script, protect

revision = "{revision}"
down_revision = "{down}"


def upgrade() -> None:
    execute_script("""
        create table added (practice_id uuid not null, added_id uuid not null,
                            primary key (practice_id, added_id));
        comment on table added is 'distributed: more';
    """)
    protect("{service}", "added")
    {then}
'''


def _catalogue(scratch: Scratch) -> list[object]:
    """Everything a migration makes: tables, columns, indices, policies, rights and the version."""
    with scratch.admin(row_factory=dict_row) as admin:
        return [
            admin.execute(query).fetchall()
            for query in (
                "select relname, relkind, relowner, relacl::text, relrowsecurity,"
                " relforcerowsecurity, oid from pg_class"
                " where relnamespace = 'public'::regnamespace"
                " order by oid",
                "select attrelid, attname, atttypid from pg_attribute where attnum > 0 and attrelid"
                " in (select oid from pg_class where relnamespace = 'public'::regnamespace)"
                " order by attrelid, attnum",
                "select oid, polname from pg_policy order by oid",
                "select version_num from alembic_version",
            )
        ]


def _has_added(scratch: Scratch) -> bool:
    with scratch.admin() as admin:
        row = admin.execute("select to_regclass('public.added') is not null").fetchone()
    return row == (True,)


def _version(scratch: Scratch) -> str:
    with scratch.admin() as admin:
        row = admin.execute("select version_num from alembic_version").fetchone()
    assert row is not None
    return str(row[0])


def _write(scratch: Scratch, revision: str, down: str, then: str = "") -> Path:
    path = scratch.versions / f"{revision}.py"
    text = _VERSION.format(revision=revision, down=down, service=scratch.name, then=then)
    path.write_text(text)
    return path


def test_twice_is_once(scratch: Scratch) -> None:
    before = _catalogue(scratch)
    assert before[0]
    scratch.migrate()
    assert _catalogue(scratch) == before


def test_a_script_is_taken_as_it_stands(scratch: Scratch) -> None:
    """Percent signs and colons are nothing special in it."""
    with scratch.admin() as admin:
        row = admin.execute("select obj_description('thing'::regclass, 'pg_class')").fetchone()
    assert row == ("distributed: 100% of what scratch keeps",)


def test_everything_belongs_to_the_owner_who_cannot_log_in(scratch: Scratch) -> None:
    with scratch.admin() as admin:
        owners = admin.execute(
            "select distinct pg_get_userbyid(relowner)::text from pg_class"
            " where relnamespace = 'public'::regnamespace"
        ).fetchall()
    assert owners == [("scratch_owner",)]


def test_a_failing_version_leaves_nothing(new_scratch: MakeScratch) -> None:
    scratch = new_scratch("failing")
    scratch.migrate()
    before = _catalogue(scratch)
    path = _write(scratch, "0002", "0001", "execute_script('select 1/0')")
    with pytest.raises(Exception, match="division by zero"):
        scratch.migrate()
    assert _catalogue(scratch) == before
    path.unlink()
    _write(scratch, "0002", "0001")
    scratch.migrate()
    assert (_version(scratch), _has_added(scratch)) == ("0002", True)


def _in_a_process(scratch: Scratch) -> subprocess.Popen[str]:
    program = (
        "import sys; from praxis_chassis.migrations import migrate;"
        "from praxis_chassis.settings import DatabaseSettings as S;"
        "migrate(S.model_validate_json(sys.argv[1]), sys.argv[2])"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, scratch.settings.model_dump_json(), scratch.package],
        cwd=scratch.folder,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_killed_migration_leaves_nothing_and_does_not_block_the_next(
    new_scratch: MakeScratch,
) -> None:
    scratch = new_scratch("killed")
    scratch.migrate()
    # A way in from outside: the version waits until this lock is free.
    _write(scratch, "0002", "0001", "execute_script('select pg_advisory_xact_lock(4711)')")
    with scratch.admin() as admin:
        admin.execute("select pg_advisory_lock(4711)")
        process = _in_a_process(scratch)
        waiting = "select pid from pg_locks where locktype = 'advisory' and not granted"
        while not (found := admin.execute(waiting).fetchall()):
            assert process.poll() is None, process.communicate()
        process.kill()
        process.communicate()
        # The server learns of it at the latest when it wants to answer.
        admin.execute("select pg_terminate_backend(%s, 5000)", found[0])
        assert (_version(scratch), _has_added(scratch)) == ("0001", False)
    scratch.migrate()
    assert (_version(scratch), _has_added(scratch)) == ("0002", True)


@pytest.mark.slow
def test_many_at_once_run_each_version_once(new_scratch: MakeScratch) -> None:
    scratch = new_scratch("crowded")
    _write(scratch, "0002", "0001", "execute_script('select pg_sleep(0.3)')")
    processes = [_in_a_process(scratch) for _ in range(4)]
    with ThreadPoolExecutor() as threads:
        told = list(threads.map(lambda one: one.communicate(timeout=60)[1], processes))
    assert [one.returncode for one in processes] == [0] * 4, told
    assert (_version(scratch), _has_added(scratch)) == ("0002", True)


def test_only_the_migrate_login_is_used(scratch: Scratch) -> None:
    settings = scratch.settings.model_copy(update={"database_migrate_password_file": None})
    from praxis_chassis.migrations import migrate

    with pytest.raises(ValueError, match="migrate login"):
        migrate(settings, scratch.package)
    with (
        psycopg.connect(scratch.settings.conninfo("app")) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("select * from alembic_version")
