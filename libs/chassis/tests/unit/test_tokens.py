"""What is taken for a token, and above all what is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
import warnings
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from praxis_chassis.caller import Caller
from praxis_chassis.errors import NotAuthenticated
from praxis_chassis.tokens import (
    INTERNAL_AUDIENCE,
    INTERNAL_SECONDS,
    ExternalVerifier,
    InternalSigner,
    InternalVerifier,
)

PRACTICE = uuid.UUID("11111111-1111-4111-8111-111111111111")
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
# Small enough to be quick, large enough to be taken.
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "okp"})
EXTERNAL = ExternalVerifier(
    KeySet.import_key_set(KeySet([OKP, EC, RSA]).as_dict(private=False)), "idp", "praxis"
)


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    usual = {"iss": "idp", "aud": "praxis", "sub": "user-7", "practice_id": str(PRACTICE)}
    made = usual | {"roles": ["billing"], "iat": now, "exp": now + 60} | changes
    return {name: value for name, value in made.items() if value is not None}


def sign(key: Key, alg: str, content: dict[str, Any], **header: Any) -> str:
    head = {"alg": alg, "typ": "at+jwt", "kid": key.kid, **header}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.encode(head, content, key, algorithms=[alg])


def raw(header: dict[str, Any], content: dict[str, Any], signature: bytes = b"") -> str:
    """A token put together by hand, as no library would make it."""
    parts = [json.dumps(header).encode(), json.dumps(content).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def signed(body: str) -> str:
    """`body` with a signature that holds."""
    key: Any = OKP.get_op_key("sign")
    signature = base64.urlsafe_b64encode(key.sign(body.encode())).rstrip(b"=").decode()
    return f"{body}.{signature}"


def refused(token: str) -> None:
    with pytest.raises(NotAuthenticated):
        EXTERNAL.verify(token)


@pytest.mark.parametrize(
    ("key", "alg"), [(OKP, "Ed25519"), (OKP, "EdDSA"), (EC, "ES256"), (RSA, "RS256")]
)
def test_accepted_algorithms_without_a_warning(key: Key, alg: str) -> None:
    token = sign(key, alg, claims(purpose="treatment"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        caller = EXTERNAL.verify(token, "10.0.0.9")
    assert caller == Caller(PRACTICE, "user-7", frozenset({"billing"}), "", "treatment", "10.0.0.9")


@pytest.mark.parametrize("typ", ["JWT", "at+jwt"])
def test_accepted_types(typ: str) -> None:
    assert EXTERNAL.verify(sign(OKP, "Ed25519", claims(), typ=typ)).user_id == "user-7"


NOW = int(time.time())
HEAD = {"alg": "Ed25519", "typ": "at+jwt", "kid": "okp"}


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "other"},
        {"aud": None},
        {"aud": ["other", "another"]},
        {"aud": INTERNAL_AUDIENCE},
        {"iss": "other"},
        {"iss": None},
        {"exp": NOW - 10},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": NOW + 600},
        {"iat": NOW + 600},
        {"roles": ["service"]},
        {"roles": ["owner", "service"]},
        {"roles": ["root"]},
        {"roles": "owner"},
        {"roles": {"owner": 1}},
        {"roles": [["owner"]]},
        {"roles": [1]},
        {"roles": None},
        {"sub": ""},
        {"sub": "x" * 101},
        {"sub": "nul\x00"},
        {"sub": "line\nbreak"},
        {"sub": None},
        {"practice_id": "mine"},
        {"practice_id": 7},
        {"practice_id": None},
        {"purpose": "p" * 101},
        {"purpose": ["treatment"]},
    ],
    ids=str,
)
def test_claims_that_do_not_hold(changes: dict[str, Any]) -> None:
    refused(sign(OKP, "Ed25519", claims(**changes)))


def test_a_list_of_audiences_that_names_us_holds() -> None:
    assert EXTERNAL.verify(sign(OKP, "Ed25519", claims(aud=["other", "praxis"])))


def test_a_clock_a_little_off_is_forgiven() -> None:
    now = int(time.time())
    assert EXTERNAL.verify(sign(OKP, "Ed25519", claims(nbf=now + 3, exp=now - 2)))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", None, ["Ed25519"], {"x": 1}])
def test_no_signature(alg: Any) -> None:
    for kid in ("okp", "rsa", None):
        refused(raw({"alg": alg, "typ": "at+jwt", "kid": kid}, claims()))


@pytest.mark.parametrize("kid", ["rsa", "ec", "okp"])
def test_public_key_as_a_shared_secret(kid: str) -> None:
    keys: dict[str, Any] = {"rsa": RSA, "ec": EC, "okp": OKP}
    key = keys[kid]
    for secret in (key.as_pem(private=False), json.dumps(key.as_dict(private=False)).encode()):
        unsigned = raw({"alg": "HS256", "typ": "at+jwt", "kid": kid}, claims()).rstrip(".")
        mac = hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()
        refused(f"{unsigned}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}")


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": STRANGER.as_dict(private=False)},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/chain"},
        {"x5c": ["MIIB"]},
        {"crit": ["b64"], "b64": True},
        {"typ": "praxis+jwt"},
        {"typ": None},
        {"kid": "unknown"},
        {"kid": None},
        {"kid": ["okp"]},
    ],
    ids=str,
)
def test_headers_that_do_not_hold(header: dict[str, Any]) -> None:
    head = {**HEAD, **header}
    body = raw(head, claims()).rsplit(".", 1)[0]
    refused(signed(body))


def test_the_signature_made_by_hand_holds() -> None:
    assert EXTERNAL.verify(signed(raw(HEAD, claims()).rsplit(".", 1)[0])).user_id == "user-7"


def test_a_strangers_signature_under_our_kid() -> None:
    refused(sign(STRANGER, "Ed25519", claims()))
    refused(sign(STRANGER, "EdDSA", claims()))


def test_an_algorithm_that_is_not_the_keys() -> None:
    refused(sign(RSA, "RS256", claims(), kid="ec"))
    refused(sign(EC, "ES256", claims(), kid="okp"))
    refused(sign(RSA, "PS256", claims()))


def test_changed_content() -> None:
    head, _, signature = sign(OKP, "Ed25519", claims()).split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims(roles=["owner"])).encode()).decode()
    refused(f"{head}.{body.rstrip('=')}.{signature}")


def _nested(depth: int) -> str:
    return base64.urlsafe_b64encode(b"[" * depth).decode()


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "Bearer x",
        "\x00",
        "é.é.é",
        "🙂",
        "{}",
        _nested(5000),
        "a" * 8193,
    ],
    ids=range(12),
)
def test_garbage(token: str) -> None:
    refused(token)
    refused(token + ".e30.e30")


def test_a_long_token_is_not_even_read() -> None:
    token = sign(OKP, "Ed25519", claims(padding="x" * 10_000))
    assert len(token) > 10_000
    with pytest.raises(NotAuthenticated, match="too long"):
        EXTERNAL.verify(token)


def test_deep_nesting_in_signed_content() -> None:
    body = raw(HEAD, {}).split(".")[0] + "." + _nested(5000).rstrip("=")
    refused(signed(body))


# Internal tokens.


def test_internal_round_trip(processes: Any) -> None:
    caller = Caller(PRACTICE, "user-7", frozenset({"owner"}), "", "treatment", "10.0.0.9")
    proven = processes.verifier.verify(processes.signer("report").mint(caller))
    assert proven == Caller(
        PRACTICE, "user-7", frozenset({"owner"}), "report", "treatment", "10.0.0.9"
    )


def test_internal_tokens_last_a_minute(processes: Any) -> None:
    middle = processes.token("owner").split(".")[1]
    content = json.loads(base64.urlsafe_b64decode(middle + "=="))
    assert content["exp"] - content["iat"] == INTERNAL_SECONDS == 60
    assert content["aud"] == INTERNAL_AUDIENCE


def _internal(key: OKPKey, **changes: Any) -> str:
    typ, kid = changes.pop("typ", "praxis+jwt"), changes.pop("kid", key.kid)
    content = claims(**({"iss": "gateway", "aud": INTERNAL_AUDIENCE} | changes))
    return sign(key, "Ed25519", content, typ=typ, kid=kid)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "praxis"},
        {"exp": NOW - 10},
        {"iss": "report"},
        {"iss": None},
        {"iss": ""},
        {"typ": "at+jwt"},
        {"kid": "report-1"},
        {"kid": "gateway"},
        {"roles": ["root"]},
    ],
    ids=str,
)
def test_internal_tokens_that_do_not_hold(changes: dict[str, Any]) -> None:
    gateway = OKPKey.generate_key("Ed25519", {"kid": "gateway-1"})
    report = OKPKey.generate_key("Ed25519", {"kid": "report-1"})
    verifier = InternalVerifier(KeySet([gateway, report]))
    assert verifier.verify(_internal(gateway)).actor == "gateway"
    with pytest.raises(NotAuthenticated):
        verifier.verify(_internal(gateway, **changes))


def test_a_service_cannot_sign_in_anothers_name(processes: Any) -> None:
    caller = Caller(PRACTICE, "user-7", frozenset({"owner"}))
    report = processes.signer("report")
    with pytest.raises(NotAuthenticated):
        processes.verifier.verify(InternalSigner("gateway", report.key).mint(caller))
    # Its own key id with another's name inside.
    token = _internal(report.key, iss="gateway", kid="report-1")
    with pytest.raises(NotAuthenticated, match="another's name"):
        processes.verifier.verify(token)


def test_the_two_kinds_of_token_are_not_taken_for_each_other(processes: Any) -> None:
    refused(processes.token("owner"))
    with pytest.raises(NotAuthenticated):
        processes.verifier.verify(sign(OKP, "Ed25519", claims()))
    with pytest.raises(NotAuthenticated):
        InternalVerifier(EXTERNAL.keys).verify(sign(OKP, "EdDSA", claims(), typ="praxis+jwt"))
