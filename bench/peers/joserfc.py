"""Peer joserfc: jwt.decode with the key imported beforehand, then a claims registry, as its documentation shows."""

import functools
import warnings

from joserfc import errors, jwt
from joserfc.jwk import KeySet, OctKey

warnings.simplefilter("ignore")  # EdDSA is deprecated by RFC 9864


@functools.cache
def keys(shop):
    known = KeySet.import_key_set({"keys": shop.keys[::-1]})  # of two keys for one algorithm, the shop's
    return {**{key.alg: key for key in known.keys}, "HS256": OctKey.import_key(shop.secret, {"alg": "HS256"})}


def prepare(token, shop):
    known = keys(shop)
    key = known.get(shop.algorithm_of(token), known["RS256"])
    rules = jwt.JWTClaimsRegistry(
        now=shop.now_s,
        iss={"essential": True, "value": shop.issuer},
        aud={"essential": True, "value": shop.audience},
        exp={"essential": True},
    )
    return token, key, [key.alg], rules


def judge(prepared):
    token, key, algorithms, rules = prepared
    try:
        rules.validate(jwt.decode(token, key, algorithms).claims)
    except (errors.JoseError, ValueError):
        return False
    return True


OPERATIONS = {"verify_token": (prepare, judge)}
