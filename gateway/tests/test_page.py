"""The page as it is served, and the committed build it is served from."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT
from praxis_gateway.openapi import document

from .conftest import Stand

WEB = ROOT / "gateway/web"
STATIC = ROOT / "gateway/src/praxis_gateway/static"
BUILD = json.loads((STATIC / "build.json").read_text())
FIRST_BUNDLE_BYTES = 200_000
VIEWS = ("/", "/reports", "/schedules", "/work-lists", "/measures")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def first_files() -> list[str]:
    """What the document loads before it shows anything."""
    document = (STATIC / "index.html").read_text()
    return re.findall(r'(?:src|href)="/(assets/[^"]+\.(?:js|css))"', document)


@pytest.mark.parametrize("path", VIEWS)
async def test_every_view_is_the_same_document_under_a_strict_policy(
    stand: Stand, path: str
) -> None:
    answer = await stand.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.content == (STATIC / "index.html").read_bytes()
    policy = answer.headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any("unsafe" in rule or "http" in rule for rule in policy)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_unchanged_document_is_not_sent_again(stand: Stand) -> None:
    tag = (await stand.client.get("/")).headers["etag"]
    answer = await stand.client.get("/", headers={"if-none-match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert "content-security-policy" in answer.headers
    other = await stand.client.get("/", headers={"if-none-match": '"another"'})
    assert other.status_code == 200


async def test_files_are_typed_and_kept_for_good(stand: Stand) -> None:
    types = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
    names = [path.name for path in (STATIC / "assets").iterdir()]
    assert {name.rpartition(".")[2] for name in names} == {"js", "css", "svg"}
    for name in names:
        answer = await stand.client.get(f"/assets/{name}")
        assert answer.content == (STATIC / "assets" / name).read_bytes(), name
        kind = name.rpartition(".")[2]
        assert answer.headers["content-type"] == types.get(kind, "image/svg+xml")
        # Exactly one rule on caching: the one of files whose name holds their hash.
        rules = answer.headers.get_list("cache-control")
        assert rules == ["public, max-age=31536000, immutable"]


async def test_files_are_sent_compressed_where_that_is_accepted(stand: Stand) -> None:
    path = next(name for name in first_files() if name.endswith(".js"))
    plain = await stand.client.get(f"/{path}", headers={"accept-encoding": "identity"})
    refused = await stand.client.get(f"/{path}", headers={"accept-encoding": "gzip;q=0"})
    zipped = await stand.client.get(f"/{path}", headers={"accept-encoding": "br, gzip;q=0.5"})
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.content == plain.content
    assert int(zipped.headers["content-length"]) < len(plain.content) / 2


@pytest.mark.parametrize("name", ["build.json", "index.html", "..%2findex.html", "none.js", "%00"])
async def test_other_files_are_not_served(stand: Stand, name: str) -> None:
    answer = await stand.client.get(f"/assets/{name}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_the_document_loads_its_own_files_only() -> None:
    document = (STATIC / "index.html").read_text()
    assert "://" not in document
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", document)
    loaded = first_files()
    assert any(name.endswith(".js") for name in loaded)
    assert all((STATIC / name).is_file() for name in loaded)


def test_the_first_bundle_is_small_and_without_charts() -> None:
    sizes = {name: len(gzip.compress((STATIC / name).read_bytes())) for name in first_files()}
    assert 20_000 < sum(sizes.values()) <= FIRST_BUNDLE_BYTES, sizes
    assert not any("vega" in name for name in sizes)


def test_the_committed_build_is_made_of_these_sources() -> None:
    """Where this fails: `npm ci && npm run build` in `gateway/web`."""
    known = BUILD["sources"]
    assert len(known) > 20
    assert {name: sha256(WEB / name) for name in known} == known
    present = {
        str(path.relative_to(WEB))
        for folder in ("src", "build")
        for path in (WEB / folder).rglob("*")
        if path.is_file()
    }
    assert present <= known.keys()


def test_the_committed_build_is_untouched() -> None:
    present = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()}
    assert present == {*BUILD["built"], "build.json"}
    assert {name: sha256(STATIC / name) for name in BUILD["built"]} == BUILD["built"]


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text())
    assert len(lock["packages"]) > 50
    assert not any("resolved" in entry for entry in lock["packages"].values())
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)


# Users need no Node; these hold where a developer has it.
if shutil.which("npm"):

    @pytest.fixture(scope="module")
    def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
        """The sources in a folder of their own, with what their lock names."""
        folder = tmp_path_factory.mktemp("workshop") / "gateway/web"
        for name in BUILD["sources"]:
            copy = folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(WEB / name, copy)
        npm(folder, "ci")
        return folder

    def npm(folder: Path, *arguments: str) -> None:
        done = subprocess.run(
            ["npm", *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    @pytest.mark.slow
    def test_the_build_comes_out_the_same_byte_for_byte(workshop: Path) -> None:
        npm(workshop, "run", "build")
        made = workshop / "../src/praxis_gateway/static"
        for name in [*BUILD["built"], "build.json"]:
            assert (made / name).read_bytes() == (STATIC / name).read_bytes(), name

    @pytest.mark.slow
    def test_the_page_fits_the_contract_as_it_is_now(workshop: Path) -> None:
        (workshop / "openapi.json").write_text(json.dumps(document()))
        types = workshop / "src/api/schema.d.ts"
        types.unlink()
        npm(workshop, "run", "types")
        assert types.stat().st_size > 50_000
        npm(workshop, "run", "check")
