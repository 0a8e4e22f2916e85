"""Sends one request with requests. Argument: JSON with method, target, host, headers, body, port."""
import json
import sys

import requests

spec = json.loads(sys.argv[1])
with requests.Session() as session:
    session.trust_env = False
    session.request(
        spec["method"],
        f"http://127.0.0.1:{spec['port']}{spec['target']}",
        headers={"Host": spec["host"], **spec["headers"]},
        data=spec.get("body"),
        timeout=5,
    )
