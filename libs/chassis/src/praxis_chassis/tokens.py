"""Tokens: the one a person signs in with, and the short internal one made of it.

External: issuer and audience from settings, RS256, ES256 or EdDSA by a key of the configured
set. Internal: 60 seconds, audience `praxis-internal`, Ed25519, signed by the gateway for a
request, or by a service for work that outlives one. Keys are found by `kid` in the configured
set only; `jku`, `x5u`, `jwk` and `x5c` headers are refused.
"""

from __future__ import annotations

import base64
import copy
import json
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, OKPKey
from joserfc.jws import JWSRegistry

from praxis_chassis.caller import ROLES, Caller
from praxis_chassis.errors import NotAuthenticated

INTERNAL_AUDIENCE = "praxis-internal"
INTERNAL_SECONDS = 60
_LEEWAY_S = 5
_EXTERNAL_ALGORITHMS = ["RS256", "ES256", "EdDSA", "Ed25519"]
_FORBIDDEN_HEADERS = frozenset({"jku", "x5u", "jwk", "x5c", "crit"})
# RFC 9864 renames EdDSA to Ed25519, and the library warns of the old name at each use. Identity
# providers still sign under it, and it is as good.
_EDDSA = copy.copy(JWSRegistry.algorithms["EdDSA"])
_EDDSA.security_warning = None


def load_key(path: Path) -> OKPKey:
    """A private Ed25519 key from a JWK file."""
    return OKPKey.import_key(json.loads(path.read_text()))


def load_keys(path: Path) -> KeySet:
    """A set of public keys from a JWKS file."""
    return KeySet.import_key_set(json.loads(path.read_text()))


def _key_for(token: str, keys: KeySet, algorithms: Collection[str], types: Collection[str]) -> Key:
    """The configured key that the token's header names."""
    try:
        header = json.loads(_decode_segment(token.split(".")[0]))
    except (ValueError, RecursionError):
        raise NotAuthenticated("the token is malformed") from None
    if not isinstance(header, dict) or _FORBIDDEN_HEADERS & header.keys():
        raise NotAuthenticated("the token's header is not accepted")
    if header.get("alg") not in algorithms or header.get("typ", "JWT") not in types:
        raise NotAuthenticated("the token's algorithm or type is not accepted")
    for key in keys.keys:
        if key.kid is not None and key.kid == header.get("kid"):
            return key
    raise NotAuthenticated("the token is signed by an unknown key")


def _decode_segment(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _decode(
    token: str, keys: KeySet, algorithms: list[str], types: Collection[str], **claims: str
) -> dict[str, Any]:
    if len(token) > 8192:
        raise NotAuthenticated("the token is too long")
    key = _key_for(token, keys, algorithms, types)
    rules: dict[str, Any] = {
        name: {"essential": True, "value": value} for name, value in claims.items()
    }
    rules["exp"] = {"essential": True}
    try:
        registry = JWSRegistry(algorithms=algorithms)
        registry.algorithms = {**registry.algorithms, "EdDSA": _EDDSA}
        decoded = jwt.decode(token, key, registry=registry)
        jwt.JWTClaimsRegistry(leeway=_LEEWAY_S, **rules).validate(decoded.claims)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise NotAuthenticated("the token is invalid, expired or meant for others") from None
    return decoded.claims


def _caller(claims: dict[str, Any], *, actor: str = "", address: str = "") -> Caller:
    user_id, roles, purpose = claims.get("sub"), claims.get("roles"), claims.get("purpose") or ""
    try:
        practice_id = uuid.UUID(claims["practice_id"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NotAuthenticated("the token names no practice") from None
    if not _is_name(user_id) or (purpose and not _is_name(purpose)):
        raise NotAuthenticated("the token names no user, or its purpose is not accepted")
    if not isinstance(roles, list) or not all(isinstance(r, str) and r in ROLES for r in roles):
        raise NotAuthenticated("the token's roles are not known")
    return Caller(practice_id, user_id, frozenset(roles), actor, purpose, address)


def _is_name(value: object) -> TypeGuard[str]:
    """Whether a claim can be stored and shown as it is: these go into every audit row."""
    return isinstance(value, str) and 0 < len(value) <= 100 and value.isprintable()


@dataclass(frozen=True)
class ExternalVerifier:
    """Checks the tokens that people sign in with."""

    keys: KeySet
    issuer: str
    audience: str

    def verify(self, token: str, address: str = "") -> Caller:
        """The caller that `token` proves. Raises: NotAuthenticated."""
        claims = _decode(
            token,
            self.keys,
            _EXTERNAL_ALGORITHMS,
            ("JWT", "at+jwt"),
            iss=self.issuer,
            aud=self.audience,
        )
        caller = _caller(claims, address=address)
        if "service" in caller.roles:
            raise NotAuthenticated("the role service is not given to people")
        return caller


@dataclass(frozen=True)
class InternalSigner:
    """Makes internal tokens in the name of one process."""

    name: str
    key: OKPKey

    def mint(self, caller: Caller) -> str:
        """A token for `caller`, good for 60 seconds."""
        now = int(time.time())
        claims = {
            "iss": self.name,
            "aud": INTERNAL_AUDIENCE,
            "sub": caller.user_id,
            "practice_id": str(caller.practice_id),
            "roles": sorted(caller.roles),
            "purpose": caller.purpose,
            "address": caller.address,
            "iat": now,
            "exp": now + INTERNAL_SECONDS,
        }
        header = {"alg": "Ed25519", "typ": "praxis+jwt", "kid": f"{self.name}-1"}
        return jwt.encode(header, claims, self.key, algorithms=["Ed25519"])


@dataclass(frozen=True)
class InternalVerifier:
    """Checks internal tokens, in every service again."""

    keys: KeySet

    def verify(self, token: str) -> Caller:
        """The caller that `token` proves; `actor` is the process that signed it."""
        claims = _decode(token, self.keys, ["Ed25519"], ("praxis+jwt",), aud=INTERNAL_AUDIENCE)
        signer = str(claims.get("iss", ""))
        if json.loads(_decode_segment(token.split(".")[0]))["kid"] != f"{signer}-1":
            raise NotAuthenticated("the token is signed in another's name")
        return _caller(claims, actor=signer, address=str(claims.get("address", "")))
