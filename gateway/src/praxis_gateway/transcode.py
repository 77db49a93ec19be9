"""REST to gRPC for every method that the contract gives a path; no method has code of its own."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import grpc
import orjson
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from starlette.requests import Request
from starlette.responses import Response

from praxis_chassis.caller import Call
from praxis_chassis.channels import metadata
from praxis_chassis.errors import InvalidInput
from praxis_chassis.server import validate
from praxis_gateway.auth import Gate
from praxis_gateway.caching import JSON, Caching
from praxis_gateway.contract import Binding, location_of
from praxis_gateway.decode import JsonObject, fill, parse
from praxis_gateway.encode import to_json
from praxis_gateway.exchange import idempotency_key, query_of, read_body, unless_gone
from praxis_gateway.problems import WrongMediaType

# What stays with the gateway of the time a client waits.
HOP_S = 0.05
_REPLAYED = "idempotency-replayed"
_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
_JSON = re.compile(r"application/json\s*(;\s*charset\s*=\s*\"?utf-8\"?\s*)?", re.IGNORECASE)


def remaining_s(call: Call) -> float:
    """Seconds that a service may take."""
    return max(0.01, call.remaining_s() - HOP_S)


class Transcoder:
    """Answers one binding by one unary RPC."""

    def __init__(
        self, binding: Binding, channel: grpc.aio.Channel, gate: Gate, caching: Caching
    ) -> None:
        self._binding = binding
        self._gate = gate
        self._caching = caching
        self._location = location_of(binding)
        self._request_type = GetMessageClass(binding.method.input_type)
        self._parameters = {field.name: field for field in binding.parameters}
        self._rpc = channel.unary_unary(
            binding.rpc,
            request_serializer=self._request_type.SerializeToString,
            response_deserializer=GetMessageClass(binding.method.output_type).FromString,
        )

    async def __call__(self, request: Request) -> Response:
        """The service's answer. Raises: praxis_chassis.errors.Error, grpc.aio.AioRpcError."""
        call = self._gate.admit(request)
        key = idempotency_key(request)
        body = await read_body(request, call.remaining_s())
        message = self._message(request, body)
        validate(message)
        if self._binding.changes:
            try:
                return self._respond(*await unless_gone(request, self._ask(message, call, key)))
            finally:
                self._caching.changed(call.caller.practice_id)
        return await self._known_or_asked(request, message, call, key)

    async def _known_or_asked(
        self, request: Request, message: Message, call: Call, key: str
    ) -> Response:
        same = (call.caller, self._binding.rpc, message.SerializeToString(deterministic=True))
        known = self._caching.find(request, call, same)
        if known is not None:
            return known
        changes = self._caching.now
        answer, trailer = await unless_gone(request, self._ask(message, call, key))
        response = self._respond(answer, trailer)
        self._caching.keep(same, changes, response, trailer)
        return response

    async def _ask(self, message: Message, call: Call, key: str) -> tuple[Message, dict[str, Any]]:
        rpc = self._rpc(
            message,
            timeout=remaining_s(call),
            metadata=metadata(call.token, call.request_id, idempotency_key=key),
        )
        answer = await rpc
        return answer, dict(await rpc.trailing_metadata() or ())

    def _message(self, request: Request, body: bytes) -> Message:
        message = self._request_type()
        query = query_of(request)
        if self._binding.has_body:
            for name, _ in query:
                raise InvalidInput.of(name[:100], "is not a parameter of this request")
            value = self._from_body(request, body)
            fill(message, value)
            self._note_mask(message, value)
        else:
            fill(message, self._from_query(query))
        fill(message, request.path_params)
        if "etag" in message.DESCRIPTOR.fields_by_name and "if-match" in request.headers:
            fill(message, {"etag": request.headers["if-match"].strip('"')})
        return message

    def _note_mask(self, message: Any, body: dict[str, Any]) -> None:
        """Names the fields that are present: only so can a list be emptied, or a text cleared."""
        if "update_mask" in message.DESCRIPTOR.fields_by_name and not message.update_mask:
            message.update_mask.extend(name for name in body if name not in ("etag", "update_mask"))

    def _from_body(self, request: Request, body: bytes) -> Any:
        if not body:
            return {}
        if not _JSON.fullmatch(request.headers.get("content-type", "")):
            raise WrongMediaType("the body must be application/json in UTF-8")
        if request.headers.get("content-encoding", "identity") != "identity":
            raise WrongMediaType("the body must come without a content encoding")
        value = parse(body)
        for name in self._binding.variables:
            if isinstance(value, dict) and name in value:
                raise InvalidInput.of(name, "stands in the path, not in the body")
        return value

    def _from_query(self, query: list[tuple[str, str]]) -> JsonObject:
        """The parameters as the JSON that would say the same."""
        pairs: list[tuple[str, Any]] = []
        lists: dict[str, list[Any]] = {}
        for name, text in query:
            field = self._parameters.get(name)
            if field is None:
                raise InvalidInput.of(name[:100], "is not a parameter of this request")
            if field.is_repeated:
                lists.setdefault(name, []).append(_value(field, text))
            else:
                pairs.append((name, _value(field, text)))
        return JsonObject([*pairs, *lists.items()])

    def _respond(self, answer: Any, trailer: dict[str, Any]) -> Response:
        headers = dict(JSON)
        if self._location is not None:
            headers["Location"] = self._location.format(id=quote(answer.id, safe=""))
        if getattr(answer, "etag", ""):
            headers["ETag"] = f'"{answer.etag}"'
        if trailer.get(_REPLAYED) == "true":
            headers["Idempotency-Replayed"] = "true"
        return Response(orjson.dumps(to_json(answer)), self._binding.status, headers)


def _value(field: FieldDescriptor, text: str) -> Any:
    """What `text` would be in JSON; left as it is when it would be nothing of the field's type."""
    kind = field.cpp_type
    if kind in (FieldDescriptor.CPPTYPE_STRING, FieldDescriptor.CPPTYPE_ENUM):
        return text
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        return {"true": True, "false": False}.get(text, text)
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    return float(text) if match.group(1) else int(text)
