"""Peer pyjwt: jwt.decode with everything checked that we check, and spared what it can be spared: the key is imported
beforehand and handed to it, so that it looks for none.
"""

import datetime
import functools

import jwt
import jwt.api_jwt


class FrozenClock:
    """PyJWT takes the time from `datetime` and can be given no other; the shop's tokens are good at one time only."""

    moment = None

    @classmethod
    def now(cls, tz=None):
        return cls.moment


jwt.api_jwt.datetime = FrozenClock


@functools.cache
def keys(shop):
    FrozenClock.moment = datetime.datetime.fromtimestamp(shop.now_s, tz=datetime.timezone.utc)
    return {key.algorithm_name: key.key for key in jwt.PyJWKSet.from_json(shop.keys_json).keys}


def prepare(token, shop):
    known = keys(shop)
    try:
        algorithm = jwt.get_unverified_header(token)["alg"]
    except jwt.InvalidTokenError:
        algorithm = None
    key = known.get(algorithm, known["RS256"])
    options = {"require": ["exp", "iss", "aud"]}
    check = functools.partial(
        jwt.decode, key=key, algorithms=shop.algorithms, audience=shop.audience, issuer=shop.issuer, options=options
    )
    return token, check


def judge(prepared):
    token, check = prepared
    try:
        check(token)
    except jwt.InvalidTokenError:
        return False
    return True


OPERATIONS = {"verify_token": (prepare, judge)}
