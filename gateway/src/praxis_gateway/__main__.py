"""`python -m praxis_gateway serve | config`."""

from __future__ import annotations

import argparse
import json
import re
import sys

import uvloop
from pydantic import ValidationError

from praxis_chassis import logs
from praxis_gateway.serving import serve
from praxis_gateway.settings import Settings


def main() -> int:
    """Runs a sub-command. Returns: the exit code, 2 for settings that do not hold."""
    parser = argparse.ArgumentParser(prog="praxis-gateway", description="REST over gRPC")
    parser.add_argument("command", choices=("serve", "config"))
    command = parser.parse_args().command
    try:
        settings = Settings()  # type: ignore[call-arg]  # the environment supplies the rest
    except ValidationError as error:
        for fault in error.errors():
            print(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}", file=sys.stderr)
        return 2
    if command == "config":
        # Secrets are in files; only an address could hold one, before its `@`.
        text = json.dumps(settings.model_dump(mode="json"), indent=2)
        print(re.sub(r"//[^/@\"]*@", "//***@", text))
        return 0
    logs.configure("gateway", settings.log_level)
    uvloop.run(serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
