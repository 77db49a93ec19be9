"""The secrets of a stack: made once, one file each, readable by their owner only."""

from __future__ import annotations

import json
import os
import secrets
import time
import uuid
import warnings
from collections.abc import Callable, Iterable
from functools import partial

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import KeySet, OKPKey

from praxis_chassis import nkeys
from praxis_cli.stack.layout import Layout

ROLES = ("owner", "admin", "billing", "provider", "front_desk", "analyst", "auditor")
ISSUER = "praxis-local"
AUDIENCE = "praxis"
TOKEN_S = 12 * 3600
_ISSUER_KEY = "issuer"
_MASTER, _KEY_BYTES = "master.key", 32


def create_secrets(
    layout: Layout, *, signers: Iterable[str], passwords: Iterable[str], nats_users: Iterable[str]
) -> None:
    """Makes every secret that is not there yet, and the public key sets.

    Args:
        signers: processes with a signing key; their public keys form `internal.jwks`.
        passwords: database logins.
        nats_users: users of the message broker.
    """
    signers = tuple(signers)
    for name in (_ISSUER_KEY, *signers):
        _once(layout, f"{name}.jwk", partial(_signing_key, name))
    _publish(layout, "issuer.jwks", (_ISSUER_KEY,))
    _publish(layout, "internal.jwks", signers)
    for login in passwords:
        _once(layout, f"{login}.password", lambda: secrets.token_urlsafe(32).encode())
    for user in nats_users:
        _once(layout, f"nats-{user}.seed", nkeys.new_seed)
    for name in ("receipt.key", "link.key", _MASTER):
        _once(layout, name, lambda: secrets.token_bytes(_KEY_BYTES))


def renew_master(layout: Layout) -> None:
    """Puts a new master key before the one in force, which opens what it wrapped until then."""
    now = (layout.secrets / _MASTER).read_bytes()
    _write(layout, _MASTER, secrets.token_bytes(_KEY_BYTES) + now[:_KEY_BYTES])


def password(layout: Layout, login: str) -> str:
    """The password of a database login."""
    return (layout.secrets / f"{login}.password").read_text()


def nats_public_key(layout: Layout, user: str) -> str:
    """The public half of a broker user's nkey."""
    seed = (layout.secrets / f"nats-{user}.seed").read_bytes()
    return nkeys.public_key(seed)


def access_token(layout: Layout, practice: uuid.UUID, role: str, user: uuid.UUID | None) -> str:
    """A token of the local issuer, as the gateway accepts it, valid for 12 hours.

    Args:
        user: the subject; without one, always the same made-up user of this practice and role.
    """
    key = _load(layout, _ISSUER_KEY)
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(user or uuid.uuid5(practice, role)),
        "practice_id": str(practice),
        "roles": [role],
        "iat": now,
        "nbf": now,
        "exp": now + TOKEN_S,
    }
    header = {"alg": "EdDSA", "typ": "at+jwt", "kid": key.kid}
    with warnings.catch_warnings():
        # RFC 9864 renames EdDSA to Ed25519; identity providers still sign with the old name.
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.encode(header, claims, key, algorithms=["EdDSA"])


def _signing_key(name: str) -> bytes:
    key = OKPKey.generate_key("Ed25519", {"kid": f"{name}-1", "use": "sig"})
    return json.dumps(key.as_dict(private=True)).encode()


def _load(layout: Layout, name: str) -> OKPKey:
    return OKPKey.import_key(json.loads((layout.secrets / f"{name}.jwk").read_text()))


def _publish(layout: Layout, file: str, names: Iterable[str]) -> None:
    keys = KeySet([_load(layout, name) for name in names])
    _write(layout, file, json.dumps(keys.as_dict(private=False)).encode())


def _once(layout: Layout, file: str, make: Callable[[], bytes]) -> None:
    if not (layout.secrets / file).exists():
        _write(layout, file, make())


def _write(layout: Layout, file: str, content: bytes) -> None:
    """Writes the file in one step, so that a crash leaves no half secret."""
    path = layout.secrets / file
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(handle)
    os.replace(fresh, path)
