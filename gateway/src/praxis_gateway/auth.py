"""Who calls: from the bearer token to the verified call that services are told about."""

from __future__ import annotations

import uuid
from dataclasses import replace

from starlette.requests import Request

from praxis_chassis.caller import Call, Caller, current, enter
from praxis_chassis.errors import NotAuthenticated
from praxis_chassis.tokens import ExternalVerifier, InternalSigner
from praxis_gateway.limits import RateLimiter
from praxis_gateway.problems import TooOften

NO_PRACTICE = uuid.UUID(int=0)
NOBODY = Caller(NO_PRACTICE, "", frozenset())


class Gate:
    """Lets callers in, at a bounded rate, each with a fresh internal token."""

    def __init__(
        self,
        verifier: ExternalVerifier,
        signer: InternalSigner,
        practices: RateLimiter,
        users: RateLimiter,
    ) -> None:
        self._verifier = verifier
        self._signer = signer
        self._practices = practices
        self._users = users

    def admit(self, request: Request) -> Call:
        """The call of the signed-in caller. Raises: NotAuthenticated, RateLimited."""
        return self._admit(self._verify(request))

    def admit_token(self, token: str, address: str) -> Call:
        """The same for a token that came by another way than the header."""
        return self._admit(self._verifier.verify(token, address))

    def _admit(self, caller: Caller) -> Call:
        wait = self._users.take((caller.practice_id, caller.user_id))
        wait = wait or self._practices.take(caller.practice_id)
        if wait:
            raise TooOften(wait)
        return self._enter(caller)

    def admit_link(self, request: Request) -> tuple[Call, Caller | None]:
        """The call of this process for whoever holds a link, and who that is, if signed in.

        Raises: NotAuthenticated for a token that does not hold; RateLimited.
        """
        address = _address(request)
        wait = self._users.take(address)
        if wait:
            raise TooOften(wait)
        holder = self._verify(request) if "authorization" in request.headers else None
        caller = Caller(NO_PRACTICE, "gateway", frozenset({"service"}), address=address)
        return self._enter(caller), holder

    def _verify(self, request: Request) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise NotAuthenticated("sign in: a bearer token is needed")
        return self._verifier.verify(token.strip(), _address(request))

    def _enter(self, caller: Caller) -> Call:
        call = replace(current(), caller=caller, token=self._signer.mint(caller))
        enter(call)
        return call


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
