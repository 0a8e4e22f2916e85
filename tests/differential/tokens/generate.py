"""Tokens as an attacker and a careless issuer would make them: sound ones, changed in their header, their claims, their
signature or their text. The same seed changes the same things; keys and signatures are new in every run.
"""

import base64
import dataclasses
import json
import random

from signers import SecretSigner, Signer, base64url, mac

NOW = 1_800_000_000  # seconds since 1970
ISSUER = "https://login.example"
AUDIENCES = ["https://api.example", "https://files.example"]
PUBLIC_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K", "EdDSA",
                     "Ed448"]
SECRET_ALGORITHMS = ["HS256", "HS384", "HS512"]


class Raw(str):
    """JSON text, or the text between the quotes of a member name, that is written as it stands."""


@dataclasses.dataclass
class Draft:
    """A token before it is signed and put together."""

    setting: str
    signer: object
    header: list  # of (name, value)
    claims: list
    now: int = NOW
    header_bytes: bytes = None  # in place of the header
    payload_bytes: bytes = None
    sign: object = None  # a function of the message, in place of the signer
    done: list = dataclasses.field(default_factory=list)  # the names of the changes


@dataclasses.dataclass(frozen=True)
class Case:
    setting: str
    now: int
    token: bytes
    done: tuple


HEADER, CLAIMS, SIGNATURE, TEXT = [], [], [], []


def change(kind):
    def enter(function):
        kind.append(function)
        return function

    return enter


# --- JSON that json.dumps would not write ---------------------------------------------------------------------------


def written(value):
    if isinstance(value, Raw):
        return str(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def written_object(members, space=""):
    pairs = (f'"{name}"' if isinstance(name, Raw) else json.dumps(name, ensure_ascii=False) for name, _ in members)
    text = f",{space}".join(f"{name}{space}:{space}{written(value)}" for name, (_, value) in zip(pairs, members))
    return ("{" + space + text + space + "}").encode("utf-8", "surrogatepass")


def put(members, name, value):
    """The member with this value, in its old place when it had one."""
    for i, (known, _) in enumerate(members):
        if known == name:
            members[i] = (name, value)
            return
    members.append((name, value))


def drop(members, *names):
    members[:] = [member for member in members if member[0] not in names]


def value_of(members, name):
    return next((value for known, value in members if known == name), None)


def insert_twice(members, name, value, source):
    """A second member of the name, before or behind the first, perhaps spelled with an escape."""
    spelled = Raw(name[:-1] + f"\\u{ord(name[-1]):04x}") if source.random() < 0.3 else name
    members.insert(source.randrange(len(members) + 1), (spelled, value))


ODD_VALUES = [None, True, False, 0, 1, -1, 1.5, "", "x", [], {}, ["x"], [1], {"a": 1}, [[]], "\x00", "é", "\U0001f511"]
ODD_JSON = [Raw(text) for text in (
    "1e999", "-0", "-0.0", "1E2", "1e-400", "01", "+1", ".5", "1.", "0x10", "NaN", "Infinity", "-Infinity", "nul", "True",
    "'x'", '"\\ud800"', '"\\udc00\\ud800"', '"\\x41"', '"a\tb"', '"\\u0000"', "9" * 400, "-" + "9" * 30, "[1,]", "[,]",
    '{"a":1,"a":2}', '{"a":1,"\\u0061":2}', "[" * 12 + "]" * 12, '{"a":' * 9 + "1" + "}" * 9, "", "1 2", "//", '"x" "y"')]
ODD_NAMES = ["", "__proto__", "constructor", "toString", "hasOwnProperty", "é", "\U0001f511", "a b", "x" * 200, "\x00",
             Raw("\\ud800"), Raw("\\u0061lg")]
BROKEN_DOCUMENTS = [
    lambda text: text + b" x", lambda text: text + b"{}", lambda text: text + b"\x00", lambda text: b"\xef\xbb\xbf" + text,
    lambda text: text[:-1], lambda text: text[1:], lambda text: b"[" + text + b"]", lambda text: b'"' + text + b'"',
    lambda _: b"null", lambda _: b"1", lambda _: b'"x"', lambda _: b"[]", lambda _: b"{}", lambda _: b"true",
    lambda text: text.replace(b'"', b"'"), lambda text: text.replace(b",", b",,", 1), lambda text: text[:-1] + b",}",
    lambda text: text[:-1] + b"/**/}", lambda text: b"//\n" + text, lambda text: text.decode().encode("utf-16"),
    lambda text: text.decode().encode("utf-16-le"), lambda text: text.decode().encode("utf-32"),
    lambda text: text.replace(b'":', b'\xff":', 1), lambda text: text.replace(b'":', b'\xc0\x80":', 1),
    lambda text: text.replace(b'":', b'\xed\xa0\x80":', 1), lambda text: b"\n\t\r " + text + b" \r\n\t",
    lambda text: b"\x0c" + text, lambda text: b"\xc2\xa0" + text, lambda text: text + b"\x0b",
    lambda text: text[:-1] + b',"a' + b"\x1f" + b'":1}', lambda text: text * 2, lambda text: text + b"," + text]


# --- header ---------------------------------------------------------------------------------------------------------

ALGORITHM_NAMES = ["none", "None", "NONE", "nOnE", "none\x00", " RS256", "RS256 ", "rs256", "ＲＳ256", "", "RS256\x00",
                   "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                   "ES512", "ES521", "ES256K", "EdDSA", "Ed25519", "Ed448", "RSA1_5", "RSA-OAEP", "dir", "A128KW",
                   "ML-DSA-44", "SHA256"]


@change(HEADER)
def alg_name(draft, source):
    put(draft.header, "alg", source.choice(ALGORITHM_NAMES))


@change(HEADER)
def alg_signed_as_named(draft, source):
    """Right signature of another algorithm, or by another name of its own, of the same key."""
    rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
    names = {"RS": rsa, "PS": rsa, "Ed": ["Ed25519", "Ed448", "EdDSA", "EdDSA"], "HS": SECRET_ALGORITHMS}
    algorithm = source.choice(names.get(draft.signer.algorithm[:2], ["ES256", "ES384", "ES512", "ES256K"]))
    put(draft.header, "alg", algorithm)
    if draft.signer.algorithm[:2] in ("RS", "PS", "HS"):
        draft.sign = lambda message: draft.signer.sign_as(algorithm, message)


@change(HEADER)
def alg_odd(draft, source):
    put(draft.header, "alg", source.choice(ODD_VALUES + ODD_JSON))


@change(HEADER)
def alg_twice(draft, source):
    insert_twice(draft.header, "alg", source.choice(["none", "HS256", value_of(draft.header, "alg")]), source)


@change(HEADER)
def member_absent(draft, source):
    drop(draft.header, source.choice(["alg", "kid", "typ", "kid"]))


@change(HEADER)
def key_id(draft, source):
    known = [signer.key_id for signers in SIGNERS.values() for signer in signers]
    strange = ["", "unknown", "RS256-1", "rs256-1 ", "../../rs256-1", "' OR 1=1 --", "rs256-1\x00", "k" * 128, "k" * 129, "é", 1, None]
    put(draft.header, "kid", source.choice(known + strange + ODD_VALUES + ODD_JSON))


@change(HEADER)
def key_id_twice(draft, source):
    insert_twice(draft.header, "kid", source.choice(["rs256-1", "unknown", None]), source)


@change(HEADER)
def type_name(draft, source):
    names = ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "application/jwt", "APPLICATION/JWT", "application/",
             "application/application/jwt", "JWT; v=1", " JWT", "dpop+jwt", "logout+jwt", "secevent+jwt", "id+jwt", "JOSE",
             "txntoken+jwt", "text/jwt", "JWT\x00", "Jwt"]
    put(draft.header, "typ", source.choice(names + ODD_VALUES + ODD_JSON))


@change(HEADER)
def content_type(draft, source):
    put(draft.header, "cty", source.choice(["JWT", "json", "application/json"] + ODD_VALUES + ODD_JSON))


@change(HEADER)
def critical(draft, source):
    names = source.choice([[], "x", ["x"], ["b64"], ["alg"], ["exp"], ["kid"], ["x", "x"], ["b64", "b64"], [1], [None],
                           [""], None, {}, 1, True, ["__proto__"], ["toString"], ["b64", "x"], [["b64"]]])
    put(draft.header, "crit", names)
    for name in ("x", "b64", "exp"):
        if source.random() < 0.5:
            put(draft.header, name, source.choice([True, False, 1, None, "x"]))


@change(HEADER)
def unencoded_payload(draft, source):
    put(draft.header, "b64", source.choice([True, False, None, 0, "false"]))
    if source.random() < 0.5:
        put(draft.header, "crit", ["b64"])


@change(HEADER)
def carried_key(draft, source):
    attacker = draft.signer if isinstance(draft.signer, SecretSigner) else ATTACKERS[draft.signer.algorithm]
    jwk = attacker.jwk() if isinstance(attacker, Signer) else {"kty": "oct", "k": base64url(b"k" * 32)}
    name, value = source.choice([("jwk", jwk), ("jwk", {"kty": "oct", "k": ""}), ("jku", "https://evil.example/keys"),
                                 ("x5u", "http://127.0.0.1/x"), ("x5c", ["MIIB"]), ("x5t", "AAAA"), ("x5t#S256", "x" * 43)])
    put(draft.header, name, source.choice([value, value, source.choice(ODD_VALUES)]))
    if source.random() < 0.5:
        draft.sign = attacker.sign


@change(HEADER)
def encryption_member(draft, source):
    name = source.choice(["zip", "enc", "epk", "p2c", "p2s", "apu", "apv", "iv", "tag"])
    put(draft.header, name, source.choice(["DEF", "A128GCM", 1_000_000_000, "x", {"kty": "EC"}, None]))


@change(HEADER)
def other_header_member(draft, source):
    name = source.choice(ODD_NAMES + ["url", "nonce", "iss", "client", "svt", "ppt"])
    put(draft.header, name, source.choice(ODD_VALUES + ODD_JSON))


@change(HEADER)
def large_header(draft, source):
    size = source.choice([300, 450, 512, 513, 600, 900, 1024, 1025, 3000])
    put(draft.header, "x", "x" * max(0, size - len(written_object(draft.header)) - 7))


@change(HEADER)
def broken_header(draft, source):
    draft.header_bytes = source.choice(BROKEN_DOCUMENTS)(written_object(draft.header))


@change(HEADER)
def spaced_header(draft, source):
    draft.header_bytes = written_object(draft.header, source.choice([" ", "\n", "\t", "\r\n"]))


@change(HEADER)
def confused_secret(draft, source):
    """An HMAC with the public key, that everyone knows, for its secret."""
    if isinstance(draft.signer, SecretSigner):
        secrets = [b"", b"\x00" * 32, b"secret"]
    else:
        secrets = [*draft.signer.public_texts(), b"", b"\x00" * 32]
    secret = source.choice(secrets)
    put(draft.header, "alg", "HS256")
    draft.sign = lambda message: mac(secret, message)


# --- claims ---------------------------------------------------------------------------------------------------------


def dates(source):
    near = [NOW, NOW - 1, NOW + 1, NOW + 0.5, NOW - 0.5, NOW + 300, NOW - 300, Raw(f"{NOW}.0"), Raw(f"{NOW + 1}.000"),
            Raw(f"{NOW}.999999999"), Raw("1.800000001e9"), Raw("1.8E+9"), Raw("18e8"), Raw("1.9e9"), Raw("19E8")]
    strange = [0, -1, 2**31, 2**32, 2**53 - 1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63), Raw("9" * 400),
               Raw("1e400"), Raw("1e15"), Raw("1e16"), Raw("1e300"), Raw("-0"), Raw("0.0"), Raw("1" + "0" * 400 + "e-391"),
               str(NOW + 300), f"{NOW + 300}.0", "9999999999"]
    return source.choice(near + near + strange + ODD_VALUES + ODD_JSON)


@change(CLAIMS)
def expiry(draft, source):
    put(draft.claims, "exp", dates(source))


@change(CLAIMS)
def other_date(draft, source):
    put(draft.claims, source.choice(["nbf", "iat"]), dates(source))


@change(CLAIMS)
def boundary(draft, source):
    """Times right at what is allowed."""
    put(draft.claims, source.choice(["exp", "nbf", "iat"]), source.choice([NOW - 1, NOW, NOW + 1]))
    draft.now = source.choice([NOW - 1, NOW, NOW + 1])


@change(CLAIMS)
def fraction(draft, source):
    put(draft.claims, source.choice(["exp", "nbf", "iat"]), NOW + source.choice([0.25, 0.5, 0.999]))


@change(CLAIMS)
def claim_absent(draft, source):
    drop(draft.claims, *source.sample(["iss", "aud", "exp", "sub", "iat", "scope"], source.choice([1, 1, 2])))


@change(CLAIMS)
def issuer(draft, source):
    names = [ISSUER + "/", ISSUER[:-1], ISSUER.upper(), "http://login.example", "https://login.example.evil.example",
             "login.example", [ISSUER], [ISSUER, "x"], {"iss": ISSUER}, Raw('"https:\\/\\/login.example"'),
             Raw('"https://login.\\u0065xample"'), "https://lоgin.example", ISSUER + "\x00", "\u200b" + ISSUER, ISSUER]
    put(draft.claims, "iss", source.choice(names + ODD_VALUES + ODD_JSON))


@change(CLAIMS)
def audience(draft, source):
    ours = AUDIENCES[0]
    values = [ours, [ours], AUDIENCES, [ours, ours], ["x", ours], [ours, 1], [1, ours], [ours, None], [[ours]], {"aud": ours},
              ours[:-1], ours + "/", ours.upper(), "http://api.example", [ours[:5], ours[5:]], f"{ours} x", f"{ours},x",
              ["x"] * 15 + [ours], ["x"] * 16 + [ours], [ours] * 17, [ours] * 40, Raw('"https:\\/\\/api.example"'), "https://аpi.example",
              [""], ["", ours], AUDIENCES[1]]
    put(draft.claims, "aud", source.choice(values + ODD_VALUES + ODD_JSON))


@change(CLAIMS)
def text_claim(draft, source):
    put(draft.claims, source.choice(["sub", "jti", "client_id", "scope", "scp"]), source.choice(ODD_VALUES + ODD_JSON))


@change(CLAIMS)
def mark_of_another_kind(draft, source):
    event = {"http://schemas.openid.net/event/backchannel-logout": {}}
    marks = [[("nonce", "n")], [("at_hash", "x" * 22)], [("c_hash", "x" * 22)], [("s_hash", "x" * 22)], [("events", event)],
             [("htm", "GET")], [("htu", "https://a.example/")], [("htm", "GET"), ("htu", "https://a.example/")],
             [("txn", "t")], [("txn", "t"), ("req_wl", "w")], [("req_wl", "w")]]
    for name, value in source.choice(marks):
        put(draft.claims, name, value)


@change(CLAIMS)
def confirmation(draft, source):
    values = [{"jkt": "x" * 43}, {"x5t#S256": "x" * 43}, {"jkt": 1}, {"kid": "x"}, {"jwk": {}}, {"jkt": "x" * 43, "x": 1}]
    put(draft.claims, "cnf", source.choice(values + ODD_VALUES))


@change(CLAIMS)
def claim_twice(draft, source):
    name, value = source.choice(draft.claims)
    other = source.choice([value, "x", NOW + 300, 0, None])
    if isinstance(name, Raw) or not name or not name.isascii():
        name = "sub"
    insert_twice(draft.claims, name, other, source)


@change(CLAIMS)
def other_claim(draft, source):
    name = source.choice(ODD_NAMES + ["tier", "roles", "permissions", "nested"])
    shapes = [["a", "b", "a"], ["a", 1], {"a": {"b": ["c"]}}, 2**53 + 1, 2**63 - 1, -(2**63), 2**63, 0.1, 1e300]
    put(draft.claims, name, source.choice(shapes + ODD_VALUES + ODD_JSON))


@change(CLAIMS)
def large_claims(draft, source):
    values = source.choice([100, 480, 490, 495, 500, 505, 520, 2000])
    put(draft.claims, "list", source.choice([[1] * values, "x" * (values * 10)]))


@change(CLAIMS)
def broken_payload(draft, source):
    draft.payload_bytes = source.choice(BROKEN_DOCUMENTS)(written_object(draft.claims))


@change(CLAIMS)
def spaced_payload(draft, source):
    draft.payload_bytes = written_object(draft.claims, source.choice([" ", "\n", "\t", "\r\n"]))


@change(CLAIMS)
def payload_of_bytes(draft, source):
    draft.payload_bytes = source.randbytes(source.choice([0, 1, 2, 3, 40, 200]))


# --- signature ------------------------------------------------------------------------------------------------------


@change(SIGNATURE)
def signature_edited(draft, source):
    signer, how = draft.sign or draft.signer.sign, source.randrange(9)

    def sign(message):
        signature = signer(message)
        place = source.randrange(len(signature))
        flipped = bytes([signature[place] ^ (1 << source.randrange(8))])
        half = len(signature) // 2
        return [signature[:place] + flipped + signature[place + 1 :], signature[:-1], signature + b"\x00", b"\x00" + signature,
                bytes(len(signature)), signature[::-1], signature[half:] + signature[:half], signature[: len(signature) // 2],
                signature[1:]][how]

    draft.sign = sign


@change(SIGNATURE)
def signature_by_another(draft, source):
    if isinstance(draft.signer, Signer):
        draft.sign = source.choice([ATTACKERS[draft.signer.algorithm].sign, source.choice(list(ATTACKERS.values())).sign])


@change(SIGNATURE)
def signature_of_another_message(draft, source):
    signer = draft.signer
    draft.sign = lambda message: signer.sign(message[:-1])


@change(SIGNATURE)
def signature_in_another_form(draft, source):
    signer = draft.signer
    if signer.algorithm.startswith("ES"):
        half = len(signer.sign(b"")) // 2
        one = (1).to_bytes(half, "big")
        draft.sign = source.choice([signer.sign_der, lambda _: bytes.fromhex("3006020100020100"), lambda _: one + one])
    elif signer.algorithm[:2] in ("RS", "PS"):
        salt = source.choice([0, 20, 31, 32, 33])
        draft.sign = source.choice([lambda message: signer.sign_pss(message, salt), lambda _: b"\xff" * 256])
    else:
        draft.sign = lambda _: source.randbytes(64)


# --- text -----------------------------------------------------------------------------------------------------------


@change(TEXT)
def padding(token, source):
    parts = token.split(b".")
    place = source.randrange(len(parts))
    parts[place] += source.choice([b"=" * (-len(parts[place]) % 4), b"=", b"==", b"===="])
    return b".".join(parts)


@change(TEXT)
def unused_bits(token, source):
    """Another last character that decodes to the same bytes, where there is one."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    parts = token.split(b".")
    loose = [i for i, part in enumerate(parts) if len(part) % 4 in (2, 3)]
    if not loose:
        return token
    place = source.choice(loose)
    last = alphabet.find(parts[place][-1:])
    bits = 15 if len(parts[place]) % 4 == 2 else 3
    parts[place] = parts[place][:-1] + alphabet[last ^ source.randint(1, bits) :][:1]
    return b".".join(parts)


@change(TEXT)
def foreign_byte(token, source):
    place = source.randrange(len(token) + 1)
    strange = source.choice([b" ", b"\t", b"\r", b"\n", b"\r\n", b"\x00", b"=", b"+", b"/", b"{", b'"', b"\x0b", b"\x0c", b"%",
                             b"\x80", b"\xff", b"\xc2\xa0", b"*", b"#", b"?", b",", b"\xef\xbb\xbf", b"~", b"!"])
    return token[:place] + strange + token[place + source.randrange(2) :]


@change(TEXT)
def outer_white_space(token, source):
    space = source.choice([b" ", b"\n", b"\r\n", b"\t", b"\x00"])
    return source.choice([token + space, space + token, space + token + space])


@change(TEXT)
def standard_alphabet(token, source):
    return token.replace(b"-", b"+").replace(b"_", b"/")


@change(TEXT)
def inner_white_space(token, source):
    """At an end of a part."""
    parts = token.split(b".")
    place = source.randrange(len(parts))
    space = source.choice([b" ", b"\n", b"\t", b"\r\n", b"\x0c"])
    parts[place] = source.choice([parts[place] + space, space + parts[place]])
    return b".".join(parts)


@change(TEXT)
def dots(token, source):
    parts = token.split(b".")
    return source.choice([token + b".", b"." + token, token.replace(b".", b"..", 1), b"..", b".", b"", b".".join(parts[:2]),
                          parts[0], token + b"." + parts[-1], token + b"." + parts[0] + b"." + parts[-1], b"." * 60_000,
                          b".".join(parts[:2]) + b".", b"." + b".".join(parts[1:]), parts[0] + b".." + parts[-1],
                          token.replace(b".", b"%2E"), b".".join(parts[::-1])])


@change(TEXT)
def wrapped(token, source):
    parts = (token.decode("latin-1").split(".") + ["", ""])[:3]
    flat = json.dumps({"protected": parts[0], "payload": parts[1], "signature": parts[2]})
    general = json.dumps({"payload": parts[1], "signatures": [{"protected": parts[0], "signature": parts[2]}]})
    return source.choice([b"Bearer " + token, token + b"," + token, flat.encode(), general.encode(), b'"' + token + b'"',
                          base64.urlsafe_b64encode(token), token + b";" + token])


@change(TEXT)
def byte_edited(token, source):
    if not token:
        return token
    place = source.randrange(len(token))
    return source.choice([token[:place] + token[place + 1 :], token[:place] + token[place : place + 1] + token[place:],
                          token[:place] + bytes([source.randrange(256)]) + token[place + 1 :], token[:place]])


@change(TEXT)
def bit_flipped(token, source):
    if not token:
        return token
    place = source.randrange(len(token))
    return token[:place] + bytes([token[place] ^ (1 << source.randrange(8))]) + token[place + 1 :]


# --- all together ---------------------------------------------------------------------------------------------------

SIGNERS = {}
ATTACKERS = {}


def make_keys():
    public = [Signer(name, f"{name.lower()}-1") for name in PUBLIC_ALGORITHMS]
    SIGNERS["public"] = [*public, Signer("RS256", "rs256-2")]
    ATTACKERS.update({signer.algorithm: Signer(signer.algorithm, signer.key_id) for signer in public})
    SIGNERS["secret"] = [SecretSigner(name, f"{name.lower()}-1") for name in SECRET_ALGORITHMS]


def settings():
    """What every judge is told before it judges."""
    common = {"issuer": ISSUER, "audiences": AUDIENCES}
    # Both names of the one algorithm (RFC 9864 §2.2).
    yield {"setting": "public", **common, "algorithms": [*PUBLIC_ALGORITHMS, "Ed25519"],
           "jwks": json.dumps({"keys": [signer.jwk() for signer in SIGNERS["public"]]})}
    yield {"setting": "secret", **common, "algorithms": SECRET_ALGORITHMS, "secrets": [
        {"kid": one.key_id, "alg": one.algorithm, "bytes": one.secret.hex()} for one in SIGNERS["secret"]]}


def sound_draft(source):
    setting = "secret" if source.random() < 0.2 else "public"
    signer = source.choice(SIGNERS[setting])
    header = [("alg", signer.algorithm), ("kid", signer.key_id), ("typ", source.choice(["JWT", "at+jwt"]))]
    claims = [("iss", ISSUER), ("aud", AUDIENCES[0]), ("sub", "ada"), ("exp", NOW + 300), ("iat", NOW - 60),
              ("scope", "orders:read orders:write"), ("tier", "gold")]
    return Draft(setting, signer, header, claims)


def put_together(draft):
    header = draft.header_bytes if draft.header_bytes is not None else written_object(draft.header)
    payload = draft.payload_bytes if draft.payload_bytes is not None else written_object(draft.claims)
    message = f"{base64url(header)}.{base64url(payload)}".encode()
    return message + b"." + base64url((draft.sign or draft.signer.sign)(message)).encode()


def generated(source):
    draft = sound_draft(source)
    changes = source.choices([HEADER, CLAIMS], [9, 11], k=source.choices([0, 1, 2, 3], [14, 64, 16, 6])[0])
    chosen = [source.choice(kind) for kind in changes]
    if source.random() < 0.06:
        chosen.append(source.choice(SIGNATURE))
    for one in chosen:
        one(draft, source)
    token = put_together(draft)
    if source.random() < (0.85 if not chosen else 0.06):
        chosen.append(source.choice(TEXT))
        token = chosen[-1](token, source)
    return Case(draft.setting, draft.now, token, tuple(one.__name__ for one in chosen))


def cases(seed, count):
    source = random.Random(seed)
    make_keys()
    return [generated(source) for _ in range(count)]
