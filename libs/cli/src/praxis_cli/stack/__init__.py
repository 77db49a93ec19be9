"""The local stack: PostgreSQL, NATS, the services and the gateway as processes on loopback."""
