"""The package is typed, and the types are true."""

import importlib.util
import subprocess
import sys

import pytest

needs_mypy = pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is absent")


def run(tmp_path, *arguments):
    # Elsewhere than in the sources, so that the installed package is checked.
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr


@needs_mypy
def test_the_package_passes_strict_checking(tmp_path):
    run(tmp_path, "mypy", "--strict", "--warn-unreachable", "-p", "ostiary", "-p", "ostiary_pytest")


@needs_mypy
def test_the_stubs_match_the_compiled_module(tmp_path):
    run(tmp_path, "mypy.stubtest", "ostiary")


USER = """
import datetime
from typing import Any, List, Mapping, Optional, Tuple, Union
import ostiary

claims: Mapping[str, Any] = ostiary.TokenVerifier(
    jwks={"keys": []}, issuer="i", audience=["a"], algorithms=("RS256",)
).verify(b"token", now=datetime.datetime.now(datetime.timezone.utc))
gate: ostiary.Gate = ostiary.Gate.load(ostiary.Gate.compile("{}").image()).with_keys({"x": ostiary.KeySet("{}")})
decision: ostiary.Decision = gate.decide(ostiary.Head("GET", b"/", [("host", b"a")]), now=1.5, peer="::1")
allowed: bool = decision.allowed
headers: List[Tuple[str, bytes]] = decision.set_headers
path: Optional[str] = ostiary.inspect(bytearray()).path
reason: ostiary.Reason = ostiary.inspect(memoryview(b"")).findings[0].reason
seen: Optional[ostiary.Inspection] = ostiary.HeadReader(scheme="https", waive=[reason]).feed(bytearray())
asked = ostiary.inspect_bytes(b"", waive=(ostiary.Reason.BODY_UNEXPECTED,))
cookie: Optional[str] = asked.cookies.get("a")
parameter: Optional[ostiary.Parameter] = asked.parameter("a", plus_is_space=True)
client: ostiary.Client = asked.client(None, ostiary.ClientPolicy.trusted_blocks(["10.0.0.0/8"], field="forwarded"))
head: bytes = asked.emit([("x-a", b"1"), ("x-b", None)], decision=decision, waive=gate.waived)
members: List[Union[ostiary.Item, ostiary.InnerList]] = ostiary.parse_list([b"1", b"2"])
"""

WRONG = [
    "ostiary.inspect('text')",
    "ostiary.TokenVerifier(jwks='', issuer='', audience='')",
    "ostiary.Gate.load('text')",
    "ostiary.Gate.compile('').decide(b'', now='now')",
    "ostiary.Gate.compile('').decide(b'').allowed = True",
    "ostiary.Reason.UNHEARD_OF",
    "ostiary.inspect(b'', scheme='ftp')",
    "ostiary.inspect(b'').parameters()",
    "ostiary.ClientPolicy.trusted_hops('1')",
]


@needs_mypy
def test_users_are_checked_against_the_types(tmp_path):
    (tmp_path / "user.py").write_text(USER)
    run(tmp_path, "mypy", "--strict", "user.py")
    (tmp_path / "wrong.py").write_text("import ostiary\n" + "\n".join(WRONG) + "\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "wrong.py"], cwd=tmp_path, capture_output=True, text=True
    )
    refused = {int(line.split(":")[1]) - 2 for line in done.stdout.splitlines() if ": error:" in line}
    # An attribute that is set in __slots__ style cannot be told to be final to a checker of every version.
    assert refused | {4} == set(range(len(WRONG))), done.stdout
