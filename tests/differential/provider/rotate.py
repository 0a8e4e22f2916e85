#!/usr/bin/env python3
"""A key source against a real OpenID provider on loopback: discovery, keys, and what becomes of tokens when keys rotate.

Usage: rotate.py KEY_SOURCE_HOST

KEY_SOURCE_HOST is the program of key_source_host.cpp. The provider is the npm package oidc-provider; its keys come over
HTTP. Time is a number that this test counts up from the real one. Ends with the line "N passed, N failed, N skipped",
and with 77 when something is not installed, or with 1 where the variable CI says that everything must be.
"""

import base64
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
NODE_PACKAGES = HERE.parents[2] / "build/differential-packages/node"
SKIPPED = 77  # what CTest takes for a skipped test
TIMEOUT = 20
BODY_MAX = 1 << 20
HARD_AGE = 24 * 3600


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


HTTP = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirects)


class Program:
    """A program that answers each line with one line."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, line, body=b""):
        self.process.stdin.write(line.encode() + b"\n" + body)
        self.process.stdin.flush()
        return self.process.stdout.readline().decode().rstrip("\n")

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Provider:
    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.program = Program("node", str(HERE / "provider.mjs"), str(NODE_PACKAGES), str(self.port))

    def publish(self, *keys):
        answer = self.program.ask("keys " + " ".join(keys))
        if answer != "ready":
            raise RuntimeError(f"the provider says {answer!r}")

    def token(self):
        form = {"grant_type": "client_credentials", "scope": "read", "resource": "https://api.example"}
        request = urllib.request.Request(f"{self.issuer}/token", urllib.parse.urlencode(form).encode())
        login = base64.b64encode(b"machine:loopback-only").decode()
        request.add_header("Authorization", f"Basic {login}")
        with HTTP.open(request, timeout=TIMEOUT) as response:
            return json.load(response)["access_token"]


def key_id_of(token):
    header = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"]


def max_age_of(headers):
    found = re.search(r"\bmax-age=(\d{1,9})\b", headers.get("Cache-Control", ""))
    return found[1] if found else "-"


class Host:
    """Does for a key source what its host must do."""

    def __init__(self, program, issuer):
        self.program = Program(program, issuer)
        self.now = int(time.time()) + 60  # the provider's time goes on while this one stands

    def wanted(self):
        answer = self.program.ask(f"wanted {self.now}").split(" ")
        return None if answer == ["nothing"] else dict(zip(("ticket", "kind", "reason", "not_before", "uri"), answer))

    def fetch(self):
        """Waits for what is wanted next, fetches it, and gives (kind, reason, verdict)."""
        wanted = self.wanted()
        self.now = max(self.now, int(wanted["not_before"]))
        ticket = wanted["ticket"]
        if self.program.ask(f"begin {ticket} {self.now}") != "OK":
            raise RuntimeError("what is wanted cannot be begun")
        try:
            with HTTP.open(wanted["uri"], timeout=TIMEOUT) as response:
                body, age = response.read(BODY_MAX), max_age_of(response.headers)
            verdict = self.program.ask(f"complete {ticket} {self.now} {age} {len(body)}", body)
        except (urllib.error.URLError, OSError):
            verdict = "failed " + self.program.ask(f"fail {ticket} {self.now}")
        return wanted["kind"], wanted["reason"], verdict

    def verify(self, token):
        return self.program.ask(f"verify {self.now} {key_id_of(token)} {token}")


class Story:
    def __init__(self, provider, host):
        self.provider, self.host = provider, host
        self.passed = self.failed = 0

    def expect(self, what, found, right):
        good = found == right
        self.passed += good
        self.failed += not good
        print(f"{'ok' if good else 'FAILED'} {what}" + ("" if good else f": {found!r}, not {right!r}"))

    def tell(self):
        provider, host, expect = self.provider, self.host, self.expect

        provider.publish("one")
        first = provider.token()
        expect("without keys no token is taken", host.verify(first), "TOKEN_ISSUER_KEYS")
        expect("discovery comes first", host.fetch(), ("discovery", "first", "OK added= removed= replaced="))
        expect("the keys follow", host.fetch(), ("keys", "first", "OK added=one removed= replaced="))
        expect("a token of the published key verifies", host.verify(first), "OK")

        provider.publish("two", "one")
        second = provider.token()
        expect("the new key signs", key_id_of(second), "two")
        host.now += 5
        expect("a token of a new key is refused", host.verify(second), "TOKEN_KEY_UNKNOWN")
        expect("and makes the keys wanted", host.wanted()["reason"], "unknown")
        expect("after the cool-down", int(host.wanted()["not_before"]) - host.now, 25)
        expect("the keys are fetched", host.fetch(), ("keys", "unknown", "OK added=two removed= replaced="))
        expect("the new key's token verifies", host.verify(second), "OK")
        expect("the old key's token still verifies", host.verify(first), "OK")

        provider.publish("two")
        expect("until it is known, a removed key verifies", host.verify(first), "OK")
        expect("the soft age passes", host.fetch(), ("keys", "soft", "OK added= removed=one replaced="))
        expect("tokens of the removed key die", host.verify(first), "TOKEN_KEY_UNKNOWN")
        expect("those of the other live", host.verify(second), "OK")

        provider.publish("three=two")
        third = provider.token()
        expect("a report leads to one more fetch", host.fetch(), ("keys", "unknown", "OK added= removed= replaced=two"))
        expect("tokens of the replaced key die", host.verify(second), "TOKEN_SIGNATURE")
        expect("those of its successor live", host.verify(third), "OK")

        provider.program.stop()
        asked = host.now
        expect("the issuer is away", host.fetch(), ("keys", "soft", "failed OK"))
        expect("stale keys verify", host.verify(third), "OK")
        expect("the retry looks for the keys anew", host.fetch(), ("discovery", "retry", "failed OK"))
        host.now = asked + HARD_AGE - 1
        expect("until their hard age", host.verify(third), "OK")
        host.now += 1
        expect("and no longer", host.verify(third), "TOKEN_ISSUER_KEYS")


def main():
    missing = [name for name, there in [
        ("the program node", shutil.which("node")),
        ("the npm package oidc-provider", (NODE_PACKAGES / "node_modules/oidc-provider").is_dir()),
    ] if not there]
    if missing:
        print(f"skipped: {', '.join(missing)}\n0 passed, 0 failed, 1 skipped")
        return 1 if os.environ.get("CI") else SKIPPED
    provider = Provider()
    host = Host(sys.argv[1], provider.issuer)
    story = Story(provider, host)
    try:
        story.tell()
    finally:
        host.program.stop()
        if provider.program.process.poll() is None:
            provider.program.stop()
    print(f"{story.passed} passed, {story.failed} failed, 0 skipped")
    return 1 if story.failed else 0


if __name__ == "__main__":
    sys.exit(main())
