"""Sends one request with httpx. Argument: JSON with method, target, host, headers, body, port."""
import json
import sys

import httpx

spec = json.loads(sys.argv[1])
with httpx.Client(trust_env=False, timeout=5) as client:
    client.request(
        spec["method"],
        f"http://127.0.0.1:{spec['port']}{spec['target']}",
        headers={"Host": spec["host"], **spec["headers"]},
        content=spec.get("body"),
    )
