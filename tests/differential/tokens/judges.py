"""Who judges: ours through token_verdicts, joserfc in this process, jose in a Node of its own. On each of two layers a
verdict is "OK" or an error, and what was found comes with it: the payload of a JWS, the claims of a JWT.
"""

import dataclasses
import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
LAYERS = ("jws", "jwt")
TIMEOUT_S = 240


@dataclasses.dataclass(frozen=True)
class Verdict:
    jws: str  # "OK", an error, or None: not asked
    payload: str  # hexadecimal digits
    jwt: str
    claims: dict


def asked_by_lines(command, settings, cases):
    questions = [{"in": case.setting, "now": case.now, "token": case.token.hex()} for case in cases]
    lines = "".join(json.dumps(line) + "\n" for line in [*settings, *questions])
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=TIMEOUT_S)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr}")
    # Not splitlines: jose writes U+2028 as it is.
    answers = [Verdict(**json.loads(line)) for line in done.stdout.rstrip("\n").split("\n")]
    assert len(answers) == len(cases), f"{command[0]} answered {len(answers)} of {len(cases)}"
    return answers


def ours(program, settings, cases):
    return asked_by_lines([program], settings, cases)


def jose(node, packages, settings, cases):
    return asked_by_lines([node, HERE / "jose_verdicts.mjs", packages], settings, cases)


class Joserfc:
    """As its documentation has it: decode with a key set and a list of algorithms, then a claims registry."""

    def __init__(self, settings):
        from joserfc.jwk import KeySet, OctKey

        self.settings = {}
        for one in settings:
            if "jwks" in one:
                keys = KeySet.import_key_set(json.loads(one["jwks"]))
            else:
                keys = KeySet([OctKey.import_key(bytes.fromhex(secret["bytes"]), {
                    "kid": secret["kid"], "alg": secret["alg"], "use": "sig"}) for secret in one["secrets"]])
            self.settings[one["setting"]] = (keys, one)

    def judge(self, case):
        keys, setting = self.settings[case.setting]
        return Verdict(**self.judge_jws(case, keys, setting), **self.judge_jwt(case, keys, setting))

    def judge_jws(self, case, keys, setting):
        from joserfc import jws

        try:
            found = jws.deserialize_compact(case.token, keys, setting["algorithms"])
            return {"jws": "OK", "payload": found.payload.hex()}
        except Exception as error:  # not all of its errors are of one class; any of them refuses the token
            return {"jws": said(error), "payload": None}

    def judge_jwt(self, case, keys, setting):
        from joserfc import jwt

        rules = jwt.JWTClaimsRegistry(
            now=case.now,
            iss={"essential": True, "value": setting["issuer"]},
            aud={"essential": True, "values": setting["audiences"]},
            exp={"essential": True},
        )
        try:
            found = jwt.decode(case.token, keys, setting["algorithms"])
            rules.validate(found.claims)
            return {"jwt": "OK", "claims": found.claims}
        except Exception as error:
            return {"jwt": said(error), "claims": None}


def joserfc(settings, cases):
    judge = Joserfc(list(settings))
    return [judge.judge(case) for case in cases]


def said(error):
    return f"{type(error).__name__}: {error}"[:120]
