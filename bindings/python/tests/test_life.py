"""Memory, threads, and objects that die in the wrong order."""

import gc
import subprocess
import sys
import textwrap
import threading
import tracemalloc

import pytest
from conftest import ALGORITHMS, AUDIENCE, CASES, ISSUER, NOW, SHOP, TOKENS, shop_token

import ostiary

GATE = (SHOP / "gate.json").read_text()
KEYS = (SHOP / "keys.json").read_text()
HEADS = [((SHOP / case["request"]).read_bytes(), case["peer"]) for case in CASES["cases"]]


def make_verifier():
    return ostiary.TokenVerifier(jwks=KEYS, issuer=ISSUER, audience=AUDIENCE, algorithms=ALGORITHMS)


def outcome(verifier, token):
    try:
        return dict(verifier.verify(token, now=NOW))
    except ostiary.TokenError as error:
        return error.reason


# ---- threads -----------------------------------------------------------------------------------------------


def run_in_threads(work, count=8):
    results, errors = [None] * count, []

    def target(index):
        try:
            results[index] = work(index)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=target, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return results


def test_one_gate_decides_in_many_threads_as_in_one(gate):
    alone = [gate.decide(head, now=NOW, peer=peer).image for head, peer in HEADS]

    def work(index):
        order = HEADS[index:] + HEADS[:index]
        images = [gate.decide(head, now=NOW, peer=peer).image for head, peer in order]
        return images[len(HEADS) - index :] + images[: len(HEADS) - index]

    assert all(images == alone for images in run_in_threads(work))


def test_one_verifier_works_in_many_threads_as_in_one(verifier):
    tokens = [shop_token(entry["name"]) for entry in TOKENS["tokens"]]
    alone = [outcome(verifier, token) for token in tokens]
    everywhere = run_in_threads(lambda index: [outcome(verifier, token) for token in tokens * 2])
    assert all(results == alone * 2 for results in everywhere)


def test_gates_and_keys_are_made_in_many_threads():
    def work(index):
        gate = ostiary.Gate.load(ostiary.Gate.compile(GATE).image()).with_keys({"shop-id": KEYS})
        return gate.decide(HEADS[2][0], now=NOW, peer=HEADS[2][1]).image

    assert len(set(run_in_threads(work, 4))) == 1


def test_a_buffer_that_another_thread_rewrites_is_judged_as_a_whole(verifier):
    good, bad = shop_token("gold-rs256").encode(), shop_token("tampered-signature").encode()
    assert len(good) == len(bad)
    buffer, stop = bytearray(good), threading.Event()

    def rewrite():
        while not stop.is_set():
            buffer[:] = bad
            buffer[:] = good

    thread = threading.Thread(target=rewrite)
    thread.start()
    try:
        outcomes = [outcome(verifier, buffer) for _ in range(300)]
    finally:
        stop.set()
        thread.join()
    good_claims = outcome(verifier, good)
    assert all(result in (good_claims, ostiary.Reason.TOKEN_SIGNATURE) for result in outcomes)


@pytest.mark.skipif(not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="no interpreter lock here")
@pytest.mark.parametrize("released", [True, False], ids=["verify releases", "decide holds"])
def test_the_interpreter_lock_is_released_for_signatures_only(gate, verifier, released):
    """With an endless switch interval another thread runs only when the lock is given up."""
    token, (head, peer) = shop_token("gold-rs256"), HEADS[2]
    turns, stop, pause = [0], threading.Event(), threading.Event()

    def count():
        while not stop.is_set():
            turns[0] += 1
            pause.wait(0.0001)

    interval = sys.getswitchinterval()
    thread = threading.Thread(target=count)
    thread.start()
    try:
        sys.setswitchinterval(1000)
        before = turns[0]
        # The other thread must happen to ask while the lock is free, which on a busy machine may take long.
        for _ in range(200_000 if released else 1000):
            if released:
                verifier.verify(token, now=NOW)
            else:
                gate.decide(head, now=NOW, peer=peer)
            if released and turns[0] > before:
                break
        during = turns[0] - before
    finally:
        sys.setswitchinterval(interval)
        stop.set()
        thread.join()
    assert (during > 0) == released


# ---- memory ------------------------------------------------------------------------------------------------


def resident_bytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


POLICY = ostiary.ClientPolicy.trusted_blocks(["10.0.0.0/8"])
ASKED = b"GET /a%2f?x=%41 HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nAuthorization: X a=\"1\"\r\nPriority: u=1\r\n\r\n"


def ask_once():
    waive = [ostiary.Reason.PATH_ENCODED_SEPARATOR]
    reader = ostiary.HeadReader(waive=waive)
    reader.feed(ASKED[:20])
    seen = reader.feed(ASKED[20:])
    ostiary.parse_dictionary(seen.field_all("priority"))
    with pytest.raises(ostiary.RequestError):
        ostiary.parse_item("(")
    return (
        seen.cookies, seen.authorization, seen.parameters(plus_is_space=True), seen.parameter("x", plus_is_space=True),
        seen.lens_paths, seen.client("10.0.0.1", POLICY), seen.emit([("x", "y")], waive=waive),
    )  # fmt: skip


def everything_once(gate, verifier):
    ask_once()
    head, peer = HEADS[2]
    seen = ostiary.inspect(head)
    parsed = ostiary.Head(seen.method, seen.target, [(name.lower(), value) for name, value in seen.fields])
    ostiary.inspect(parsed)
    gate.decide(parsed, now=NOW, peer=peer)
    gate.decide(bytearray(head), now=NOW, peer=peer)
    gate.decide(b"garbage", now=NOW)
    outcome(verifier, shop_token("standard-es256"))
    outcome(verifier, "garbage")


def build_once():
    ostiary.ClientPolicy.trusted_blocks(["10.0.0.0/8", "2001:db8::/32"])
    gate = ostiary.Gate.compile(GATE).with_keys({"shop-id": KEYS})
    make_verifier()
    for wrong in ["", '{"gate": 2}']:
        with pytest.raises(ostiary.GateError):
            ostiary.Gate.compile(wrong)
    with pytest.raises(ostiary.UsageError):
        gate.with_keys({"stranger": KEYS})


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("what", ["requests", "builds"])
def test_memory_does_not_grow(gate, verifier, what):
    rounds, work = (2000, lambda: everything_once(gate, verifier)) if what == "requests" else (200, build_once)
    for _ in range(rounds // 4):
        work()
    gc.collect()
    tracemalloc.start()
    try:
        work()
        gc.collect()
        python_before, resident_before = tracemalloc.get_traced_memory()[0], resident_bytes()
        for _ in range(rounds):
            work()
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - python_before < 64 * 1024
        assert resident_bytes() - resident_before < 4 * 1024 * 1024
    finally:
        tracemalloc.stop()


# ---- death -------------------------------------------------------------------------------------------------


def test_children_outlive_their_parents():
    base = ostiary.Gate.compile(GATE)
    key_set = ostiary.KeySet(KEYS)
    gate = base.with_keys({"shop-id": key_set})
    verifier = ostiary.TokenVerifier(jwks=key_set, issuer=ISSUER, audience=AUDIENCE, algorithms=ALGORITHMS)
    decision = gate.decide(HEADS[2][0], now=NOW)
    del base, key_set
    gc.collect()
    assert gate.decide(HEADS[2][0], now=NOW) == decision
    assert outcome(verifier, shop_token("gold-rs256"))["tier"] == "gold"
    del gate, verifier
    gc.collect()
    assert decision.allowed and decision.set_headers and decision.image


def test_parents_outlive_their_children():
    base = ostiary.Gate.compile(GATE)
    base.with_keys({"shop-id": KEYS}).decide(HEADS[2][0], now=NOW)
    gc.collect()
    assert base.name == "shop"
    assert base.with_keys({"shop-id": KEYS}).decide(HEADS[2][0], now=NOW).allowed


def test_a_finalizer_may_call_in_the_middle_of_a_call(gate):
    """Building a result may run the collector, and with it anything."""
    head, peer = HEADS[2]
    calls = []

    class Garbage:
        def __init__(self):
            self.self = self

        def __del__(self):
            calls.append(ostiary.inspect(b"DELETE /else HTTP/1.1\r\nHost: b\r\nX: y\r\n\r\n").path)
            calls.append(gate.decide(b"GET /health HTTP/1.1\r\nHost: api.shop.example\r\n\r\n", now=NOW).rule)

    seen, decided = ostiary.inspect(head), gate.decide(head, now=NOW, peer=peer)
    threshold = gc.get_threshold()
    gc.set_threshold(1)
    try:
        for _ in range(100):
            Garbage()
            assert ostiary.inspect(head) == seen
            Garbage()
            assert gate.decide(head, now=NOW, peer=peer) == decided
    finally:
        gc.set_threshold(*threshold)
    assert set(calls) == {"/else", "anyone-browses"}


def test_the_interpreter_ends_in_peace_whatever_is_alive(tmp_path):
    script = f"""
        import gc, sys, threading, ostiary
        from pathlib import Path
        gate = ostiary.Gate.compile(Path({str(SHOP / "gate.json")!r}).read_text())
        keyed = gate.with_keys({{"shop-id": Path({str(SHOP / "keys.json")!r}).read_text()}})
        class Late:
            def __init__(self, *things):
                self.me, self.things = self, things
            def __del__(self):
                self.things[0].decide(b"garbage", now=0)
        late = [Late(keyed, gate), Late(gate, keyed)]
        sys.late = Late(keyed)
        def forever():
            while True:
                ostiary.inspect(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
        threading.Thread(target=forever, daemon=True).start()
        thread = threading.Thread(target=lambda: keyed.decide(b"x", now=0))
        thread.start()
        thread.join()
        del gate
    """
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert "Fatal" not in done.stderr and "rror" not in done.stderr, done.stderr


@pytest.mark.skipif(not hasattr(sys, "_current_frames") or sys.platform == "win32", reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_decides_the_same(gate):
    import os

    head, peer = HEADS[2]
    image = gate.decide(head, now=NOW, peer=peer).image
    child = os.fork()
    if child == 0:
        os._exit(0 if gate.decide(head, now=NOW, peer=peer).image == image else 1)
    assert os.waitpid(child, 0)[1] == 0
