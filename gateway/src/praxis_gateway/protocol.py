"""What happens before a request is one: malformed HTTP and endless headers, as problems too."""

from __future__ import annotations

import uuid

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from praxis_chassis.errors import Error, InvalidInput
from praxis_gateway.exchange import HEADER_BYTES
from praxis_gateway.problems import HeaderTooLarge, response_of


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 with a bound on how much of a header is kept."""

    # Bytes of a header that is still incomplete.
    _head_bytes: int = 0

    def on_message_begin(self) -> None:
        """A header starts."""
        super().on_message_begin()
        self._head_bytes = 1

    def on_headers_complete(self) -> None:
        """The header is whole; its exact size is checked with the request."""
        self._head_bytes = 0
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Feeds the parser unless the header has grown too large already."""
        super().data_received(data)
        if self._head_bytes and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > HEADER_BYTES:
                self._refuse(HeaderTooLarge(f"the header is over {HEADER_BYTES} bytes"))

    def send_400_response(self, msg: str) -> None:
        """Answers what is not HTTP."""
        self._refuse(InvalidInput(msg))

    def _refuse(self, error: Error) -> None:
        response: Response = response_of(error, "", uuid.uuid4().hex)
        lines = [name + b": " + value + b"\r\n" for name, value in response.raw_headers]
        head = [STATUS_LINE[response.status_code], *lines, b"connection: close\r\n\r\n"]
        self.transport.write(b"".join([*head, bytes(response.body)]))
        self.transport.close()
