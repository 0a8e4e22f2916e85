"""Every kind of buffer, and what happens to it."""

import array
import ctypes
import mmap
import sys

import pytest
from conftest import NOW, shop_token

import ostiary

HEAD = b"GET /health HTTP/1.1\r\nHost: api.shop.example\r\nX-Pad: 1\r\n\r\n"
assert len(HEAD) % 2 == 0


class BytesChild(bytes):
    pass


def as_mmap(data, access):
    memory = mmap.mmap(-1, len(data))
    memory.write(data)
    if access == mmap.ACCESS_READ:
        return memoryview(memory).toreadonly()
    return memory


BUFFERS = {
    "bytes": lambda: HEAD,
    "child of bytes": lambda: BytesChild(HEAD),
    "bytearray": lambda: bytearray(HEAD),
    "view of bytes": lambda: memoryview(HEAD),
    "view of bytearray": lambda: memoryview(bytearray(HEAD)),
    "read-only view of bytearray": lambda: memoryview(bytearray(HEAD)).toreadonly(),
    "part of a view": lambda: memoryview(b"xx" + HEAD + b"yy")[2:-2],
    "every second byte": lambda: memoryview(bytes(byte for pair in zip(HEAD, HEAD) for byte in pair))[::2],
    "backwards": lambda: memoryview(HEAD[::-1])[::-1],
    "array of bytes": lambda: array.array("B", HEAD),
    "array of shorts": lambda: array.array("H", HEAD),
    "two dimensions": lambda: memoryview(HEAD).cast("B", (2, len(HEAD) // 2)),
    "ctypes": lambda: (ctypes.c_char * len(HEAD)).from_buffer_copy(HEAD),
    "mmap": lambda: as_mmap(HEAD, mmap.ACCESS_WRITE),
    "read-only view of mmap": lambda: as_mmap(HEAD, mmap.ACCESS_READ),
}


@pytest.mark.parametrize("name", BUFFERS)
def test_every_buffer_is_read_alike(gate, name):
    buffer = BUFFERS[name]()
    assert ostiary.inspect(buffer) == ostiary.inspect(HEAD)
    assert gate.decide(buffer, now=NOW) == gate.decide(HEAD, now=NOW)


def test_a_buffer_may_change_after_the_call(gate):
    buffer = bytearray(HEAD)
    seen = ostiary.inspect(buffer)
    decision = gate.decide(buffer, now=NOW)
    image, fields = decision.image, seen.fields
    buffer[:] = b"\x00" * len(buffer)
    assert (decision.image, seen.fields, seen.path) == (image, fields, "/health")
    assert not ostiary.inspect(buffer).complete


def test_no_buffer_stays_locked(gate, verifier, keyless_gate):
    buffer = bytearray(HEAD)
    ostiary.inspect(buffer)
    gate.decide(buffer, now=NOW)
    buffer.extend(b"a bytearray that is exported cannot grow")
    view = memoryview(HEAD)
    ostiary.inspect(view)
    view.release()
    image = bytearray(keyless_gate.image())
    ostiary.Gate.load(image)
    image.clear()
    token = bytearray(shop_token("gold-rs256").encode())
    verifier.verify(token, now=NOW)
    token.clear()


def test_a_released_view_is_an_error_and_not_a_crash(gate):
    view = memoryview(HEAD)
    view.release()
    with pytest.raises(ValueError, match="released"):
        ostiary.inspect(view)
    with pytest.raises(ValueError, match="released"):
        gate.decide(view, now=NOW)


def test_failing_calls_leave_no_lock_behind():
    buffer = bytearray(b"host")
    with pytest.raises(TypeError):
        ostiary.inspect_fields(method=buffer, target="/", fields=[(buffer, 7)])
    buffer.clear()


@pytest.mark.skipif(not hasattr(sys, "getrefcount"), reason="no reference counts here")
def test_references_are_given_back(gate, verifier):
    name, value, token, data = b"x-name-" + b"y" * 9, b"v" * 99, shop_token("gold-rs256"), HEAD + b"body"
    fields = [(b"host", b"a"), (name, value)]

    def call():
        ostiary.inspect(data)
        ostiary.inspect(memoryview(data))
        ostiary.inspect_fields(method="GET", target="/", fields=fields)
        gate.decide(data, now=NOW)
        gate.decide(ostiary.Head("GET", "/health", fields), now=NOW)
        verifier.verify(token, now=NOW)
        with pytest.raises(ostiary.TokenError):
            verifier.verify(token, now=0)

    call()
    held = [name, value, token, data, fields]
    before = [sys.getrefcount(thing) for thing in held]
    for _ in range(10):
        call()
    assert [sys.getrefcount(thing) for thing in held] == before
