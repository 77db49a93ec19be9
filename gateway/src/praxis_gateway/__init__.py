"""REST over the gRPC contracts."""

__version__ = "0.1.0"
