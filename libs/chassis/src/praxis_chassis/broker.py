"""The message broker: transport, never truth. What it loses is read from the producer's log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from praxis_chassis import logs
from praxis_chassis.errors import DependencyDown
from praxis_chassis.nkeys import UserClient

_ACK_S = 5.0
_CONNECT_AGAIN_S = 1.0


def stream_of(producer: str) -> str:
    """The stream that keeps a producer's events."""
    return f"PRAXIS_{producer.upper()}"


@dataclass(frozen=True)
class Ear:
    """Listens to a subject as long as the connection stands: what is published then is taken.

    `link` is told whether it is heard; what was published in between is missed.
    """

    subject: str
    take: Callable[[bytes], None]
    link: Callable[[bool], None]


class Broker:
    """This process's connection, under its own user; it heals by itself."""

    def __init__(self, url: str, name: str, seed_file: Path | None, ear: Ear | None = None) -> None:
        self._url = url
        self._ear = ear
        self._deaf = False
        self._name = name
        self._seed_file = seed_file
        self._client: UserClient | None = None
        self._connecting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Connects in the background; the process serves on without the broker meanwhile."""
        self._connecting = asyncio.create_task(self._connect())

    async def _connect(self) -> None:
        while True:
            client = self._client = UserClient()
            try:
                await client.connect(
                    self._url,
                    name=self._name,
                    nkeys_seed=str(self._seed_file) if self._seed_file else None,
                    inbox_prefix=f"_INBOX_{self._name}",
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=0.1,  # type: ignore[arg-type]  # seconds, as a float too
                    allow_reconnect=True,
                    error_cb=self._on_error,
                    disconnected_cb=self._on_lost,
                    reconnected_cb=self._on_found,
                )
                await self._listen(client)
                return
            except (NatsError, OSError, TimeoutError):
                await asyncio.sleep(_CONNECT_AGAIN_S)

    async def _listen(self, client: UserClient) -> None:
        ear = self._ear
        if ear is None:
            return

        async def take(message: Msg) -> None:
            ear.take(message.data)

        await client.subscribe(ear.subject, cb=take)
        await self._on_found()

    async def _on_found(self) -> None:
        """Connected, and every subscription is asked for: heard once the server has answered."""
        if self._ear is not None and self._client is not None:
            await self._client.flush()
            self._ear.link(not self._deaf)

    async def _on_lost(self) -> None:
        if self._ear is not None:
            self._ear.link(False)

    async def _on_error(self, error: Exception) -> None:
        logs.get().warning("broker.error", error_type=type(error).__name__)
        if "permissions violation for subscription" in str(error).lower():
            self._deaf = True
            await self._on_lost()

    async def stop(self) -> None:
        """Closes the connection, also one that is still being made."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    def _jetstream(self) -> JetStreamContext:
        if self._client is None or not self._client.is_connected:
            raise DependencyDown("the broker does not answer")
        return self._client.jetstream(timeout=_ACK_S)

    async def publish(self, subject: str, payload: bytes, message_id: str) -> None:
        """Publishes and waits until the broker has it on disk. Raises: DependencyDown."""
        try:
            headers = {"Nats-Msg-Id": message_id}
            await self._jetstream().publish(subject, payload, headers=headers)
        except (NatsError, TimeoutError, ConnectionError) as error:
            raise DependencyDown("the broker did not take the message") from error

    async def follow(
        self, producer: str, consumer: str, take: Callable[[Msg], Awaitable[None]]
    ) -> None:
        """Hands each message of a producer's stream to `take`, in turn, until cancelled.

        `take` acknowledges. Returns when the broker cannot be read; call it again later.
        """
        try:
            subscription = await self._jetstream().pull_subscribe_bind(
                durable=consumer, stream=stream_of(producer)
            )
            try:
                while True:
                    for message in await subscription.fetch(16, timeout=5):
                        await take(message)
            finally:
                await subscription.unsubscribe()
        except (NatsError, DependencyDown, TimeoutError, ConnectionError):
            return
