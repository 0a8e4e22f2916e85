#!/usr/bin/env python3
"""Writes keys.json, secret.txt and the tokens that the shop does not issue beside itself: ps256*.jwt, hs256*.jwt, and
rs256*.jwt and es256*.jwt, whose typ is JWT, for verifiers that know no other.

The claims are those of the shop's gold-rs256, so that only the algorithm differs. The keys are made here and their
private halves are dropped; the secret is stored, because who verifies with it must have it. Needs the package
cryptography, and makes new keys every time.
"""

import base64
import hmac
import json
import pathlib
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

FOLDER = pathlib.Path(__file__).resolve().parent
SHOP = FOLDER.parents[1] / "examples/shop"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def part(value):
    return base64url(json.dumps(value, separators=(",", ":")).encode())


def number(value):
    return base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def rsa_jwk(key, algorithm, key_id):
    public = key.public_key().public_numbers()
    return {"kty": "RSA", "use": "sig", "kid": key_id, "alg": algorithm, "e": number(public.e), "n": number(public.n)}


def ec_jwk(key, key_id):
    x, y = (base64url(value.to_bytes(32, "big")) for value in
            (key.public_key().public_numbers().x, key.public_key().public_numbers().y))
    return {"kty": "EC", "use": "sig", "kid": key_id, "alg": "ES256", "crv": "P-256", "x": x, "y": y}


def sign_ecdsa(key, message):
    return b"".join(half.to_bytes(32, "big") for half in decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256()))))


def claims_of_the_shop():
    payload = (SHOP / "tokens/gold-rs256.jwt").read_text().split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def write_tokens(algorithm, typ, key_id, sign):
    header, claims = {"alg": algorithm, "typ": typ, "kid": key_id}, claims_of_the_shop()
    other = {**claims, "aud": "https://billing.shop.example"}
    expired = {**claims, "exp": claims["iat"] + 1}
    name = algorithm.lower()
    for suffix, body in (("", claims), ("-expired", expired), ("-wrong-audience", other)):
        message = f"{part(header)}.{part(body)}"
        signature = sign(message.encode())
        (FOLDER / f"{name}{suffix}.jwt").write_text(f"{message}.{base64url(signature)}")
        if not suffix:
            flipped = bytes([signature[0] ^ 1]) + signature[1:]
            (FOLDER / f"{name}-tampered.jwt").write_text(f"{message}.{base64url(flipped)}")


def main():
    pss, pkcs1, curve = (rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048),
                         ec.generate_private_key(ec.SECP256R1()))
    keys = [rsa_jwk(pss, "PS256", "bench-ps-1"), rsa_jwk(pkcs1, "RS256", "bench-rs-1"), ec_jwk(curve, "bench-es-1")]
    (FOLDER / "keys.json").write_text(json.dumps({"keys": keys}) + "\n")
    secret = secrets.token_urlsafe(48)
    (FOLDER / "secret.txt").write_text(secret)
    digest, salted = hashes.SHA256(), padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    write_tokens("PS256", "at+jwt", "bench-ps-1", lambda message: pss.sign(message, salted, digest))
    write_tokens("HS256", "JWT", "bench-hs-1", lambda message: hmac.digest(secret.encode(), message, "sha256"))
    write_tokens("RS256", "JWT", "bench-rs-1", lambda message: pkcs1.sign(message, padding.PKCS1v15(), digest))
    write_tokens("ES256", "JWT", "bench-es-1", lambda message: sign_ecdsa(curve, message))


main()
