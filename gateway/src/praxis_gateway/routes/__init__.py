"""What descriptors cannot say, one module per service."""
