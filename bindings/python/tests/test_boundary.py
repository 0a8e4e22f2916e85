"""Boundaries, their receipts, and gates that are proved inside them."""

import json

import pytest
from conftest import SHOP

import ostiary
from ostiary import Gate, Reason

BOUNDARY = (SHOP / "boundary.json").read_text()
GATE = (SHOP / "gate.json").read_text()
DATE = 1767225599  # 2025-12-31T23:59:59Z


def key_pair():
    cryptography = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    from cryptography.hazmat.primitives import serialization as form

    key = cryptography.Ed25519PrivateKey.generate()
    private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    public = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    return private, public, key.public_key()


def refusal(call, *arguments, **options):
    with pytest.raises(ostiary.GateError) as raised:
        call(*arguments, **options)
    return raised.value.reason


def test_the_hash_names_what_a_boundary_means():
    name = ostiary.boundary_hash(BOUNDARY)
    assert name == Gate.compile(BOUNDARY).to_dict()["content_hash"]
    assert ostiary.boundary_hash(json.dumps(json.loads(BOUNDARY), indent=3).encode()) == name
    assert ostiary.boundary_hash(GATE) != name
    with pytest.raises(ostiary.GateError) as raised:
        ostiary.boundary_hash("\n{")
    assert (raised.value.reason, raised.value.line) == (Reason.GATE_JSON, 2)


def test_reviews_are_signatures_that_others_can_check():
    private, public, key = key_pair()
    receipt = ostiary.review_boundary(BOUNDARY, private, date=DATE)
    document = json.loads(receipt)
    (review,) = document["reviews"]
    signed = b"ostiary boundary review 1" + bytes.fromhex(document["boundary"]) + review["date"].encode()
    key.verify(bytes.fromhex(review["signature"]), signed)  # raises otherwise
    assert (document["boundary"], review["date"]) == (ostiary.boundary_hash(BOUNDARY), "2025-12-31T23:59:59Z")
    assert ostiary.check_boundary(BOUNDARY, receipt, [public]) is None


def test_reviewers_sign_one_after_the_other():
    (ann, ann_public, _), (bob, bob_public, _) = key_pair(), key_pair()
    first = ostiary.review_boundary(BOUNDARY, ann, date=DATE)
    both = ostiary.review_boundary(BOUNDARY, bob.decode(), date=DATE, receipt=first)
    assert both == ostiary.review_boundary(
        BOUNDARY, ann, date=DATE, receipt=ostiary.review_boundary(BOUNDARY, bob, date=DATE).encode()
    )
    ostiary.check_boundary(BOUNDARY, both, [ann_public, bob_public], reviews_min=2)
    publics = [ann_public, bob_public]
    assert refusal(ostiary.check_boundary, BOUNDARY, first, publics, reviews_min=2) == Reason.RECEIPT_REVIEW
    assert refusal(ostiary.check_boundary, BOUNDARY, both, []) == Reason.RECEIPT_REVIEW
    assert refusal(ostiary.check_boundary, GATE, both, [ann_public]) == Reason.RECEIPT_BOUNDARY
    assert refusal(ostiary.check_boundary, BOUNDARY, "{}", [ann_public]) == Reason.RECEIPT_FORMAT
    assert refusal(ostiary.review_boundary, GATE, ann, receipt=both) == Reason.RECEIPT_BOUNDARY
    with pytest.raises(TypeError, match="several PEM"):
        ostiary.check_boundary(BOUNDARY, both, ann_public)
    with pytest.raises(ostiary.KeySetError):
        ostiary.review_boundary(BOUNDARY, "no key")
    with pytest.raises(ostiary.UsageError):
        ostiary.review_boundary(BOUNDARY, ann, date=-1)


def test_a_gate_is_compiled_within_or_not_at_all():
    private, public, _ = key_pair()
    receipt = ostiary.review_boundary(BOUNDARY, private, date=DATE)
    gate = Gate.compile_within(GATE, BOUNDARY, receipt, [public])
    assert gate.boundary == ostiary.boundary_hash(BOUNDARY)
    assert gate.to_dict()["boundary"]["reviews"][0]["date"] == "2025-12-31T23:59:59Z"
    assert Gate.compile(GATE).boundary is None and Gate.compile(GATE).to_dict()["boundary"] is None
    wide = GATE.replace('"scopes": {"all": ["orders:admin"]},', "")
    with pytest.raises(ostiary.GateError, match="https://api.shop.example/") as raised:
        Gate.compile_within(wide, BOUNDARY, receipt, [public])
    assert raised.value.reason == Reason.GATE_OUTSIDE
    assert '"id":' in wide.splitlines()[raised.value.line - 1]
    assert refusal(Gate.compile_within, GATE, BOUNDARY, receipt, [public], reviews_min=2) == Reason.RECEIPT_REVIEW


def test_only_what_is_proved_loads_where_that_is_asked_for():
    (private, public, _), (maker, maker_public, _) = key_pair(), key_pair()
    receipt = ostiary.review_boundary(BOUNDARY, private, date=DATE)
    proved = Gate.compile_within(GATE, BOUNDARY, receipt, [public])
    image, plain = proved.sign(maker).image(), Gate.compile(GATE).sign(maker).image()
    pinned = ostiary.boundary_hash(BOUNDARY)
    load = Gate.load_signed
    assert load(image, [maker_public], boundary=pinned, reviewer_keys=[public], reviews_min=1).boundary == pinned
    assert load(image, [maker_public], reviewer_keys=[public]).boundary == pinned
    assert refusal(load, plain, [maker_public], boundary=pinned) == Reason.IMAGE_UNPROVED
    assert refusal(load, plain, [maker_public], reviewer_keys=[public]) == Reason.IMAGE_UNPROVED
    assert refusal(load, image, [maker_public], boundary=ostiary.boundary_hash(GATE)) == Reason.IMAGE_BOUNDARY
    assert refusal(load, image, [maker_public], reviewer_keys=[maker_public]) == Reason.IMAGE_REVIEW
    assert refusal(load, image, [maker_public], reviewer_keys=[public], reviews_min=2) == Reason.IMAGE_REVIEW
    assert refusal(load, proved.image(), [maker_public], boundary=pinned) == Reason.IMAGE_UNSIGNED
    for wrong in ("", pinned[:-1], pinned.upper(), pinned + "\n"):
        with pytest.raises(ostiary.UsageError):
            load(image, [maker_public], boundary=wrong)
    with pytest.raises(TypeError):
        load(image, [maker_public], boundary=bytes.fromhex(pinned))
    with pytest.raises(TypeError, match="several PEM"):
        load(image, [maker_public], reviewer_keys=public)
