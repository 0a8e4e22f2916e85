"""Sends one request with urllib. Argument: JSON with method, target, host, headers, body, port."""
import json
import sys
import urllib.request

spec = json.loads(sys.argv[1])
body = spec["body"].encode() if spec.get("body") is not None else None
request = urllib.request.Request(
    f"http://127.0.0.1:{spec['port']}{spec['target']}",
    data=body,
    headers={"Host": spec["host"], **spec["headers"]},
    method=spec["method"],
)
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
opener.open(request, timeout=5).read()
