#!/usr/bin/env python3
"""Compares the nginx lens with a real nginx on loopback: what it takes a path for, over every short path and random ones.

Usage: nginx_lens.py LENS_PATHS

LENS_PATHS is the program of lens_paths.cpp. Ends with the line "N passed, N failed, N skipped". Without nginx the
comparison is skipped by name.
"""

import itertools
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time

TOKENS = ["/", ".", "..", "a", "%2e", "%2F", "%2f", "%5c", "%25", "%252e", "%3f", "%23", ";", "%3B", "%c3%a9", "%ff", "%41", ",", "%2C"]
SHORT_TOKENS = ["/", ".", "a", "%2e", "%2F", "%25", ";"]
SHORT_LENGTH_MAX = 5
RANDOM_COUNT = 20000
SKIPPED = 77  # what CTest takes for a skipped test
BATCH = 200  # requests in one connection
CONFIG = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log crit;
events {{ worker_connections 64; }}
http {{
  access_log off; keepalive_requests 100000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; default_type text/plain; location / {{ return 200 "$uri"; }} }}
}}
"""


def paths():
    for length in range(SHORT_LENGTH_MAX + 1):
        for tokens in itertools.product(SHORT_TOKENS, repeat=length):
            yield "/" + "".join(tokens)
    source = random.Random(1)
    for _ in range(RANDOM_COUNT):
        yield "/" + "".join(source.choice(TOKENS) for _ in range(source.randrange(1, 14)))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, server):
    for _ in range(100):
        if server.poll() is not None:
            break
        try:
            return socket.create_connection(("127.0.0.1", port), 5).close()
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("nginx did not start")


def read_answer(stream):
    """Status and body of one answer."""
    status = int(stream.readline().split()[1])
    length = 0
    close = False
    while (line := stream.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        close = close or (name.lower() == b"connection" and value.strip() == b"close")
    return status, stream.read(length), close


def ask(port, batch):
    """What nginx takes each path for; None where it refuses."""
    answers = []
    while len(answers) < len(batch):
        with socket.create_connection(("127.0.0.1", port), 10) as connection, connection.makefile("rb") as stream:
            left = batch[len(answers):]
            connection.sendall("".join(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n" for path in left).encode())
            for _ in left:
                status, body, close = read_answer(stream)
                answers.append(body if status == 200 else None)
                if close:
                    break
    return answers


def compare(program, port):
    wanted = list(paths())
    ours = subprocess.run([program], input="".join(f"{path}\n" for path in wanted), text=True, check=True, capture_output=True)
    passed, failed = 0, 0
    lines = ours.stdout.splitlines()
    assert len(lines) == len(wanted)
    for begin in range(0, len(wanted), BATCH):
        batch = wanted[begin:begin + BATCH]
        for path, line, body in zip(batch, lines[begin:begin + BATCH], ask(port, batch)):
            reason, seen = line.split("\t")
            expected = "-" if body is None else body.hex()
            # What no route can waive never comes to a lens.
            if seen == expected or reason not in ("OK", "PATH_ABOVE_ROOT"):
                passed += 1
                continue
            failed += 1
            if failed <= 20:
                print(f"FAIL {path}: the lens shows {seen}, nginx {expected}")
    return passed, failed


def main():
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if nginx is None:
        print("skipped nginx_lens: nginx is not installed")
        print("0 passed, 0 failed, 1 skipped")
        return SKIPPED
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "nginx.conf"
        config.write_text(CONFIG.format(folder=folder, port=port))
        server = subprocess.Popen([nginx, "-p", folder, "-c", str(config), "-e", f"{folder}/error.log"])
        try:
            wait_for(port, server)
            passed, failed = compare(sys.argv[1], port)
        finally:
            server.terminate()
            server.wait(10)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
