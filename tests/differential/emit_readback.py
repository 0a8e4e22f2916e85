#!/usr/bin/env python3
"""Sends emitted heads to another program and compares what it reads with the view: method, target, host, framing, fields.

Usage: emit_readback.py ENGINE EMIT_VECTORS [SEED [COUNT]]

ENGINE is nginx, haproxy, node, llhttp or h11. EMIT_VECTORS is the program of emit_vectors.cpp. Servers listen on
loopback only. Ends with 77 when the engine is not installed, or with 1 where the variable CI says that everything
must be.

Framing is compared by its effect: behind each head follow its body and a second request, and the engine must find both
where they are.
"""

import base64
import http.client
import importlib.util
import io
import json
import os
import pathlib
import re
import shutil
import socket
import string
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = HERE.parents[1] / "build/differential-packages"
SKIPPED = 77  # what CTest takes for a skipped test
DEFAULTS = ["1", "400"]
TIMEOUT = 10  # seconds that any single step may take
ANSWER_MAX = 1 << 20
MARKER = b"GET /marker HTTP/1.1\r\nHost: marker\r\nConnection: close\r\n\r\n"


class Missing(Exception):
    pass


class Vector:
    """One emitted head and what must be read in it."""

    def __init__(self, line):
        raw = json.loads(line)
        self.emitted = bytes.fromhex(raw["emitted"])
        self.method = raw["method"]
        self.target = bytes.fromhex(raw["target"]).decode("latin-1")
        self.host = bytes.fromhex(raw["host"]).decode("latin-1")
        lines = self.emitted.decode("latin-1").split("\r\n")[1:-2]
        self.fields = [tuple(line.split(": ", 1)) for line in lines]
        framing = raw["framing"]
        chunked = framing == "chunked"
        self.body = b"abc" if chunked else b"z" * (framing or 0)
        self.wire_body = b"3\r\nabc\r\n0\r\n\r\n" if chunked else self.body
        # What follows an Upgrade may belong to another protocol already, which readers judge differently.
        self.may_switch = self.method == "CONNECT" or "upgrade" in dict(self.lower_fields())
        self.framing_fields = {"transfer-encoding": "chunked"} if chunked else {}
        if framing is not None and not chunked:
            self.framing_fields = {"content-length": str(framing)}

    def lower_fields(self):
        return [(name.lower(), value) for name, value in self.fields]

    def message(self):
        return self.emitted + self.wire_body + MARKER


class Reading:
    """What an engine says it read."""

    def __init__(self, method, target, fields, body=None, next_target=None):
        self.method, self.target, self.body, self.next_target = method, target, body, next_target
        self.fields = [(name.lower(), value) for name, value in fields]


def differences(vector, reading, engine):
    def check(what, expected, found):
        if expected != found:
            yield f"{what}: expected {expected!r}, read {found!r}"

    yield from check("method", vector.method, reading.method)
    yield from check("target", vector.target, reading.target)
    hosts = [value for name, value in reading.fields if name == "host"]
    yield from check("host", [engine.host(vector)], hosts)
    framing = {name: value for name, value in reading.fields if name in ("content-length", "transfer-encoding")}
    yield from check("framing", vector.framing_fields, framing)
    if engine.tells_all_fields:
        sent = [(name, engine.host(vector) if name == "host" else value)
                for name, value in vector.lower_fields() if name not in engine.consumes]
        yield from check("fields", sent, reading.fields)
    if reading.body is not None:
        yield from check("body", vector.body, reading.body)
    if not (vector.may_switch and reading.next_target is None):
        yield from check("next request", "/marker", reading.next_target)


class KeptOpen(io.BytesIO):
    """Responses that follow each other in one stream; http.client would close it behind the first."""

    def close(self):
        pass

    def makefile(self, _mode):
        return self


def exchange(port, message):
    """Everything that the server answers until it closes."""
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as connection:
        connection.settimeout(TIMEOUT)
        connection.sendall(message)
        answer = b""
        while len(answer) < ANSWER_MAX:
            try:
                piece = connection.recv(1 << 16)
            except ConnectionResetError:
                break
            if not piece:
                break
            answer += piece
    return answer


def responses(answer, method):
    stream = KeptOpen(answer)
    for expected in (method, "GET"):
        if stream.tell() == len(answer):
            return
        response = http.client.HTTPResponse(stream, method=expected)
        response.begin()
        response.read()
        yield response


class Engine:
    tells_all_fields = True  # in order
    consumes = ()  # fields that it acts on and takes away

    def refuses(self, _vector):
        """Whether it does not take such requests at all."""
        return False

    def host(self, vector):
        """The Host as the engine writes it."""
        return vector.host

    def more_differences(self, _vector, _reading):
        return []

    def stop(self):
        pass


class Server(Engine):
    """A server that answers every request with what it read in its response's header."""

    process = None

    def start(self, vectors):
        self.folder = tempfile.TemporaryDirectory()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        with (pathlib.Path(self.folder.name) / "log").open("wb") as log:
            self.process = subprocess.Popen(self.command(vectors), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for _ in range(int(TIMEOUT / 0.05)):
            if self.process.poll() is not None:
                break
            try:
                return socket.create_connection(("127.0.0.1", self.port), TIMEOUT).close()
            except OSError:
                time.sleep(0.05)
        raise RuntimeError((pathlib.Path(self.folder.name) / "log").read_text(errors="replace") or "does not listen")

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(TIMEOUT)
        self.folder.cleanup()

    def write(self, name, text):
        path = pathlib.Path(self.folder.name) / name
        path.write_bytes(text.encode("latin-1"))
        return str(path)

    def read(self, vector):
        answers = responses(exchange(self.port, vector.message()), vector.method)
        first = next(answers, None)
        if first is None:
            raise ValueError("no answer")
        if first.status != 200:
            raise ValueError(f"refused with {first.status}")
        reading = self.reading(first)
        second = next(answers, None)
        if second is not None and second.status == 200:
            reading.next_target = self.reading(second).target
        return reading


class Nginx(Server):
    """Fields can only be asked for by name, in lower case and with underscores for hyphens."""

    tells_all_fields = False
    CONFIG = string.Template("""
daemon off; master_process off; pid $folder/pid; error_log $folder/error.log crit;
events { worker_connections 64; }
http {
  access_log off; keepalive_requests 1000000; client_max_body_size 0; variables_hash_max_size 4096;
  variables_hash_bucket_size 128; underscores_in_headers on; ignore_invalid_headers off;
  large_client_header_buffers 4 64k;
  client_body_temp_path $folder/body; proxy_temp_path $folder/proxy; fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
  server {
    listen 127.0.0.1:$port;
    location / {
      add_header X-Method "$$request_method"; add_header X-Target "$$request_uri";
$fields
      return 200;
    }
  }
}
""")

    def refuses(self, vector):
        names = [name for name, _ in vector.lower_fields()]
        twice = any(names.count(name) > 1 for name in ("if-match", "if-none-match"))
        return twice or vector.method in ("CONNECT", "TRACE") or vector.target == "*"

    def command(self, vectors):
        program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        names = {name for vector in vectors for name, _ in vector.lower_fields()}
        self.names = sorted({name.replace("-", "_") for name in names if re.fullmatch(r"[a-z0-9_-]+", name)})
        fields = "\n".join(f'add_header X-F{i} "$http_{name}";' for i, name in enumerate(self.names))
        config = self.CONFIG.substitute(folder=self.folder.name, port=self.port, fields=fields)
        return [program, "-p", self.folder.name, "-c", self.write("nginx.conf", config)]

    def reading(self, response):
        found = [(name, response.headers.get(f"X-F{i}")) for i, name in enumerate(self.names)]
        fields = [(name.replace("_", "-"), value) for name, value in found if value is not None]
        return Reading(response.headers["X-Method"], response.headers["X-Target"], fields)

    def more_differences(self, vector, reading):
        """By name: of several fields, the first one or all of them in a list (nginx 1.23); empty ones are not told."""
        sent = {}
        for name, value in vector.lower_fields():
            if re.fullmatch(r"[a-z0-9_-]+", name):
                sent.setdefault(name.replace("_", "-"), []).append(value)
        read = dict(reading.fields)
        for name in sorted(sent.keys() | read.keys()):
            values = sent.get(name, [])
            possible = {", ".join(values), *values[:1]} | ({None} if not values or values[0] == "" else set())
            if read.get(name) not in possible:
                yield f"{name}: expected one of {possible!r}, read {read.get(name)!r}"


class Haproxy(Server):
    consumes = ("expect",)  # because it waits for the body, it has met the expectation itself
    CONFIG = string.Template("""
global
  maxconn 64
  tune.bufsize 65536
defaults
  mode http
  timeout client 10s
  timeout server 10s
  timeout connect 10s
  option http-buffer-request
frontend readback
  bind 127.0.0.1:$port
  http-request return status 200 hdr X-Method %[method] hdr X-Target %[url,base64] \
hdr X-Fields %[req.hdrs,base64] hdr X-Body %[req.body,base64]
""")

    def host(self, vector):
        """Default ports are taken off the Host of a CONNECT, though not off its target."""
        return re.sub(r":(80|443)$", "", vector.host) if vector.method == "CONNECT" else vector.host

    def refuses(self, vector):
        fields = dict(vector.lower_fields())
        return fields.get("upgrade") == "websocket" and "sec-websocket-key" not in fields

    def command(self, _vectors):
        program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
        return [program, "-db", "-f", self.write("haproxy.cfg", self.CONFIG.substitute(port=self.port))]

    def reading(self, response):
        target, fields, body = (base64.b64decode(response.headers[f"X-{of}"] or "") for of in
                                ("Target", "Fields", "Body"))
        lines = fields.decode("latin-1").split("\r\n")
        pairs = [tuple(line.split(": ", 1)) for line in lines if line]
        return Reading(response.headers["X-Method"], target.decode("latin-1"), pairs, body)


def from_json(report):
    names, values = report["fields"][::2], report["fields"][1::2]
    return Reading(report["method"], report["target"], zip(names, values), bytes.fromhex(report["body"]),
                   report.get("next"))


class Node(Server):
    def command(self, _vectors):
        return [shutil.which("node"), str(HERE / "emit_echo.mjs"), str(self.port)]

    def reading(self, response):
        return from_json(json.loads(base64.b64decode(response.headers["X-Report"])))


class Llhttp(Engine):
    """The parser inside Node, without the server around it."""

    def start(self, vectors):
        lines = "".join(vector.message().hex() + "\n" for vector in vectors)
        done = subprocess.run(["node", str(HERE / "emit_llhttp.mjs")], input=lines, capture_output=True, text=True,
                              timeout=60, check=True)
        self.answers = {vector: line for vector, line in zip(vectors, done.stdout.splitlines(), strict=True)}

    def read(self, vector):
        report = json.loads(self.answers[vector])
        if "error" in report:
            raise ValueError(report["error"])
        return from_json(report)


class H11(Engine):
    def start(self, _vectors):
        self.h11 = importlib.import_module("h11")

    def read(self, vector):
        try:
            return self.read_events(self.h11.Connection(self.h11.SERVER), vector)
        except self.h11.ProtocolError as error:
            raise ValueError(f"refused: {error}") from error

    def read_events(self, connection, vector):
        connection.receive_data(vector.message())
        request, body = connection.next_event(), b""
        while type(event := connection.next_event()) is self.h11.Data:
            body += bytes(event.data)
        if type(event) is not self.h11.EndOfMessage:
            raise ValueError(f"no end of the message but {event!r}")
        fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw_items()]
        rest = connection.trailing_data[0]
        return Reading(request.method.decode(), request.target.decode("latin-1"), fields, body,
                       "/marker" if rest == MARKER else repr(rest))


ENGINES = {"nginx": Nginx, "haproxy": Haproxy, "node": Node, "llhttp": Llhttp, "h11": H11}


def require(name):
    """Raises Missing when what the engine needs is not installed."""
    if name == "h11":
        sys.path.insert(0, str(PACKAGES))
        if importlib.util.find_spec("h11") is None:
            raise Missing("the Python package h11")
        return
    program = "node" if name == "llhttp" else name
    if shutil.which(program) is None and shutil.which(program, path="/usr/sbin") is None:
        raise Missing(f"the program {program}")


def compare(engine, vector):
    """What differs; "refused" alone when the engine does not take such requests at all."""
    try:
        reading = engine.read(vector)
    except (ValueError, OSError, http.client.HTTPException) as error:
        return ["refused"] if engine.refuses(vector) and "refused" in str(error) else [f"{type(error).__name__}: {error}"]
    return [*differences(vector, reading, engine), *engine.more_differences(vector, reading)]


def main():
    name, program = sys.argv[1:3]
    seed, count = (sys.argv[3:] + DEFAULTS[len(sys.argv) - 3:])[:2]
    try:
        require(name)
    except Missing as missing:
        print(f"skipped emit_readback {name}: {missing} is not installed")
        return 1 if os.environ.get("CI") else SKIPPED
    lines = subprocess.run([program, seed, count], capture_output=True, text=True, timeout=60, check=True).stdout
    vectors = [Vector(line) for line in lines.splitlines()]
    engine = ENGINES[name]()
    failed, refused = 0, 0
    try:
        engine.start(vectors)
        for vector in vectors:
            found = compare(engine, vector)
            refused += found == ["refused"]
            if not found or found == ["refused"]:
                continue
            failed += 1
            print(f"FAILED {name} {vector.emitted!r}", *found, sep="\n  ")
    finally:
        engine.stop()
    print(f"{name}: {len(vectors)} heads, {refused} of a kind that it does not take, seed {seed}")
    print(f"{len(vectors) - failed - refused} passed, {failed} failed, 0 skipped")
    return 1 if failed or refused > len(vectors) // 4 or not vectors else 0


if __name__ == "__main__":
    sys.exit(main())
