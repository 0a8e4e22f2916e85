"""Keys that sign the generated tokens. They are made for one run and written down nowhere."""

import base64
import hashlib
import hmac
import json
import random

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
CURVES = {"ES256": (ec.SECP256R1, "P-256", 32), "ES384": (ec.SECP384R1, "P-384", 48),
          "ES512": (ec.SECP521R1, "P-521", 66), "ES256K": (ec.SECP256K1, "secp256k1", 32)}
EDWARDS = {"EdDSA": (ed25519.Ed25519PrivateKey, "Ed25519"), "Ed448": (ed448.Ed448PrivateKey, "Ed448")}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return base64url(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Signer:
    """A private key and the one algorithm it is for."""

    def __init__(self, algorithm, key_id):
        self.algorithm, self.key_id = algorithm, key_id
        if algorithm in CURVES:
            self.private = ec.generate_private_key(CURVES[algorithm][0]())
        elif algorithm in EDWARDS:
            self.private = EDWARDS[algorithm][0].generate()
        else:
            self.private = rsa.generate_private_key(65537, 2048)

    def sign(self, message):
        return self.sign_as(self.algorithm, message)

    def sign_as(self, algorithm, message):
        """Another algorithm of the same type of key is possible, too."""
        if algorithm in EDWARDS:
            return self.private.sign(message)
        if algorithm in CURVES:
            r, s = decode_dss_signature(self.sign_der(message))
            size = CURVES[self.algorithm][2]
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")
        digest = HASHES[algorithm[2:]]
        pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
        return self.private.sign(message, pss if algorithm.startswith("PS") else padding.PKCS1v15(), digest)

    def sign_der(self, message):
        return self.private.sign(message, ec.ECDSA(HASHES[self.algorithm[2:5]]))

    def sign_pss(self, message, salt_size):
        return self.private.sign(message, padding.PSS(padding.MGF1(HASHES["256"]), salt_size), HASHES["256"])

    def jwk(self):
        public = self.private.public_key()
        common = {"use": "sig", "alg": self.algorithm, "kid": self.key_id}
        if self.algorithm in EDWARDS:
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return {"kty": "OKP", "crv": EDWARDS[self.algorithm][1], "x": base64url(raw), **common}
        numbers = public.public_numbers()
        if self.algorithm in CURVES:
            _, curve, size = CURVES[self.algorithm]
            return {"kty": "EC", "crv": curve, "x": number(numbers.x, size), "y": number(numbers.y, size), **common}
        return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e), **common}

    def public_texts(self):
        """The public key in every form that a confused verifier might take for a secret."""
        public = self.private.public_key()
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        pem = public.public_bytes(serialization.Encoding.PEM, form)
        return [pem, pem.rstrip(), public.public_bytes(serialization.Encoding.DER, form), json.dumps(self.jwk()).encode()]


class SecretSigner:
    def __init__(self, algorithm, key_id):
        self.algorithm, self.key_id = algorithm, key_id
        self.secret = random.SystemRandom().randbytes(64)

    def sign(self, message):
        return self.sign_as(self.algorithm, message)

    def sign_as(self, algorithm, message):
        return mac(self.secret, message, algorithm)


def mac(secret, message, algorithm="HS256"):
    return hmac.digest(secret, message, hashlib.new("sha" + algorithm[2:]).name)
