"""Secrets: made once, private, and the tokens that rest on them."""

from __future__ import annotations

import json
import stat
import time
import uuid
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from praxis_cli.stack import keys
from praxis_cli.stack.broker import USERS
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.postgres import logins
from praxis_cli.stack.services import SERVICES, SIGNERS, Stack

PRACTICE = uuid.UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout.at(tmp_path / "stack")
    layout.create()
    Stack(layout, {}).create_secrets()
    return layout


# Server and broker users, the logins of every service, a key a signer and the issuer's, two key
# sets, keys of receipts, links and files.
_LOGINS = sum(len(logins(service)) for service in SERVICES)
_SECRETS = 1 + len(USERS) + _LOGINS + len(SIGNERS) + 1 + 2 + 3


def _decode(layout: Layout, token: str, key_set: str = "issuer.jwks") -> jwt.Token:
    known = KeySet.import_key_set(json.loads((layout.secrets / key_set).read_text()))
    # The same signature under its current name, without the warning for the old one.
    with pytest.warns(match="EdDSA"):
        return jwt.decode(token, known, algorithms=["EdDSA"])


def test_secrets_are_private_and_stay(layout: Layout) -> None:
    before = {path.name: path.read_bytes() for path in layout.secrets.iterdir()}
    Stack(layout, {}).create_secrets()
    after = {path.name: path.read_bytes() for path in layout.secrets.iterdir()}
    assert before == after
    assert len(set(before.values())) == len(before) == _SECRETS
    modes = {stat.S_IMODE(path.stat().st_mode) for path in layout.secrets.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(layout.secrets.stat().st_mode) == 0o700
    assert {len(before[name]) for name in ("receipt.key", "link.key", "master.key")} == {32}


def test_key_sets_hold_public_halves_only(layout: Layout) -> None:
    kids = {}
    for file in ("issuer.jwks", "internal.jwks"):
        published = json.loads((layout.secrets / file).read_text())["keys"]
        assert all("d" not in key and key["crv"] == "Ed25519" for key in published)
        kids[file] = [key["kid"] for key in published]
    assert kids["issuer.jwks"] == ["issuer-1"]
    assert kids["internal.jwks"] == [f"{name}-1" for name in SIGNERS]
    assert json.loads((layout.secrets / "report.jwk").read_text())["kid"] == "report-1"


def test_token_says_who_for_whom_and_how_long(layout: Layout) -> None:
    user = uuid.uuid4()
    token = _decode(layout, keys.access_token(layout, PRACTICE, "billing", user))
    assert token.header == {"alg": "EdDSA", "typ": "at+jwt", "kid": "issuer-1"}
    now = token.claims.pop("iat")
    assert abs(now - time.time()) < 5
    assert token.claims == {
        "iss": "praxis-local",
        "aud": "praxis",
        "sub": str(user),
        "practice_id": str(PRACTICE),
        "roles": ["billing"],
        "nbf": now,
        "exp": now + 12 * 3600,
    }


def test_user_without_id_is_the_same_each_time_per_practice_and_role(layout: Layout) -> None:
    subjects = [
        _decode(layout, keys.access_token(layout, practice, role, None)).claims["sub"]
        for practice in (PRACTICE, PRACTICE, uuid.uuid4())
        for role in ("owner", "auditor")
    ]
    assert subjects[:2] == subjects[2:4]
    assert len(set(subjects)) == 4


def test_token_of_another_stack_is_refused(layout: Layout, tmp_path: Path) -> None:
    other = Layout.at(tmp_path / "other")
    other.create()
    Stack(other, {}).create_secrets()
    with pytest.raises(BadSignatureError):
        _decode(layout, keys.access_token(other, PRACTICE, "owner", None))
