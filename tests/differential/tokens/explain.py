"""Why we and another judge a token differently. For each row of disagreements.json a function of its id, with underscores,
that looks at the token itself and says whether the row is about it; what we answered plays no part in that.
"""

import base64
import functools
import json
import math
import re

from generate import AUDIENCES

BASE64URL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Members(list):
    """An object as its members in their order, so that a name may stand twice."""

    def named(self, name):
        return [value for known, value in self if known == name]

    def last(self, name):
        return next(iter(self.named(name)[::-1]), None)


class Token:
    """A token, read as leniently as anybody could."""

    def __init__(self, case):
        self.case, self.bytes, self.now = case, case.token, case.now

    @functools.cached_property
    def parts(self):
        return self.bytes.split(b".")

    def decoded(self, index):
        if index >= len(self.parts):
            return b""
        text = self.parts[index].replace(b"+", b"-").replace(b"/", b"_")
        text = bytes(c for c in text if c in BASE64URL)
        return base64.urlsafe_b64decode(text[: len(text) - (len(text) % 4 == 1)] + b"=" * (-len(text) % 4))

    @functools.cached_property
    def header_bytes(self):
        return self.decoded(0)

    @functools.cached_property
    def payload_bytes(self):
        return self.decoded(1)

    @functools.cached_property
    def header(self):
        return parsed(self.header_bytes)

    @functools.cached_property
    def claims(self):
        return parsed(self.payload_bytes)

    @property
    def documents(self):
        return [self.header_bytes, self.payload_bytes]


def parsed(data):
    """A value; objects are Members. None when it is no JSON for anybody."""
    try:
        return json.loads(data.removeprefix(b"\xef\xbb\xbf"), object_pairs_hook=Members)
    except (ValueError, RecursionError):
        return None


def members_of(value):
    return value if isinstance(value, Members) else Members()


def walk(value, depth=0):
    """Every value of a document and how deep it lies."""
    yield value, depth
    if isinstance(value, Members):
        for _, one in value:
            yield from walk(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one, depth + 1)


def texts(document):
    for value, _ in walk(parsed(document)):
        if isinstance(value, str):
            yield value
        elif isinstance(value, Members):
            yield from (name for name, _ in value)


def is_text_or_texts(value):
    return isinstance(value, str) or (type(value) is list and all(isinstance(one, str) for one in value))


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def dates(token):
    return [value for name in ("exp", "nbf", "iat") for value in members_of(token.claims).named(name) if is_number(value)]


# --- we are stricter ------------------------------------------------------------------------------------------------


def unused_bits(token):
    def is_loose(part):
        if any(c not in BASE64URL for c in part) or len(part) % 4 == 1:
            return False
        data = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
        return base64.urlsafe_b64encode(data).rstrip(b"=") != part

    return any(is_loose(part) for part in token.parts)


def foreign_characters(token):
    foreign = {c for c in token.bytes if c not in BASE64URL + b"."}
    return bool(foreign) and foreign <= set(b" \t\n\r\f=+/")


def unencoded_payload_option(token):
    return bool(members_of(token.header).named("b64"))


def critical_without_extension(token):
    crit = members_of(token.header).last("crit")
    return isinstance(crit, list) and set(map(str, crit)) <= {"alg", "kid", "typ", "cty", "jwk", "jku", "x5u", "x5c", "x5t"}


def duplicate_member(token):
    def has_twice(document):
        objects = (value for value, _ in walk(parsed(document)) if isinstance(value, Members))
        return any(len({name for name, _ in one}) < len(one) for one in objects)

    return any(has_twice(document) for document in token.documents)


def lone_surrogate(token):
    return any("\ud800" <= c <= "\udfff" for document in token.documents for text in texts(document) for c in text)


def not_a_number(token):
    return any(re.search(rb"NaN|Infinity", document) for document in token.documents)


def number_beyond_double(token):
    def is_beyond(value):
        if isinstance(value, int) and not isinstance(value, bool):
            return abs(value) >= 2**1024
        return isinstance(value, float) and math.isinf(value)

    return any(is_beyond(value) for document in token.documents for value, _ in walk(parsed(document)))


def byte_order_mark(token):
    return any(document.startswith(b"\xef\xbb\xbf") for document in token.documents)


def other_encoding(token):
    return any(b"{\x00" in document for document in token.documents)


def curve_left_open(token):
    return members_of(token.header).last("alg") == "EdDSA" and not members_of(token.header).named("kid")


def header_member_type(token):
    return any(not isinstance(value, str) for name in ("kid", "typ", "cty") for value in members_of(token.header).named(name))


def long_key_id(token):
    return any(isinstance(value, str) and len(value.encode("utf-8", "replace")) > 128
               for value in members_of(token.header).named("kid"))


def encryption_members(token):
    names = {name for name, _ in members_of(token.header)}
    return bool(names & {"zip", "enc", "epk", "p2c", "p2s", "apu", "apv", "iv", "tag"})


def json_depth(token):
    return any(depth >= 8 and isinstance(value, list) for document in token.documents for value, depth in walk(parsed(document)))


def json_values(token):
    return any(sum(1 for _ in walk(parsed(document))) > 512 for document in token.documents)


def many_audiences(token):
    return any(isinstance(value, list) and len(value) > 16 for value in members_of(token.claims).named("aud"))


def long_header(token):
    return len(token.header_bytes) > 1024


def long_token(token):
    return len(token.bytes) > 8192


def type_of_another_kind(token):
    typ = members_of(token.header).last("typ")
    return isinstance(typ, str) and re.sub("^application/", "", typ.lower()) not in ("jwt", "at+jwt")


def nested_token(token):
    cty = members_of(token.header).last("cty")
    return isinstance(cty, str) and re.sub("^application/", "", cty.lower()) == "jwt"


def audience_not_text(token):
    aud = members_of(token.claims).last("aud")
    return type(aud) is list and not is_text_or_texts(aud) and any(one in AUDIENCES for one in aud if isinstance(one, str))


def claim_type(token):
    claims = members_of(token.claims)
    wrong = any(not isinstance(value, str) for name in ("sub", "jti", "client_id", "scope") for value in claims.named(name))
    return wrong or any(not is_text_or_texts(value) for value in claims.named("scp"))


def date_out_of_range(token):
    return any(not 0 <= value < 2**53 for value in dates(token))


def fraction_of_expiry(token):
    exp = members_of(token.claims).last("exp")
    return isinstance(exp, float) and math.isfinite(exp) and math.floor(exp) <= token.now < exp


def issued_in_the_future(token):
    iat = members_of(token.claims).last("iat")
    return is_number(iat) and iat > token.now


def mark_of_another_kind(token):
    names = {name for name, _ in members_of(token.claims)}
    return bool(names & {"events", "nonce", "at_hash", "c_hash", "s_hash", "htm", "htu", "txn", "req_wl"})


# --- they are stricter ----------------------------------------------------------------------------------------------


def header_of_512(token):
    return len(token.parts[0]) > 512


def unknown_header_member(token):
    known = {"alg", "kid", "typ", "cty", "crit", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256"}
    return bool({name for name, _ in members_of(token.header)} - known)


def unused_key_members(token):
    return any(members_of(token.header).named(name) for name in ("jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"))


def no_key_id(token):
    return not members_of(token.header).last("kid")


def algorithm_unknown(token):
    return members_of(token.header).last("alg") in ("ES256K", "Ed448")


def name_of_edwards_curve(token):
    names = (members_of(token.header).last("alg"), members_of(token.header).last("kid"))
    return names[0] == "Ed25519" or names == ("EdDSA", "ed448-1")


def fraction_of_start(token):
    starts = [members_of(token.claims).last(name) for name in ("nbf", "iat")]
    return any(isinstance(value, float) and math.floor(value) <= token.now < value for value in starts)
