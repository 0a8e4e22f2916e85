"""Ours, through the Python package: TokenVerifier as the README of the package shows it."""

import functools

import ostiary


@functools.cache
def verifier(shop):
    return ostiary.TokenVerifier(
        jwks=shop.keys_json, issuer=shop.issuer, audience=shop.audience, algorithms=shop.algorithms
    )


def prepare(token, shop):
    return token, verifier(shop).verify, shop.now_s


def judge(prepared):
    token, verify, now = prepared
    try:
        verify(token, now=now)
    except ostiary.TokenError:
        return False
    return True


OPERATIONS = {"verify_token": (prepare, judge)}
