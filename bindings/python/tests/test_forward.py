"""The client's address and the head to forward."""

import ipaddress
import random

import pytest
from conftest import NOW

import ostiary
from ostiary import ClientPolicy, Reason

HEAD = (
    b"POST /a/../b?q HTTP/1.1\r\nHost: A.example\r\nX-Forwarded-For: 1.2.3.4, 2001:DB8::1, 10.0.0.1\r\n"
    b'Forwarded: for="[2001:db8::2]:99"\r\nCF-Connecting-IP: 5.6.7.8\r\nConnection: x-hop\r\nX-Hop: 1\r\n'
    b"X-Keep: 1\r\nContent-Length: 3\r\n\r\n"
)


def client(policy, peer="10.0.0.2", head=HEAD):
    return ostiary.inspect(head).client(peer, policy)


# ---- the client --------------------------------------------------------------------------------------------


def test_the_peer_is_the_client_unless_somebody_is_trusted():
    found = client(ClientPolicy.peer(), "2001:DB8:0::9")
    assert (found.address, found.source, found.trusted_peer) == (ipaddress.ip_address("2001:db8::9"), "peer", False)
    assert client(ClientPolicy.peer(), ipaddress.ip_address("::1")).address == ipaddress.ip_address("::1")
    assert client(ClientPolicy.peer(), None).address is None
    assert str(client(ClientPolicy.peer(), "::ffff:1.2.3.4").address) == "1.2.3.4"


def test_hops_are_counted_from_the_right():
    found = client(ClientPolicy.trusted_hops(2))
    assert (str(found.address), found.source, found.hops_skipped) == ("2001:db8::1", "x-forwarded-for", 1)
    assert found.trusted_peer and not found.fell_back and found.findings == []
    missing = client(ClientPolicy.trusted_hops(4))
    assert (str(missing.address), missing.fell_back) == ("10.0.0.2", True)
    assert [finding.reason for finding in missing.findings] == [Reason.CLIENT_HOPS_MISSING]
    assert str(client(ClientPolicy.trusted_hops(1, field="forwarded")).address) == "2001:db8::2"
    assert str(client(ClientPolicy.trusted_hops(1, only_from=["11.0.0.0/8"])).address) == "10.0.0.2"


def test_blocks_and_platforms():
    blocks = [ipaddress.ip_network("10.0.0.0/8"), "2001:db8::/32"]
    assert str(client(ClientPolicy.trusted_blocks(blocks)).address) == "1.2.3.4"
    platform = client(ClientPolicy.platform_field("CF-Connecting-IP", only_from=["10.0.0.0/8"]))
    assert (str(platform.address), platform.source) == ("5.6.7.8", "platform-field")


def test_blocks_hold_what_ipaddress_says():
    source = random.Random(11)

    def network():
        bits, make = source.choice([(32, ipaddress.IPv4Network), (128, ipaddress.IPv6Network)])
        base = source.choice([0x0A000000, 0x20010DB8 << 96])
        address = (base ^ source.getrandbits(bits // 2)) % (1 << bits)
        return make((address, source.randint(bits // 4, bits)), strict=False)

    for _ in range(60):
        blocks = list({network() for _ in range(8)})
        policy = ClientPolicy.trusted_blocks(blocks)
        peers = [block[source.randrange(min(block.num_addresses, 1 << 40))] for block in blocks]
        peers += [block.network_address - 1 for block in blocks if int(block.network_address)]
        for peer in peers:
            mapped = getattr(peer, "ipv4_mapped", None) or peer
            trusted = any(mapped.version == block.version and mapped in block for block in blocks)
            assert client(policy, peer).trusted_peer == trusted, (peer, blocks)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ClientPolicy.trusted_hops(0),
        lambda: ClientPolicy.trusted_hops(65),
        lambda: ClientPolicy.trusted_hops(-1),
        lambda: ClientPolicy.trusted_hops(1, field="via"),
        lambda: ClientPolicy.trusted_blocks([]),
        lambda: ClientPolicy.trusted_blocks(["10.0.0.1/8"]),
        lambda: ClientPolicy.trusted_blocks(["10.0.0.0/8", "10.0.0.0/8"]),
        lambda: ClientPolicy.platform_field("host"),
        lambda: ClientPolicy.platform_field(""),
    ],
)
def test_a_mistaken_policy_is_not_made(make):
    with pytest.raises(ostiary.UsageError):
        make()


def test_policies_and_clients_are_values():
    with pytest.raises(TypeError, match="ClientPolicy.peer"):
        ClientPolicy()
    with pytest.raises(TypeError):
        ClientPolicy.trusted_blocks("10.0.0.0/8")
    policy = ClientPolicy.peer()
    with pytest.raises(AttributeError):
        policy._name = "x"
    assert client(policy) == client(policy) != client(policy, "10.0.0.3")
    assert len({client(policy), client(policy)}) == 1
    for peer in ("010.0.0.1", "fe80::1%eth0", "nowhere"):
        with pytest.raises(ostiary.UsageError, match="USAGE_PEER"):
            client(policy, peer)


# ---- the forwarded head ------------------------------------------------------------------------------------


def test_the_forwarded_head_is_written_from_the_view():
    seen = ostiary.inspect(HEAD)
    head = seen.emit([("x-new", "1"), ("X-Keep", None)])
    assert head == b"POST /b?q HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nx-new: 1\r\n\r\n"
    assert b"1.2.3.4" in seen.emit(peer_is_trusted=True)
    again = ostiary.inspect(head)
    assert (again.method, again.path, again.query, again.host) == (seen.method, seen.path, seen.query, seen.host)
    assert again.emit() == head


def test_a_decision_that_allows_brings_its_edits(gate, allowed_head):
    decision = gate.decide(allowed_head, now=NOW, peer="203.0.113.7")
    seen = ostiary.inspect(allowed_head, waive=gate.waived)
    forwarded = ostiary.inspect(seen.emit([("x-mine", b"1")], decision=decision))
    for name, value in decision.set_headers:
        assert forwarded.field_all(name) == [value]
    assert forwarded.field("x-mine") == b"1"
    denied = gate.decide(b"nonsense\n", now=NOW)
    with pytest.raises(ostiary.UsageError, match="denied"):
        seen.emit(decision=denied)


def test_what_was_waived_must_be_waived_again():
    waive = [Reason.BODY_UNEXPECTED]
    seen = ostiary.inspect(b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", waive=waive)
    with pytest.raises(ostiary.RequestError) as raised:
        seen.emit()
    assert raised.value.reason is Reason.BODY_UNEXPECTED
    assert seen.emit(waive=seen.waived).endswith(b"Content-Length: 3\r\n\r\n")


def test_a_body_of_unknown_length_is_sent_in_chunks():
    seen = ostiary.inspect_fields(method="POST", target="/", authority="a", fields=[], version="2")
    assert b"Transfer-Encoding: chunked" in seen.emit(body_of_unknown_length=True)
    assert b"Transfer-Encoding" not in seen.emit()


@pytest.mark.parametrize(
    "edit", [("host", "b"), ("content-length", None), ("x", "a\r\nb: c"), ("x", " a"), ("x y", "a"), ("", "a")]
)
def test_an_edit_that_cannot_stand_is_refused(edit):
    with pytest.raises(ostiary.UsageError) as raised:
        ostiary.inspect(HEAD).emit([edit])
    assert raised.value.reason is Reason.USAGE_HEADER_EDIT
