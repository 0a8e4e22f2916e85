#!/usr/bin/env python3
"""Routes of the Gateway API's conformance tests, through `ostiary decide`: which backend a request must reach.

Usage: gateway_api.py OSTIARY_COMMAND

The corpus is looked for in $OSTIARY_CORPORA, else in ../shared/corpora beside the checkout; without it, or without a
reader of YAML, everything is skipped by name (exit status 77). Each HTTPRoute becomes routes of a Gate whose ids begin
with the backend. What a Gate's routes cannot say is left out and named:

  a request with header fields or a query    routes look at neither, rules do
  a wildcard host of more than one label     `*.example` is one label in a Gate
  the same path twice with the same method   the older route wins there; in a Gate it is an error (GATE_AMBIGUOUS)
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = pathlib.Path(os.environ.get("OSTIARY_CORPORA", ROOT.parent / "shared/corpora")) / "policy/gateway-api"
TESTS = ("HTTPRouteExactPathMatching", "HTTPRouteMatching", "HTTPRouteMatchingAcrossRoutes", "HTTPRouteMethodMatching",
         "HTTPRoutePathMatchOrder", "HTTPRouteSimpleSameNamespace", "HTTPRouteHeaderMatching",
         "HTTPRouteQueryParamMatching", "HTTPRouteNamedRule", "MeshHTTPRouteMatching",
         "MeshHTTPRouteSimpleSameNamespace")  # fmt: skip
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"]
ANY_HOST = "any.example"


def patterns(match):
    """The patterns of a Gate that match as a path of the Gateway API does."""
    path = match.get("path", {"type": "PathPrefix", "value": "/"})
    value = path.get("value", "/")
    if path.get("type", "PathPrefix") == "Exact":
        return [value]
    prefix = value.rstrip("/")
    return [prefix, prefix + "/**"] if prefix else ["/**"]


def expressible(match):
    return not match.get("headers") and not match.get("queryParams")


def table(manifests, hosts):
    """(host, pattern) -> method -> backend, a route without hosts being for `hosts`. A match of one method goes
    before a match of all."""
    found = {}
    rows = []
    for route in (d for d in manifests if d and d["kind"] == "HTTPRoute"):
        for rule in route["spec"]["rules"]:
            for match in filter(expressible, rule.get("matches") or [{}]):
                for host in route["spec"].get("hostnames") or hosts:
                    rows.append((host, match, rule["backendRefs"][0]["name"]))
    for host, match, backend in sorted(rows, key=lambda row: "method" not in row[1]):
        for pattern in patterns(match):
            methods = found.setdefault((host, pattern), {})
            for method in [match["method"]] if "method" in match else METHODS:
                methods.setdefault(method, backend)
    return found


def gate(routes):
    listed = []
    for (host, pattern), methods in routes.items():
        for backend in sorted(set(methods.values())):
            chosen = [method for method in METHODS if methods.get(method) == backend]
            listed.append({"id": f"{backend}.{len(listed)}", "hosts": [host], "methods": chosen, "path": pattern,
                           "origin": "o"})  # fmt: skip
    return {"gate": 1, "name": "gateway-api", "issuers": {}, "routes": listed,
            "origins": {"o": {"scheme": "http", "host": "o.example", "port": 80}},
            "rules": [{"id": "all", "effect": "allow", "routes": ["*"], "public": True}]}  # fmt: skip


def status_of(case):
    return case.get("response", {}).get("status", 200)


def left_out(case):
    request = case["request"]
    return bool(request.get("headers")) or "?" in request["path"] or status_of(case) not in (200, 404)


def decided(ostiary, folder, source, cases):
    """The route of each case, or its Reason."""
    (folder / "gate.json").write_text(json.dumps(source))
    listed = []
    for number, case in enumerate(cases):
        request, name = case["request"], f"{number}.http"
        host = request.get("host") or ANY_HOST
        line = f"{request.get('method', 'GET')} {request['path']} HTTP/1.1"
        (folder / name).write_bytes(f"{line}\r\nHost: {host}\r\n\r\n".encode())
        listed.append({"name": str(number), "request": name, "peer": "203.0.113.7",
                       "expect": {"effect": "deny", "reason": "ROUTE_UNKNOWN"}})  # fmt: skip
    (folder / "cases.json").write_text(json.dumps({"now": 0, "cases": listed}))
    command = [ostiary, "decide", "--json", "--gate", folder / "gate.json", "--cases", folder / "cases.json"]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        raise SystemExit(f"ostiary decide exited with {run.returncode}: {run.stderr}{run.stdout}")
    return json.loads(run.stdout)["cases"]


def main():
    try:
        import yaml
    except ImportError:
        print("gateway-api: skipped, there is no module yaml")
        return 77
    if not CORPUS.exists():
        print("gateway-api: skipped, the corpus is not on this machine")
        return 77
    passed = failed = 0
    omitted = []
    for test in json.loads((CORPUS / "expectations.json").read_text())["tests"]:
        if test["test"] not in TESTS:
            continue
        manifests = [d for file in test["manifests"] for d in yaml.safe_load_all((CORPUS / file).read_text())]
        routes = table(manifests, sorted({case["request"].get("host") or ANY_HOST for case in test["cases"]}))
        cases = [case for case in test["cases"] if routes and not left_out(case)]
        omitted += [f"{test['test']} {case['request']}" for case in test["cases"] if case not in cases]
        if not cases:
            continue
        with tempfile.TemporaryDirectory() as folder:
            answers = decided(sys.argv[1], pathlib.Path(folder), gate(routes), cases)
        for case, answer in zip(cases, answers, strict=True):
            reached = (answer.get("route") or "").rsplit(".", 1)[0]
            right = reached == case["backend"] if "backend" in case else bool(reached) == (status_of(case) == 200)
            passed, failed = passed + right, failed + (not right)
            if not right:
                wanted = case.get("backend", "another")
                print(f"  FAIL {test['test']} {case['request']}: {reached or 'no route'} instead of {wanted}")
    for name in omitted:
        print(f"  left out: {name}")
    print(f"gateway-api: {passed} passed, {failed} failed, {len(omitted)} left out")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
