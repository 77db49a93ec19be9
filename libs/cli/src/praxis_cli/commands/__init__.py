"""One module per group of commands; `praxis_cli.__main__` gathers them."""
