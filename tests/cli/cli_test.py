#!/usr/bin/env python3
"""Tests the `ostiary` command as its users see it.

Usage: cli_test.py BINARY [unittest arguments]
"""

import base64
import calendar
import hashlib
import hmac
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHOP = ROOT / "examples/shop"
GATE, KEYS, CASES = SHOP / "gate.json", SHOP / "keys.json", SHOP / "cases.json"
TABLE = SHOP / "gate-tests.json"
BINARY = ""
NOW = json.loads(CASES.read_text())["now"]
YES, NO, USAGE, BROKEN = 0, 1, 2, 3

DECIDE = ["decide", "--gate", GATE, "--keys", f"shop-id={KEYS}"]
VERIFY = ["verify", "--jwks", KEYS, "--issuer", "https://id.shop.example", "--audience", "https://api.shop.example",
          "--algorithm", "RS256", "--algorithm", "ES256", "--algorithm", "EdDSA"]
REQUEST = b"GET /orders HTTP/1.1\r\nHost: api.shop.example\r\n\r\n"


def run(*arguments, stdin=b"", **options):
    return subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, timeout=60, **options)


class CliTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def ends(self, result, status):
        self.assertEqual(result.returncode, status, f"{result.args}\n{result.stdout!r}\n{result.stderr!r}")
        self.assert_tame(result.stdout + result.stderr)
        return result

    def says(self, status, text, *arguments, stdin=b""):
        """An error: the exit status, nothing on standard output, and a message that holds `text`."""
        result = self.ends(run(*arguments, stdin=stdin), status)
        self.assertEqual(result.stdout, b"")
        self.assertIn(str(text), result.stderr.decode())
        return result

    def json_of(self, status, *arguments, stdin=b""):
        return json.loads(self.ends(run(*arguments, "--json", stdin=stdin), status).stdout)

    def assert_tame(self, output):
        """Nothing that a terminal would obey."""
        wild = re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", output.decode())
        self.assertIsNone(wild, output)


class HelpTest(CliTest):
    SUBCOMMANDS = (["inspect"], ["verify"], ["decide"], ["gate"], ["gate", "compile"], ["gate", "inspect"],
                   ["gate", "keygen"], ["gate", "sign"], ["gate", "verify"], ["gate", "check"], ["gate", "diff"],
                   ["gate", "who-can"], ["gate", "lint"], ["boundary"], ["boundary", "review"],
                   ["boundary", "verify"], ["trust"], ["trust", "lint"], ["trust", "check"],
                   ["reasons"])

    def test_version(self):
        self.assertRegex(self.ends(run("--version"), YES).stdout.decode(), r"^ostiary \d+\.\d+\.\d+\n$")

    def test_help_documents_every_exit_status(self):
        text = self.ends(run("--help"), YES).stdout.decode()
        for line in ("  0  allowed", "  1  denied", "  2  wrong arguments", "  3  a Gate or a key set"):
            self.assertIn(line, text)

    def test_every_subcommand_has_help_with_an_example(self):
        for words in self.SUBCOMMANDS:
            with self.subTest(words):
                text = self.ends(run(*words, "--help"), YES).stdout.decode()
                self.assertRegex(text, r"\nExamples?:\n(  .*ostiary .*)")

    def test_the_examples_in_the_help_work_when_copied(self):
        for words in ([], *self.SUBCOMMANDS):
            text = run(*words, "--help").stdout.decode()
            block = re.search(r"\nExamples?:\n((?:  .*\n)+)", text)[1]
            for command in re.sub(r"\\\n", " ", block).splitlines():
                with self.subTest(command):
                    command = command.replace("ostiary ", f"'{BINARY}' ")
                    folder = tempfile.mkdtemp(dir=self.folder)
                    command = re.sub(r"\b(shop\.gate|(?:gate|ann)\.(?:key|pub)|receipt\.json)", rf"{folder}/\1", command)
                    result = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, timeout=60)
                    self.assertEqual((result.returncode, result.stderr), (YES, b""))

    def test_wrong_arguments_end_with_2_and_name_the_help(self):
        for words in ([], ["nonsense"], ["decide"], ["verify"], ["gate"], ["gate", "compile"], ["inspect", "a", "b"],
                      ["trust"], ["trust", "lint"], ["trust", "lint", ""], ["trust", "check", "g"],
                      ["gate", "keygen"], ["gate", "keygen", "--private", "k"], ["gate", "sign", "a", "-o", "b"],
                      ["gate", "verify", "a"], ["gate", "verify", "a", "--key", ""], ["gate", "check", "a"],
                      ["gate", "check", "a", "--within", ""], ["gate", "diff", "a"],
                      ["gate", "diff", "a", "b", "--markdown", "--json"], ["gate", "who-can"], ["gate", "lint"],
                      ["gate", "verify", "a", "--key", "b", "--version-min", "-1"],
                      ["gate", "verify", "a", "--key", "b", "--boundary", ""],
                      ["gate", "verify", "a", "--key", "b", "--reviews-min", "0"],
                      ["gate", "compile", "a", "-o", "b", "--receipt", "c"],
                      ["gate", "compile", "a", "-o", "b", "--reviewer-key", "c"],
                      ["gate", "compile", "a", "-o", "b", "--reviews-min", "1"],
                      ["gate", "compile", "a", "-o", "b", "--within", "c", "--receipt", "d"],
                      ["gate", "compile", "a", "-o", "b", "--within", "c", "--reviewer-key", "d"],
                      ["boundary"], ["boundary", "review", "a", "--key", "b"], ["boundary", "review", "a", "-o", "b"],
                      ["boundary", "verify", "a", "--reviewer-key", "b"], ["boundary", "verify", "a", "b"],
                      ["boundary", "verify", "a", "b", "--reviewer-key", "c", "--reviews-min", "17"],
                      ["inspect", "--nonsense"], [*DECIDE, "--image", "--json"], [*DECIDE, "--cases", CASES, "file"],
                      [*DECIDE, "--peer", ""], [*DECIDE, "--cases", ""], ["decide", "--gate", ""],
                      [*VERIFY, "--issuer", "twice"], [*VERIFY, "--audience", ""]):
            with self.subTest(words):
                self.says(USAGE, " --help", *words)

    def test_times_are_plain_decimal_numbers(self):
        for text in ("-1", "0x10", "1e9", "1 ", "", "now", "9007199254740992", "99999999999999999999"):
            with self.subTest(text):
                self.says(USAGE, "--now", *DECIDE, "--now", text, stdin=REQUEST)
        self.ends(run(*DECIDE, "--now", "9007199254740991", stdin=REQUEST), NO)
        self.assertEqual(self.json_of(NO, *VERIFY, "--now", "010", stdin=b"a")["reason"]["name"], "TOKEN_SEGMENTS")


class InspectTest(CliTest):
    def test_table_names_every_part(self):
        head = b"POST /a/%7Eb?x=1 HTTP/1.1\r\nHost: Api.Shop.Example:8443\r\nContent-Length: 12\r\n\r\n" + b"x" * 12
        text = self.ends(run("inspect", stdin=head), YES).stdout.decode()
        for line in (r"method +POST", r"target +/a/%7Eb\?x=1", r"path +/a/~b", r"query +x=1",
                     r"host +api\.shop\.example", r"port +8443", r"framing +content-length 12", r" 27  Host +host, end-to-end +Api",
                     r"PATH_NORMALISED_ESCAPE +1041 +shape"):
            self.assertRegex(text, line)

    def test_json_of_a_complete_head(self):
        json_ = self.json_of(YES, "inspect", stdin=REQUEST + b"the body is not looked at")
        self.assertEqual(json_["verdict"], "complete")
        self.assertEqual(json_["head_size"], len(REQUEST))
        self.assertEqual((json_["method"], json_["path"], json_["host"]), ("GET", "/orders", "api.shop.example"))
        self.assertIsNone(json_["query"])
        self.assertEqual([field["name"] for field in json_["fields"]], ["Host"])
        self.assertEqual((json_["offset"], json_["clause"], json_["version"], json_["scheme"], json_["target_form"]),
                         (None, None, "HTTP/1.1", None, "origin"))
        self.assertEqual((json_["authorization"], json_["authority"], json_["port"], json_["content_length"]), (None,) * 4)
        self.assertEqual((json_["parameters"], json_["cookies"], json_["to_waive"], json_["findings"]), ([],) * 4)

    def test_an_empty_query_is_not_an_absent_one(self):
        self.assertEqual(self.json_of(YES, "inspect", stdin=REQUEST.replace(b"/orders", b"/orders?"))["query"], "")

    def test_rejection_tells_reason_and_place(self):
        result = self.ends(run("inspect", stdin=REQUEST.replace(b"\r\nHost", b"\r\nBad header\r\nHost")), NO)
        text = result.stdout.decode()
        self.assertRegex(text, r"verdict +rejected\nreason +FIELD_\w+ \(\d+\)")
        self.assertRegex(text, r"place +byte \d+ \(line 2, column \d+\)")
        json_ = self.json_of(NO, "inspect", stdin=b"GET /%00 HTTP/1.1\r\n")
        self.assertEqual(json_["reason"], {"number": 1033, "name": "PATH_CONTROL"})
        self.assertEqual(json_["findings"][-1]["disposition"], "reject")
        self.assertNotIn("path", json_)

    def test_incomplete_and_empty_heads(self):
        self.assertEqual(self.json_of(NO, "inspect", stdin=REQUEST[:-1])["verdict"], "incomplete")
        self.assertEqual(self.json_of(NO, "inspect", stdin=b"")["reason"]["name"], "HEAD_EMPTY")

    def test_file_hyphen_and_absent_are_the_same(self):
        path = self.file("a.http", REQUEST)
        results = [run("inspect", path), run("inspect", "-", stdin=REQUEST), run("inspect", stdin=REQUEST)]
        self.assertEqual(len({(result.returncode, result.stdout) for result in results}), 1)

    def test_a_file_may_have_the_name_of_a_subcommand(self):
        self.file("gate", REQUEST)
        self.ends(run("inspect", "gate", cwd=self.folder), YES)

    def test_huge_and_endless_input(self):
        self.assertEqual(self.json_of(NO, "inspect", "/dev/zero")["reason"]["name"], "METHOD_MALFORMED")
        endless = REQUEST[:-2] + b"X: " + b"y" * 10_000_000
        self.assertEqual(self.json_of(NO, "inspect", stdin=endless)["reason"]["name"], "HEAD_TOO_LARGE")
        self.ends(run("inspect", stdin=REQUEST + b"y" * 10_000_000), YES)

    def test_bytes_from_the_request_cannot_drive_the_terminal(self):
        head = REQUEST[:-2] + b"X: \x9b31m caf\xc3\xa9 back\\slash \xff\r\n\r\n"
        text = self.ends(run("inspect", stdin=head), YES).stdout.decode()
        self.assertIn(r"\x9b31m caf\xc3\xa9 back\x5cslash \xff", text)
        value = self.json_of(YES, "inspect", stdin=head)["fields"][1]["value"]
        self.assertEqual(value, r"\x9b31m caf\xc3\xa9 back\x5cslash \xff")
        for hostile in (b"\x1b[2J\x1b]0;title\x07", b"GET /\x1b[31m HTTP/1.1\r\n", b"GET / HTTP/1.1\r\n\x1b: a\r\n",
                        bytes(range(256)), b"\x00" * 100, b"\xff\xfe" * 100):
            with self.subTest(hostile):
                self.ends(run("inspect", stdin=hostile), NO)
                self.json_of(NO, "inspect", stdin=hostile)

    def test_credentials_are_not_shown(self):
        head = REQUEST[:-2] + b"AUTHORIZATION: Bearer s3cret\r\nCookie: s=s3cret\r\nDPoP: s3cret\r\n\r\n"
        for form in ([], ["--json"]):
            output = self.ends(run("inspect", *form, stdin=head), YES).stdout
            self.assertNotIn(b"s3cret", output)
        self.assertEqual([field["value_size"] for field in json.loads(output)["fields"]][1:], [13, 8, 6])

    def test_unreadable_files_are_named(self):
        self.says(USAGE, "nowhere.http: No such file", "inspect", self.folder / "nowhere.http")
        self.says(USAGE, f"{self.folder}: Is a directory", "inspect", self.folder)
        self.says(USAGE, r"a\x1b[31mb: No such file", "inspect", "a\x1b[31mb")

    def test_every_request_of_the_shop(self):
        for path in sorted((SHOP / "requests").iterdir()):
            with self.subTest(path.name):
                result = run("inspect", path, "--json")
                self.ends(result, YES if json.loads(result.stdout)["verdict"] == "complete" else NO)
                self.ends(run("inspect", path), result.returncode)
                for token in re.findall(rb"ey[\w.-]{30,}", path.read_bytes()):
                    self.assertNotIn(token[-30:], result.stdout)


class InspectOptionsTest(CliTest):
    """The options of `ostiary inspect`, and the members that they change."""

    def head(self, *lines, request=b"GET / HTTP/1.1"):
        return b"\r\n".join([request, b"Host: api.shop.example", *lines, b"", b""])

    def client(self, *arguments, stdin):
        return self.json_of(YES, "inspect", *arguments, stdin=stdin)["client"]

    def test_the_scheme_takes_its_own_port_off(self):
        head = self.head().replace(b"example", b"example:443")
        for scheme, port in (("http", 443), ("https", None)):
            json_ = self.json_of(YES, "inspect", "--scheme", scheme, stdin=head)
            self.assertEqual((json_["scheme"], json_["port"]), (scheme, port))
        self.assertEqual(self.json_of(YES, "inspect", stdin=head)["port"], 443)
        for scheme in ("ftp", "HTTP", ""):
            self.says(USAGE, "--scheme", "inspect", "--scheme", scheme, stdin=head)

    def test_a_waived_rule_is_left_to_the_route(self):
        head = self.head(b"Content-Length: 3")
        refused = self.json_of(NO, "inspect", "--waive", "PATH_UTF8", stdin=head)
        self.assertEqual((refused["reason"]["name"], refused["clause"]), ("BODY_UNEXPECTED", "RFC 9110 §9.3.1"))
        arguments = ["inspect", "--waive", "PATH_UTF8", "--waive", "BODY_UNEXPECTED"]
        self.assertEqual(self.json_of(YES, *arguments, stdin=head)["to_waive"], ["BODY_UNEXPECTED"])
        self.assertRegex(run(*arguments, stdin=head).stdout.decode(), r"\nto waive +BODY_UNEXPECTED\n")
        self.assertNotIn(b"to waive", run(*arguments, stdin=self.head()).stdout)

    def test_a_rule_that_cannot_be_waived_is_a_usage_error(self):
        rules = self.json_of(YES, "reasons", "--findings")["rules"]
        waivable = ", ".join(rule["reason"]["name"] for rule in rules if rule["waivable"])
        for name in ("HOST_MISSING", "NONSENSE\x1b", "body_unexpected", "TOKEN_EXPIRED", "UPGRADE_REFUSED,PATH_UTF8"):
            self.says(USAGE, f"These can be: {waivable}\n", "inspect", "--waive", name, stdin=REQUEST)
        self.says(USAGE, "--waive", "inspect", "--waive", "", stdin=REQUEST)
        for rule in rules:
            if rule["waivable"]:
                self.ends(run("inspect", "--waive", rule["reason"]["name"], stdin=REQUEST), YES)

    def test_the_client_is_the_peer_when_nobody_is_trusted(self):
        head = self.head(b"X-Forwarded-For: 192.0.2.9")
        nobody = {"address": None, "family": None, "source": "peer", "trusted_peer": False, "fell_back": False,
                  "hops_skipped": 0, "findings": []}
        self.assertEqual(self.client(stdin=head), nobody)
        self.assertEqual(self.client("--peer", "2001:DB8:0::1", stdin=head),
                         {**nobody, "address": "2001:db8::1", "family": "ipv6"})
        text = run("inspect", "--peer", "203.0.113.7", stdin=head).stdout.decode()
        self.assertRegex(text, r"\nclient +203\.0\.113\.7, the peer\n")

    def test_trusted_hops_count_from_the_right(self):
        head = self.head(b"X-Forwarded-For: 198.51.100.1, 192.0.2.9, 10.0.0.4")
        for hops, address in ((1, "10.0.0.4"), (2, "192.0.2.9"), (3, "198.51.100.1")):
            client = self.client("--trusted-hops", hops, stdin=head)
            self.assertEqual((client["address"], client["source"], client["hops_skipped"], client["trusted_peer"]),
                             (address, "x-forwarded-for", hops - 1, True))
        client = self.client("--trusted-hops", 4, "--peer", "10.0.0.8", stdin=head)
        self.assertEqual((client["address"], client["fell_back"], client["source"]), ("10.0.0.8", True, "peer"))
        self.assertEqual([finding["reason"]["name"] for finding in client["findings"]], ["CLIENT_HOPS_MISSING"])
        text = run("inspect", "--trusted-hops", 4, "--peer", "10.0.0.8", stdin=head).stdout.decode()
        self.assertIn("10.0.0.8, the trusted peer, which does not say who is asking\n", text)
        self.assertRegex(text, r"\n +\d+  CLIENT_HOPS_MISSING +1121 +flag")
        for count in ("0", "65", "-1", "1x", ""):
            self.says(USAGE, "--trusted-hops: expected a whole number from 1 to 64", "inspect", "--trusted-hops", count)

    def test_trusted_blocks_end_at_the_first_stranger(self):
        head = self.head(b"X-Forwarded-For: 10.0.0.1, 192.0.2.9", b"X-Forwarded-For: 2001:db8::5, 10.0.0.4")
        blocks = ["--trusted-block", "10.0.0.0/8", "--trusted-block", "2001:db8::/32", "--trusted-block", "10.0.0.0/8"]
        client = self.client("--peer", "10.0.0.8", *blocks, stdin=head)
        self.assertEqual((client["address"], client["hops_skipped"]), ("192.0.2.9", 2))
        text = run("inspect", "--peer", "10.0.0.8", *blocks, stdin=head).stdout.decode()
        self.assertIn("192.0.2.9, from x-forwarded-for, 2 hops skipped\n", text)
        stranger = self.client("--peer", "203.0.113.7", *blocks, stdin=head)
        self.assertEqual((stranger["address"], stranger["trusted_peer"]), ("203.0.113.7", False))
        both = ["--trusted-hops", 1, *blocks]
        self.assertEqual(self.client("--peer", "10.0.0.8", *both, stdin=head)["address"], "10.0.0.4")
        self.assertEqual(self.client("--peer", "203.0.113.7", *both, stdin=head)["address"], "203.0.113.7")

    def test_forwarded_is_read_only_when_asked_for(self):
        head = self.head(b"X-Forwarded-For: 192.0.2.9", b'Forwarded: for="[2001:db8::7]:443";proto=https')
        client = self.client("--trusted-hops", 1, "--forwarded", stdin=head)
        self.assertEqual((client["address"], client["source"]), ("2001:db8::7", "forwarded"))
        self.assertEqual(self.client("--trusted-hops", 1, stdin=head)["address"], "192.0.2.9")

    def test_the_platform_field_names_the_client(self):
        head = self.head(b"CF-Connecting-IP: 192.0.2.9")
        client = self.client("--platform-field", "cf-connecting-ip", stdin=head)
        self.assertEqual((client["address"], client["source"]), ("192.0.2.9", "platform-field"))
        absent = self.client("--platform-field", "True-Client-IP", "--peer", "10.0.0.8", stdin=head)
        self.assertEqual((absent["address"], absent["fell_back"]), ("10.0.0.8", True))
        self.assertEqual(absent["findings"][0]["reason"]["name"], "CLIENT_FIELD_MALFORMED")
        for name in ("via", "x-nonsense", "Host"):
            self.says(USAGE, "expected one of cf-connecting-ip, ", "inspect", "--platform-field", name, stdin=head)

    def test_wrong_addresses_and_blocks_are_named(self):
        for peer in ("x\x1b", "10.0.0.8:80", "[::1]", "010.0.0.1", "10.0.0.0/8", "fe80::1%eth0"):
            self.says(USAGE, "USAGE_PEER", "inspect", "--peer", peer, stdin=REQUEST)
            self.says(USAGE, "USAGE_PEER", "inspect", "--peer", peer, stdin=b"")
        for block in ("10.0.0.1/8", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/08", "x/8", "::ffff:10.0.0.0/104"):
            self.says(USAGE, f"--trusted-block {block}: USAGE_ADDRESS_BLOCK", "inspect", "--peer", "10.0.0.8",
                      "--trusted-block", block, stdin=REQUEST)

    def test_options_that_contradict_each_other(self):
        for first, second, arguments in (
                ("--json", "--emit", ["--emit", "--json"]),
                ("--show-values", "--emit", ["--emit", "--show-values"]),
                ("--trusted-hops", "--platform-field", ["--platform-field", "x-real-ip", "--trusted-hops", 1]),
                ("--forwarded", "--platform-field", ["--platform-field", "x-real-ip", "--forwarded"]),
                ("--forwarded", "--trusted-hops or --trusted-block", ["--forwarded", "--peer", "10.0.0.8"]),
                ("--trusted-block", "--peer", ["--trusted-block", "10.0.0.0/8"])):
            result = self.says(USAGE, first, "inspect", *arguments, stdin=REQUEST)
            self.assertRegex(result.stderr.decode(), rf"{first} (excludes|requires) {second}\nTry: ostiary inspect --help")

    def test_emit_writes_the_forwarded_head_and_nothing_else(self):
        head = self.head(b"X-Forwarded-For: 192.0.2.9", b"X-HTTP-Method: DELETE", b"Connection: close, X-Private",
                         b"X-Private: 1", b"Cookie: s=s3cret", b"Caf: \xe9",
                         request=b"GET /a/../%7eb?x=%7e HTTP/1.0").replace(b"api.shop", b"API.Shop")
        start = b"GET /~b?x=%7e HTTP/1.1\r\nHost: api.shop.example\r\n"
        end = b"Cookie: s=s3cret\r\nCaf: \xe9\r\n\r\n"
        result = run("inspect", "--emit", stdin=head + b"the body")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (YES, start + end, b""))
        trusted = run("inspect", "--emit", "--peer", "10.0.0.8", "--trusted-block", "10.0.0.0/8", stdin=head)
        self.assertEqual(trusted.stdout, start + b"X-Forwarded-For: 192.0.2.9\r\n" + end)
        self.assertEqual(run("inspect", "--emit", stdin=result.stdout).stdout, result.stdout)

    def test_emit_of_what_is_not_forwarded(self):
        head = self.head(b"Content-Length: 3")
        self.says(NO, "standard input: rejected at byte ", "inspect", "--emit", stdin=head)
        self.says(NO, ": BODY_UNEXPECTED (1085): ", "inspect", "--emit", stdin=head)
        self.says(NO, "standard input: incomplete at byte 5 (line 1, column 6): HEAD_INCOMPLETE", "inspect", "--emit",
                  stdin=b"GET /")
        waived = run("inspect", "--emit", "--waive", "BODY_UNEXPECTED", stdin=head)
        self.assertEqual((waived.returncode, waived.stdout), (YES, head))

    def test_fields_have_their_kind(self):
        json_ = self.json_of(YES, "inspect", stdin=self.head(b"X-Real-IP: 192.0.2.9", b"x-http-method: PUT", b"Nobody: 1",
                                                            b"Connection: close"))
        kinds = [(field["known"], field["cardinality"], field["traits"]) for field in json_["fields"]]
        self.assertEqual(kinds, [("host", "host", ["end-to-end"]),
                                 ("x-real-ip", "singleton", ["end-to-end", "trusted-only"]),
                                 ("x-http-method", "singleton", ["forbidden"]), (None, None, []),
                                 ("connection", "connection", ["hop-by-hop"])])

    def test_every_known_field_is_shown_as_registered(self):
        for field in json.loads((ROOT / "src/http/fields.json").read_text())["fields"]:
            name = field["name"]
            if name in ("host", "connection", "upgrade", "expect", "content-length", "transfer-encoding"):
                continue
            shown = self.json_of(YES, "inspect", stdin=self.head(name.title().encode() + b": 1"))["fields"][1]
            self.assertEqual((shown["known"], shown["cardinality"]), (name, field["cardinality"]))
            self.assertEqual(sorted(shown["traits"]), sorted(field["traits"]))

    def test_parameters_are_decoded_once(self):
        head = self.head(request=b"GET /?a%5B%5D=b+%2541&&flag&x=&x=%00 HTTP/1.1")
        parameters = self.json_of(YES, "inspect", stdin=head)["parameters"]
        self.assertEqual([p["name"] for p in parameters], ["a[]", "flag", "x", "x"])
        self.assertEqual([p["value"] for p in parameters], ["b+%41", None, "", r"\x00"])
        self.assertEqual([p["value_of_form"] for p in parameters], ["b %41", None, "", r"\x00"])
        self.assertEqual([p["raw_value"] for p in parameters], ["b+%2541", None, "", "%00"])
        self.assertEqual([p["has_value"] for p in parameters], [True, False, True, True])
        self.assertEqual([p["offset"] for p in parameters], [6, 23, 28, 31])
        self.assertEqual([p["reason"]["name"] for p in parameters], ["OK", "OK"] + 2 * ["PARAMETER_DUPLICATE"])
        text = run("inspect", stdin=head).stdout.decode()
        self.assertRegex(text, r"\n     6  a\[\] +b\+%41 +a%5B%5D=b\+%2541\n    23  flag +-\n")

    def test_more_parameters_than_the_limit(self):
        json_ = self.json_of(YES, "inspect", stdin=self.head(request=b"GET /?" + b"a&" * 257 + b" HTTP/1.1"))
        self.assertEqual((json_["parameters"], json_["parameters_reason"]["name"]), ([], "PARAMETER_TOO_MANY"))

    def test_an_ambiguous_path_is_shown_through_its_lenses(self):
        self.assert_lenses("/a;x/..;/b", [], "/a;x/..;/b", [("matrix", "PATH_MATRIX_PARAMETER", "/b")])
        self.assert_lenses("/a//../b", [], "/a/b", [("nginx", "PATH_AMBIGUOUS_SLASHES", "/b")])
        self.assert_lenses("/a/%252e%252e/b", [], "/a/%252e%252e/b", [("double-decode", "PATH_DOUBLE_ENCODED", "/b")])
        self.assert_lenses("/a%2F..%2Fb", ["--waive", "PATH_ENCODED_SEPARATOR"], "/a%2F..%2Fb",
                           [("nginx", "PATH_ENCODED_SEPARATOR", "/b"), ("backslash", "PATH_ENCODED_SEPARATOR", "/b")])

    def assert_lenses(self, target, arguments, path, lenses):
        head = self.head(request=f"GET {target} HTTP/1.1".encode())
        json_ = self.json_of(YES, "inspect", *arguments, stdin=head)
        self.assertEqual((json_["path"], json_["ambiguous_path"]), (path, True))
        self.assertEqual([(lens["lens"], lens["rule"]["name"], lens["path"]) for lens in json_["lenses"]], lenses)
        marks = {"PATH_MATRIX_PARAMETER": b";", "PATH_DOUBLE_ENCODED": b"%25", "PATH_ENCODED_SEPARATOR": b"%2F"}
        for lens in json_["lenses"]:
            if mark := marks.get(lens["rule"]["name"]):
                self.assertEqual(lens["offset"], head.index(mark))
        self.assertEqual([lens["differs"] for lens in json_["lenses"]], [lens[2] != path for lens in lenses])
        text = run("inspect", *arguments, stdin=head).stdout.decode()
        for name, rule, lens_path in lenses:
            self.assertRegex(text, rf"\n +\d+  {name} +{re.escape(lens_path)} +{rule}")

    def test_a_path_that_is_not_ambiguous_has_no_lenses(self):
        json_ = self.json_of(YES, "inspect", stdin=self.head(request=b"GET /a/../b HTTP/1.1"))
        self.assertEqual((json_["ambiguous_path"], json_["lenses"]), (False, []))

    def test_the_target_has_four_forms(self):
        for line, form, authority, path, raw in (
                (b"GET /a?b HTTP/1.1", "origin", None, "/a", "/a"),
                (b"GET http://API.shop.example/%7E HTTP/1.1", "absolute", "API.shop.example", "/~", "/%7E"),
                (b"GET http://api.shop.example?x=1 HTTP/1.1", "absolute", "api.shop.example", "/", None),
                (b"OPTIONS * HTTP/1.1", "asterisk", None, "*", "*"),
                (b"CONNECT api.shop.example:443 HTTP/1.1", "authority", "api.shop.example:443", None, None)):
            with self.subTest(line):
                head = self.head(request=line)
                if form == "authority":
                    head = head.replace(b"\r\nHost: api.shop.example", b"\r\nHost: api.shop.example:443")
                json_ = self.json_of(YES, "inspect", stdin=head)
                self.assertEqual([json_[name] for name in ("target_form", "authority", "path", "raw_path")],
                                 [form, authority, path, raw])
                self.assertEqual(json_["target"], line.split()[1].decode())
                text = self.ends(run("inspect", stdin=head), YES).stdout.decode()
                self.assertRegex(text, rf"\nform +{form}\n")

    def test_cookies_are_told_by_name(self):
        head = self.head(b"Cookie: id=s3cret; theme=dark; id=other; $x; =y")
        json_ = self.json_of(YES, "inspect", stdin=head)
        self.assertEqual([(c["name"], c["value"], c["value_size"], c["reason"]["name"]) for c in json_["cookies"]],
                         [("id", None, 6, "COOKIE_DUPLICATE"), ("theme", None, 4, "OK"), ("id", None, 5, "COOKIE_DUPLICATE")])
        self.assertEqual(head[json_["nameless_cookie_offset"]:][:2], b"$x")
        text = run("inspect", stdin=head).stdout.decode()
        self.assertRegex(text, r"id +\(6 bytes, not shown\) +COOKIE_DUPLICATE \(1102\)\n")
        self.assertRegex(text, r"\(no name\) +\(2 bytes, not shown\) +COOKIE_NAMELESS \(1101\)\n")
        shown = self.json_of(YES, "inspect", "--show-values", stdin=head)["cookies"]
        self.assertEqual([cookie["value"] for cookie in shown], ["s3cret", "dark", "other"])

    def test_of_authorization_the_scheme_is_told(self):
        for value, scheme, credentials, reason in (
                (b"Bearer s3cret", "Bearer", "token68", "OK"),
                (b'Digest username="s3cret", qop=auth', "Digest", "parameters", "OK"),
                (b"s3cret", None, "none", "OK"), (b"eyJs3crets3crets3crets3crets3cret s3cret", None, "token68", "OK"),
                (b"Bearer  s3cret", None, None, "CREDENTIAL_MALFORMED"), (b"@s3cret", None, None, "CREDENTIAL_MALFORMED")):
            with self.subTest(value):
                head = self.head(b"Authorization: " + value)
                authorization = self.json_of(YES, "inspect", stdin=head)["authorization"]
                self.assertEqual((authorization["scheme"], authorization["credentials"], authorization["reason"]["name"]),
                                 (scheme, credentials, reason))
                for form in ([], ["--json"]):
                    self.assertNotIn(b"s3cret", run("inspect", *form, stdin=head).stdout)

    def test_secrets_are_not_shown_unless_asked_for(self):
        token = b"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2VjcmV0LXNlY3JldA"
        for line in (b"Authorization: Basic s3cret", b"proxy-authorization: s3cret", b"Cookie: a=s3cret", b"Cookie2: s3cret",
                     b"DPoP: s3cret", b"X-Amz-Security-Token: s3cret", b"X-Api-Key: s3cret", b"X-CSRF-Token: s3cret",
                     b"Signature: sig1=:s3cret:", b"Cookie: s3cret", b"Referer: https://a.example/?t=" + token,
                     b"Cookie: " + token + b"=", b"Cookie: " + token):
            self.assert_hidden(self.head(line), token)
        for target in (b"/?access_token=s3cret", b"/?a=1&X-Amz-Signature=s3cret&b=2", b"/?access_to%6ben=s3cret",
                       b"/?client_secret=s3%63ret", b"/?q=" + token, b"/?" + token, b"/?q=" + token.replace(b".", b"%2E"),
                       b"/a/" + token, b"/a/" + token.replace(b".", b"%2e"), b"/a/../" + token + b"?a=b"):
            self.assert_hidden(self.head(request=b"GET " + target + b" HTTP/1.1"), token)

    def assert_hidden(self, head, token):
        secrets = [b"s3cret", b"s3%63ret", token[-18:]]
        for form in ([], ["--json"]):
            with self.subTest(head, form=form):
                hidden = self.ends(run("inspect", *form, stdin=head), YES).stdout
                self.assertFalse([secret for secret in secrets if secret in hidden], hidden)
                shown = self.ends(run("inspect", *form, "--show-values", stdin=head), YES).stdout
                self.assertTrue([secret for secret in secrets if secret in shown], shown)

    def test_what_is_hidden_leaves_the_rest_of_the_target_readable(self):
        json_ = self.json_of(YES, "inspect", stdin=self.head(request=b"GET /a%7E?x=1&token=abc&y= HTTP/1.1"))
        self.assertEqual(json_["query"], "x=1&token=(3 bytes, not shown)&y=")
        self.assertEqual(json_["target"], "/a%7E?" + json_["query"])
        self.assertEqual((json_["path"], json_["raw_path"]), ("/a~", "/a%7E"))
        self.assertEqual([p["secret"] for p in json_["parameters"]], [False, True, False])

    def test_every_member_is_documented(self):
        head = self.head(b"Cookie: a=b", b"Authorization: Bearer x", request=b"GET /a;b?c=d HTTP/1.1")
        readme = (ROOT / "src/cli/README.md").read_text()
        documented = set(re.findall(r"`(\w+)`", readme[readme.index("## What `inspect --json` answers"):]))
        complete = self.json_of(YES, "inspect", "--peer", "10.0.0.8", "--trusted-hops", 9, stdin=head)
        for json_ in (complete, complete["client"], complete["authorization"], complete["client"]["findings"][0],
                      *(complete[name][0] for name in ("lenses", "parameters", "fields", "cookies", "findings")),
                      self.json_of(NO, "inspect", stdin=b"x y"), self.json_of(YES, "reasons", "--findings")["rules"][0]):
            self.assertEqual(set(json_) - documented, set())

    def test_rules_that_the_door_cannot_see_are_named(self):
        rules = json.loads((ROOT / "src/http/findings.json").read_text())["rules"]
        unseen = [rule["reason"] for rule in rules if "bytes" not in rule["doors"]]
        for stdin, status in ((REQUEST, YES), (b"bad", NO)):
            self.assertEqual(self.json_of(status, "inspect", stdin=stdin)["unseen"], unseen)
        self.assertRegex(run("inspect", stdin=REQUEST).stdout.decode(), rf"\nunseen +{len(unseen)} rules, listed by --json\n")


class VerifyTest(CliTest):
    def verify(self, status, name, *more):
        return self.json_of(status, *VERIFY, "--now", NOW, *more, SHOP / f"tokens/{name}.jwt")

    def test_every_token_of_the_shop(self):
        for token in json.loads((SHOP / "tokens.json").read_text())["tokens"]:
            with self.subTest(token["name"]):
                valid = token["expect"] == "OK"
                json_ = self.verify(YES if valid else NO, token["name"])
                self.assertIs(json_["valid"], valid)
                if token["expect"] is not None:
                    self.assertEqual(json_["reason"]["name"], token["expect"])
                bytes_ = (SHOP / token["file"]).read_bytes()
                result = self.ends(run(*VERIFY, "--now", NOW, stdin=bytes_), YES if valid else NO)
                for part in bytes_.split(b"."):
                    if len(part) > 20:
                        self.assertNotIn(part, result.stdout + result.stderr + json.dumps(json_).encode())

    def test_claims_in_json_have_their_types(self):
        json_ = self.verify(YES, "senior-staff")
        self.assertIs(json_["claims"]["employee"], True)
        self.assertIsInstance(json_["claims"]["level"], int)
        self.assertIsInstance(json_["claims"]["groups"], list)
        self.assertIn("orders:admin", json_["scopes"])
        self.assertEqual(json_["keys"], {"usable": 3, "skipped": []})

    def test_claims_in_the_table_are_escaped(self):
        text = self.ends(run(*VERIFY, "--now", NOW, SHOP / "tokens/line-break-in-subject.jwt"), YES).stdout.decode()
        self.assertRegex(text, r"\\x0[da]")

    def test_one_line_end_is_dropped_and_no_more(self):
        token = (SHOP / "tokens/gold-rs256.jwt").read_bytes()
        for stdin, status in ((token, YES), (token + b"\n", YES), (token + b"\r\n", YES), (token + b"\n\n", NO),
                              (token + b" ", NO), (b"\n" + token, NO)):
            self.ends(run(*VERIFY, "--now", NOW, stdin=stdin), status)

    def test_refusal_tells_reason_place_and_clause(self):
        text = self.ends(run(*VERIFY, "--now", NOW, SHOP / "tokens/expired-rs256.jwt"), NO).stdout.decode()
        self.assertRegex(text, r"token +refused\nreason +TOKEN_EXPIRED \(2047\): .*\n"
                               r"place +byte \d+ of the token\nclause +RFC 7519")

    def test_the_options_are_demands(self):
        token = SHOP / "tokens/gold-rs256.jwt"
        base = ["verify", "--jwks", KEYS, "--now", NOW, token]
        good = ["--issuer", "https://id.shop.example", "--audience", "https://api.shop.example", "--algorithm", "RS256"]
        for change, reason in (({1: "https://id.shop.example/"}, "TOKEN_ISSUER_UNKNOWN"),
                               ({3: "https://other"}, "TOKEN_AUDIENCE"), ({5: "ES256"}, "TOKEN_ALGORITHM_REFUSED"),
                               ({}, "OK")):
            options = [change.get(i, word) for i, word in enumerate(good)]
            self.assertEqual(self.json_of(NO if change else YES, *base, *options)["reason"]["name"], reason)
        self.ends(run(*base, *good, "--audience", "https://another"), YES)

    def test_skew_moves_the_expiry(self):
        claims = self.verify(YES, "gold-rs256")["claims"]
        token = SHOP / "tokens/gold-rs256.jwt"
        self.ends(run(*VERIFY, "--now", claims["exp"] - 1, token), YES)
        self.ends(run(*VERIFY, "--now", claims["exp"], token), NO)
        self.ends(run(*VERIFY, "--now", claims["exp"], "--skew", 60, token), YES)
        self.says(USAGE, "--skew", *VERIFY, "--skew", 301, token)

    def test_unknown_algorithm_is_a_usage_error(self):
        for name in ("none", "HS256", "rs256", ""):
            self.says(USAGE, "--algorithm", *VERIFY, "--algorithm", name, stdin=b"a.b.c")

    def test_explanations_list_every_fault(self):
        token = (SHOP / "tokens/gold-rs256.jwt").read_bytes()
        tampered = token[:-8] + (b"B" if token[-8:-7] == b"A" else b"A") + token[-7:]
        path = self.file("tampered.jwt", tampered)
        wrong = [("https://other" if word == "https://api.shop.example" else word) for word in VERIFY]
        json_ = self.json_of(NO, *wrong, "--now", NOW + 10**8, "--explain", path)
        faults = json_["explanation"]["faults"]
        self.assertEqual([fault["reason"]["name"] for fault in faults],
                         ["TOKEN_EXPIRED", "TOKEN_AUDIENCE", "TOKEN_SIGNATURE"])
        self.assertEqual(faults[0]["reason"], json_["reason"])
        self.assertEqual([json_["explanation"][name] for name in ("complete", "signature_checked")], [True, True])
        text = self.ends(run(*wrong, "--now", NOW + 10**8, "--explain", path), NO).stdout
        for name in (b"TOKEN_EXPIRED", b"TOKEN_AUDIENCE", b"TOKEN_SIGNATURE", b"every rule and the signature"):
            self.assertIn(name, text)
        for part in tampered.split(b"."):
            self.assertNotIn(part, text + json.dumps(json_).encode())
        self.assertEqual(self.verify(YES, "gold-rs256", "--explain")["explanation"]["faults"], [])
        self.assertFalse(self.json_of(NO, *VERIFY, "--explain", stdin=b"a.b")["explanation"]["complete"])

    def test_profiles_ages_and_claims_are_demands(self):
        for more, reason in ((["--profile", "access-token"], "OK"),
                             (["--profile", "logout-token"], "TOKEN_TYPE"), (["--profile", "id-token"], "TOKEN_TYPE"), (["--require", "tier=gold"], "OK"),
                             (["--require", "tier=iron"], "TOKEN_CLAIM_VALUE"), (["--max-age", 100000], "OK")):
            status = YES if reason == "OK" else NO
            self.assertEqual(self.verify(status, "gold-rs256", *more)["reason"]["name"], reason, more)
        token = SHOP / "tokens/gold-rs256.jwt"
        self.says(USAGE, "generic, access-token", *VERIFY, "--profile", "oauth", token)
        self.says(USAGE, "NAME=VALUE", *VERIFY, "--require", "tier", token)
        self.says(USAGE, "--max-age", *VERIFY, "--max-age", 0, token)

    def test_vendors_have_settings_with_parts(self):
        vendor = ["verify", "--jwks", KEYS, "--audience", "a", "--now", NOW]
        token = SHOP / "tokens/gold-rs256.jwt"
        good = ((["okta", "domain=a.okta.com", "server=default"]), (["auth0", "domain=a.auth0.com"]),
                (["entra", "tenant=72f988bf-86f1-41af-91ab-2d7cd011db47", "version=1"]),
                (["cognito", "region=eu-west-1", "user-pool=p"]), (["google"]), (["google", "hosted-domain=a.example"]),
                (["github-actions", "repository=a/b"]), (["keycloak", "base=https://a.example", "realm=r"]))
        for name, *parts in good:
            options = [word for part in parts for word in ("--part", part)]
            json_ = self.json_of(NO, *vendor, "--vendor", name, *options, token)
            self.assertEqual(json_["reason"]["name"], "TOKEN_ISSUER_UNKNOWN", name)
        self.says(USAGE, "--part server=", *vendor, "--vendor", "okta", "--part", "domain=a", token)
        self.says(USAGE, "no such part", *vendor, "--vendor", "auth0", "--part", "domain=a", "--part", "x=y", token)
        self.says(USAGE, "given twice", *vendor, "--vendor", "auth0", "--part", "domain=a", "--part", "domain=b", token)
        self.says(USAGE, "a character that cannot", *vendor, "--vendor", "auth0", "--part", "domain=a/b", token)
        self.says(USAGE, "expected 1 or 2", *vendor, "--vendor", "entra", "--part", "tenant=t", "--part", "version=3",
                  token)
        self.says(USAGE, "okta, auth0", *vendor, "--vendor", "unheard-of", token)
        self.says(USAGE, "--issuer", *vendor, "--vendor", "google", "--issuer", "i", token)
        self.says(USAGE, "--vendor", *vendor, token)
        self.says(USAGE, "--part", *VERIFY, "--part", "a=b", token)

    def test_shared_secrets_and_pem_keys(self):
        secret = b"0123456789abcdef0123456789abcdef"
        part = lambda thing: base64.urlsafe_b64encode(json.dumps(thing).encode()).rstrip(b"=")
        input_ = part({"alg": "HS256"}) + b"." + part({"iss": "i", "aud": "a", "exp": NOW + 60})
        token = input_ + b"." + base64.urlsafe_b64encode(hmac.digest(secret, input_, "sha256")).rstrip(b"=")
        options = ["--issuer", "i", "--audience", "a", "--now", NOW]
        path = self.file("secret", secret)
        json_ = self.json_of(YES, "verify", "--secret-file", path, *options, "--algorithm", "HS256", stdin=token)
        self.assertEqual(json_["keys"]["usable"], 1)
        self.assertEqual(self.json_of(NO, "verify", "--secret-file", self.file("other", secret[::-1]), *options,
                                      "--algorithm", "HS256", stdin=token)["reason"]["name"], "TOKEN_SIGNATURE")
        self.says(USAGE, "--secret-file", "verify", "--secret-file", path, *options, "--algorithm", "RS256", stdin=token)
        self.says(USAGE, "--algorithm", "verify", "--secret-file", path, *options, "--algorithm", "HS256",
                  "--algorithm", "RS256", stdin=token)
        self.says(BROKEN, "KEY_SECRET_SIZE", "verify", "--secret-file", self.file("short", "short"), *options,
                  "--algorithm", "HS256", stdin=token)
        self.says(BROKEN, "KEY_PEM", "verify", "--pem", path, *options, "--algorithm", "RS256", stdin=token)
        self.says(USAGE, "--jwks", "verify", *options, "--algorithm", "RS256", stdin=token)
        self.says(USAGE, "--jwks", *VERIFY, "--pem", path, stdin=token)

    def test_revocation_lists_are_consulted(self):
        claims = self.verify(YES, "gold-rs256")["claims"]
        revoked = {"revoked": [{"iss": claims["iss"], "sub": claims["sub"]}]}
        path = self.file("revoked.json", json.dumps(revoked))
        self.assertEqual(self.verify(NO, "gold-rs256", "--revoked", path)["reason"]["name"], "TOKEN_REVOKED")
        self.says(BROKEN, "REVOCATION_JSON", *VERIFY, "--revoked", self.file("broken.json", "{}"), stdin=b"a")

    def test_skipped_keys_are_named_when_none_is_left(self):
        path = self.file("keys.json", '{"keys": [{"kty": "unheard-of"}]}')
        arguments = [path if word == KEYS else word for word in VERIFY]
        self.says(BROKEN, "keys[0] skipped: KEY_TYPE", *arguments, stdin=b"a.b.c")

    def test_empty_binary_and_endless_tokens(self):
        for stdin, reason in ((b"", "TOKEN_EMPTY"), (b"\n", "TOKEN_EMPTY"), (b"\x1b[31m\x00", "TOKEN_CHARACTER"),
                              (b"a" * 10_000_000, "TOKEN_TOO_LONG")):
            self.assertEqual(self.json_of(NO, *VERIFY, stdin=stdin)["reason"]["name"], reason)

    def test_broken_key_sets_end_with_3_and_are_named(self):
        for content, reason in (("", "KEYS_JSON"), ("{\"keys\": [", "KEYS_JSON"), ("{\"keys\": []}", "KEYS_EMPTY"),
                                (b"\x00\xff", "KEYS_JSON"), (b" " * 300_000, "KEYS_LIMIT")):
            path = self.file("broken.json", content)
            arguments = [path if word == KEYS else word for word in VERIFY]
            self.says(BROKEN, "broken.json: byte", *arguments, stdin=b"a.b.c")
            self.says(BROKEN, reason, *arguments, stdin=b"a.b.c")
            self.says(BROKEN, reason, "decide", "--gate", GATE, "--keys", f"shop-id={path}", stdin=REQUEST)

    def test_missing_files_end_with_2(self):
        self.says(USAGE, "nowhere.jwt: No such file", *VERIFY, "nowhere.jwt")
        self.says(USAGE, "nowhere.json", *[("nowhere.json" if word == KEYS else word) for word in VERIFY], stdin=b"a")

    def test_skipped_keys_are_listed(self):
        keys = json.loads(KEYS.read_text())
        keys["keys"].insert(1, {"kty": "EC", "kid": "odd\x1b", "crv": "P-999", "x": "AA", "y": "AA"})
        arguments = [self.file("keys.json", json.dumps(keys)) if word == KEYS else word for word in VERIFY]
        token = SHOP / "tokens/gold-rs256.jwt"
        self.assertIn(b"3 usable; keys[1] skipped: KEY_", self.ends(run(*arguments, "--now", NOW, token), YES).stdout)
        skipped = self.json_of(YES, *arguments, "--now", NOW, token)["keys"]["skipped"]
        self.assertEqual([(key["index"], key["key_id"]) for key in skipped], [(1, "odd\x1b")])

    def test_a_token_given_as_an_argument_is_not_repeated(self):
        token = (SHOP / "tokens/gold-rs256.jwt").read_text()
        for arguments in ([*VERIFY, token], [*VERIFY, token[:60]], [*VERIFY, "a", token], [token],
                          ["decide", "--gate", token]):
            result = run(*arguments)
            self.assertEqual(result.returncode, USAGE)
            self.assertNotIn(token[:40].encode(), result.stdout + result.stderr)


class DecideTest(CliTest):
    def test_allowed_json_holds_everything_the_host_must_do(self):
        path = SHOP / "requests/003-curl-orders-list.http"
        self.assertEqual(self.json_of(YES, *DECIDE, "--now", NOW, "--peer", "203.0.113.7", path), {
            "effect": "allow", "reason": {"number": 4001, "name": "ALLOWED"}, "http_status": 200, "offset": 0,
            "route": "orders-list", "rule": "customers-read", "origin": "orders", "nearest": None, "role": None,
            "hop": {"shield": None, "sign": None, "connect_timeout_ms": 0, "first_byte_timeout_ms": 0, "between_bytes_timeout_ms": 0},
            "headers": [{"do": "remove", "name": "x-shop-client"}, {"do": "remove", "name": "x-shop-subject"},
                        {"do": "remove", "name": "x-shop-tier"},
                        {"do": "set", "name": "x-shop-client", "value": "203.0.113.7"},
                        {"do": "set", "name": "x-shop-subject", "value": "customer-1001"},
                        {"do": "set", "name": "x-shop-tier", "value": "gold"}],
            "target": None, "cache": {"class": "none", "ttl_s": 0, "surrogate_keys": [], "key": None}, "rate": None,
            "answer": None})

    def test_denied_json_has_nothing_to_forward(self):
        json_ = self.json_of(NO, *DECIDE, "--now", NOW, stdin=REQUEST)
        self.assertEqual((json_["effect"], json_["http_status"]), ("deny", 401))
        self.assertEqual(json_["reason"]["name"], "CREDENTIAL_MISSING")
        self.assertEqual((json_["route"], json_["rule"], json_["origin"]), ("orders-list", None, None))
        self.assertEqual((json_["headers"], json_["target"], json_["cache"], json_["hop"]), ([], None, None, None))
        self.assertEqual(json_["answer"], {"location": None, "allow": [], "retry_after_s": 0})
        self.assertEqual(json_["nearest"], {"rule": "customers-read", "dimension": "identity"})

    def test_everything_that_a_route_shapes(self):
        gate = {"gate": 1, "name": "shaped", "headers": ["accept"],
                "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443, "shield": "iad",
                                  "connect_timeout_ms": 500,
                                  "sign": {"with": "message_signature", "key": "edge-1"}}},
                "routes": [{"id": "r", "hosts": ["h.example"], "methods": ["GET"], "path": "/old/*", "origin": "o",
                            "headers": {"append": {"via-door": "edge"}, "rename": {"x-a": "x-b"},
                                        "remove": ["authorization", "cookie"]},
                            "rewrite": "/new/{2}", "query": {"keep": ["q"]},
                            "cache": {"class": "shared", "ttl_s": 60, "surrogate_keys": ["s"],
                                      "key": {"query": ["q"], "headers": ["x-a"]}},
                            "rate": {"limit": 10, "period_s": 1, "burst": 5, "key": ["route"]}}],
                "rules": [{"id": "all", "effect": "allow", "routes": ["r"], "public": True}]}
        head = b"GET /old/a?q=1&z=2 HTTP/1.1\r\nHost: h.example\r\nX-A: 1\r\n\r\n"
        file = self.file("gate.json", json.dumps(gate))
        json_ = self.json_of(YES, "decide", "--gate", file, stdin=head)
        text = self.ends(run("decide", "--gate", file, stdin=head), YES).stdout.decode()
        other = self.json_of(NO, "decide", "--gate", file, stdin=head.replace(b"GET", b"PUT"))
        self.assertEqual((json_["target"], json_["hop"]["shield"]), ("/new/a?q=1", "iad"))
        self.assertEqual(json_["hop"]["sign"], {"with": "message_signature", "key": "edge-1", "region": None,
                                                "service": None})
        self.assertIn({"do": "append", "name": "via-door", "value": "edge"}, json_["headers"])
        self.assertIn({"do": "rename", "name": "x-a", "to": "x-b"}, json_["headers"])
        self.assertEqual((json_["cache"]["class"], json_["cache"]["surrogate_keys"]), ("shared", ["s"]))
        self.assertEqual((json_["rate"]["limit"], json_["rate"]["burst"]), (10, 5))
        self.assertEqual((other["http_status"], other["answer"]["allow"]), (405, ["GET"]))
        for line in (r"append header +via-door: edge", r"rename header +x-a to x-b", r"target +/new/a\?q=1",
                     r"cache +shared, 60 s", r"rate +10 in 1 s, 5 at once", r"shield +iad", r"connect timeout +500 ms",
                     r"sign +HTTP message signature, key edge-1"):
            self.assertRegex(text, line)

    def test_only_the_call_tells_the_scheme(self):
        gate = {"gate": 1, "name": "g", "origins": {"o": {"scheme": "http", "host": "o.example", "port": 1}},
                "routes": [{"id": "r", "hosts": ["h.example"], "methods": ["GET"], "path": "/", "origin": "o"}],
                "rules": [{"id": "s", "effect": "allow", "routes": ["r"], "public": True,
                           "request": {"schemes": ["https"]}}]}
        file = self.file("gate.json", json.dumps(gate))
        plain = b"GET / HTTP/1.1\r\nHost: h.example\r\n\r\n"
        absolute = plain.replace(b"GET /", b"GET https://h.example/")
        decided = lambda status, head, *args: self.json_of(status, "decide", "--gate", file, *args, stdin=head)
        for head in (plain, absolute):
            self.assertEqual(decided(YES, head, "--scheme", "https")["rule"], "s")
            self.assertEqual(decided(NO, head)["reason"]["name"], "RULE_NO_MATCH")
        self.assertEqual(decided(NO, plain, "--scheme", "http")["reason"]["name"], "RULE_NO_MATCH")
        self.assertEqual(decided(NO, absolute, "--scheme", "http")["reason"]["name"], "TARGET_SCHEME")
        self.ends(run("decide", "--gate", file, "--scheme", "ftp", stdin=plain), USAGE)
        request = self.file("r.http", plain)
        case = {"name": "a", "request": request.name, "expect": {"effect": "allow"}}
        cases = lambda *more: self.file("cases.json", json.dumps({"cases": [{**case, **dict(more)}]}))
        self.json_of(NO, "decide", "--gate", file, "--cases", cases())
        self.json_of(YES, "decide", "--gate", file, "--cases", cases(), "--scheme", "https")
        self.json_of(YES, "decide", "--gate", file, "--cases", cases(("scheme", "https")), "--scheme", "http")
        self.ends(run("decide", "--gate", file, "--cases", cases(("scheme", "ftp"))), USAGE)

    def test_a_flag_that_the_gate_does_not_declare_is_a_mistake_of_the_call(self):
        done = run(*DECIDE, "--now", NOW, "--flag", "closed", SHOP / "requests/001-curl-health.http")
        self.assertIn("USAGE_FLAG", self.ends(done, USAGE).stderr.decode())

    def test_table(self):
        text = self.ends(run(*DECIDE, "--now", NOW, SHOP / "requests/003-curl-orders-list.http"), YES).stdout.decode()
        for line in (r"effect +allow", r"reason +ALLOWED \(4001\): ", r"http status +200", r"route +orders-list",
                     r"rule +customers-read", r"origin +orders \(https://orders\.internal\.example:443\)",
                     r"remove header +x-shop-client", r"set header +x-shop-subject: customer-1001"):
            self.assertRegex(text, line)
        self.assertNotRegex(text, "set header +x-shop-client")

    def test_no_token_in_any_output(self):
        for path in sorted((SHOP / "requests").iterdir()):
            tokens = re.findall(rb"ey[\w.-]{30,}", path.read_bytes())
            for form in ([], ["--json"]):
                result = run(*DECIDE, *form, "--now", NOW, path)
                self.assertIn(result.returncode, (YES, NO))
                self.assert_tame(result.stdout)
                for token in tokens:
                    self.assertNotIn(token[-30:], result.stdout + result.stderr)

    def test_standard_input(self):
        head = (SHOP / "requests/001-curl-health.http").read_bytes()
        self.ends(run(*DECIDE, stdin=head), YES)
        self.ends(run(*DECIDE, "-", stdin=head), YES)
        self.assertEqual(self.json_of(NO, *DECIDE, stdin=b"")["reason"]["name"], "HEAD_EMPTY")
        self.assertEqual(self.json_of(NO, *DECIDE, "/dev/zero")["reason"]["name"], "METHOD_MALFORMED")
        self.ends(run(*DECIDE, "--json", stdin=b"\x1b[31m" + bytes(range(256))), NO)

    def test_the_clock_is_the_default(self):
        path = SHOP / "requests/003-curl-orders-list.http"
        by_clock, by_argument = run(*DECIDE, path), run(*DECIDE, "--now", int(time.time()), path)
        self.assertEqual((by_clock.returncode, by_clock.stdout), (by_argument.returncode, by_argument.stdout))
        self.assertEqual(self.json_of(NO, *DECIDE, "--now", 120, path)["reason"]["name"], "TOKEN_NOT_YET_VALID")

    def test_source_and_image_decide_the_same(self):
        image = self.folder / "shop.gate"
        self.ends(run("gate", "compile", GATE, "-o", image), YES)
        arguments = ["--keys", f"shop-id={KEYS}", "--now", NOW, "--image", SHOP / "requests/003-curl-orders-list.http"]
        results = [run("decide", "--gate", gate, *arguments) for gate in (GATE, image)]
        self.assertEqual(results[0].stdout, results[1].stdout)
        self.assertEqual(results[0].stdout[:4], b"OSDC")

    def test_broken_gates_end_with_3_and_are_named(self):
        image = self.folder / "shop.gate"
        run("gate", "compile", GATE, "-o", image)
        damaged = bytearray(image.read_bytes())
        damaged[-1] ^= 1
        for content, text in (("", "broken:1:1: GATE_JSON"), ("{", "broken:1:2: GATE_JSON"),
                              (b"\x00\xff\x1b", "GATE_JSON"), (bytes(damaged), "broken: IMAGE_DAMAGED"),
                              (bytes(damaged[:100]), "broken: IMAGE_"),
                              ("OSGT", "broken: IMAGE_FORMAT"), (b" " * (17 << 20), "GATE_LIMIT")):
            self.says(BROKEN, text, "decide", "--gate", self.file("broken", content), stdin=REQUEST)
        self.says(USAGE, "/dev/zero: longer than", "decide", "--gate", "/dev/zero", stdin=REQUEST)
        self.says(USAGE, "nowhere: No such file", "decide", "--gate", "nowhere", stdin=REQUEST)

    def test_wrong_keys_arguments(self):
        self.says(USAGE, "expected ISSUER-ID=FILE", "decide", "--gate", GATE, "--keys", KEYS, stdin=REQUEST)
        self.says(USAGE, "expected ISSUER-ID=FILE", "decide", "--gate", GATE, "--keys", "shop-id=", stdin=REQUEST)
        self.says(USAGE, "Its issuers: shop-id", "decide", "--gate", GATE, "--keys", f"other={KEYS}", stdin=REQUEST)
        self.says(USAGE, "already", *DECIDE, "--keys", f"shop-id={KEYS}", stdin=REQUEST)

    def test_an_issuer_without_keys_is_refused(self):
        json_ = self.json_of(NO, "decide", "--gate", GATE, "--now", NOW, SHOP / "requests/003-curl-orders-list.http")
        self.assertEqual(json_["reason"]["name"], "TOKEN_ISSUER_KEYS")

    def test_a_peer_that_is_no_address_is_a_usage_error(self):
        self.says(USAGE, "USAGE_PEER", *DECIDE, "--peer", "localhost", stdin=REQUEST)
        self.ends(run(*DECIDE, "--peer", "2001:db8::1", SHOP / "requests/001-curl-health.http"), YES)


class ExplainTest(CliTest):
    EXPLAIN = [*DECIDE, "--explain"]

    def test_every_case_is_explained_as_it_is_decided(self):
        for case in json.loads(CASES.read_text())["cases"]:
            facts = ["--now", case.get("now", NOW), *(["--peer", case["peer"]] if case.get("peer") else [])]
            request = SHOP / case["request"]
            with self.subTest(case["name"]):
                decided = run(*DECIDE, *facts, "--json", request)
                explained = self.ends(run(*self.EXPLAIN, *facts, "--json", request), decided.returncode)
                wanted, seen = json.loads(decided.stdout), json.loads(explained.stdout)["decision"]
                for name in ("effect", "http_status", "offset", "route", "rule", "origin"):
                    self.assertEqual(seen[name], wanted[name])
                self.assertEqual(seen["reason"]["number"], wanted["reason"]["number"])
                self.assertEqual(seen["nearest_rule"], (wanted["nearest"] or {}).get("rule"))

    def test_a_denial_is_traced_to_its_line(self):
        case = next(c for c in json.loads(CASES.read_text())["cases"] if c["expect"]["reason"] == "RULE_DENIED")
        text = self.ends(run(*self.EXPLAIN, "--now", NOW, SHOP / case["request"]), NO).stdout.decode()
        rule = case["expect"]["rule"]
        line = next(n for n, l in enumerate(GATE.read_text().splitlines(), 1) if f'"id": "{rule}"' in l)
        found = re.search(rf"(?m)^  deny {rule}: matches @ (\d+):\d+ (/rules/\d+)$", text)
        self.assertIn(line - int(found[1]), (0, 1))
        self.assertEqual(json.loads(GATE.read_text())["rules"][int(found[2].split("/")[-1])]["id"], rule)

    def test_an_image_wants_its_own_source(self):
        image = self.folder / "shop.gate"
        run("gate", "compile", GATE, "-o", image)
        explain = ["decide", "--gate", image, "--keys", f"shop-id={KEYS}", "--explain", "--now", NOW]
        self.assertNotIn(b" @ ", self.ends(run(*explain, stdin=REQUEST), NO).stdout)
        self.assertIn(b" @ ", self.ends(run(*explain, "--source", GATE, stdin=REQUEST), NO).stdout)
        other = self.file("other.json", GATE.read_text().replace('"suspended"', '"gold"'))
        self.says(USAGE, "not the source of the Gate", *explain, "--source", other, stdin=REQUEST)
        self.says(BROKEN, "GATE_JSON", *explain, "--source", self.file("bad.json", "{"), stdin=REQUEST)
        self.says(USAGE, "holds no source", *explain, "--source", image, stdin=REQUEST)

    def test_the_commands_of_the_page_work_and_print_what_it_shows(self):
        page = (ROOT / "docs/explain.md").read_text()
        commands = re.findall(r"(?m)^    ostiary (.*)$", page)
        text = "".join(self.ends(run(*line.split(), cwd=ROOT), YES).stdout.decode() for line in commands)
        shown = re.findall(r"(?m)^    +((?:allow|yes) .*)$", page)
        self.assertEqual((len(commands), len(shown)), (1, 3))
        for line in shown:
            self.assertIn(line, text)

    def test_options_that_do_not_go_together(self):
        for words in (["--explain", "--image"], ["--explain", "--cases", CASES], ["--source", GATE]):
            self.says(USAGE, " --help", *DECIDE, *words)
        self.says(USAGE, "--peer", *self.EXPLAIN, "--peer", "nobody", stdin=REQUEST)


class CasesTest(CliTest):
    def cases(self, *cases):
        return self.file("cases.json", json.dumps({"now": NOW, "cases": cases}))

    def one(self, **changes):
        expect = {"effect": "allow", "route": "health", "rule": "anyone-browses", "reason": "ALLOWED"}
        case = {"name": "health", "request": str(SHOP / "requests/001-curl-health.http"), "peer": "203.0.113.7"}
        return {**case, **changes, "expect": {**expect, **changes.get("expect", {})}}

    def test_every_case_of_the_shop(self):
        cases = json.loads(CASES.read_text())["cases"]
        result = run(*DECIDE, "--cases", CASES, "--json")
        self.assert_tame(result.stdout)
        json_ = json.loads(result.stdout)
        self.assertEqual([case["name"] for case in cases], [outcome["name"] for outcome in json_["cases"]])
        for case, outcome in zip(cases, json_["cases"]):
            with self.subTest(case["name"]):
                actual = {**outcome, "reason": outcome["reason"]["name"]}
                expect = {key: value for key, value in case["expect"].items() if key != "reason" or value is not None}
                self.assertEqual({key: actual[key] for key in expect}, expect)
                self.assertTrue(outcome["as_expected"])
        self.assertEqual(json_["totals"]["requests"], len(cases))
        self.assertEqual(json_["totals"]["not_as_expected"], 0)
        self.assertEqual(result.returncode, YES)

    def test_table_ends_with_totals(self):
        text = self.ends(run(*DECIDE, "--cases", self.cases(self.one())), YES).stdout.decode()
        self.assertIn("this machine", text.splitlines()[0])
        self.assertRegex(text, r"\nrequest +effect +route +reason +time\n"
                               r"health +allow +health +ALLOWED +[\d.]+ (ns|µs)\n")
        self.assertTrue(text.endswith("\n1 request: 1 allowed, 0 denied; 1 as expected, 0 not\n"), text)

    def test_each_kind_of_difference_is_marked(self):
        for part, value, mark in (("effect", "deny", "effect=deny"), ("route", "other", "route=other"),
                                  ("route", None, "route=none"), ("rule", None, "rule=none"),
                                  ("reason", "RULE_DENIED", "reason=RULE_DENIED")):
            path = self.cases(self.one(), self.one(expect={part: value}))
            text = self.ends(run(*DECIDE, "--cases", path), NO).stdout.decode()
            self.assertEqual(text.count(f"expected {mark}\n"), 1)
            self.assertTrue(text.endswith("2 requests: 2 allowed, 0 denied; 1 as expected, 1 not\n"), text)
            json_ = self.json_of(NO, *DECIDE, "--cases", path)
            self.assertEqual([case["as_expected"] for case in json_["cases"]], [True, False])
            self.assertEqual(json_["cases"][1]["expected_instead"], [mark])
        self.ends(run(*DECIDE, "--cases", self.cases(self.one(expect={"reason": None}))), YES)

    def test_paths_count_from_the_cases_file(self):
        self.file("a.http", REQUEST.replace(b"/orders", b"/health"))
        path = self.cases(self.one(request="a.http"))
        self.ends(run(*DECIDE, "--cases", path, cwd="/"), YES)
        self.ends(run(*DECIDE, "--cases", path.name, cwd=self.folder), YES)

    def test_now_and_peer_of_the_arguments(self):
        case = self.one(request=str(SHOP / "requests/003-curl-orders-list.http"))
        path = self.cases({**case, "expect": {"effect": "deny", "reason": "TOKEN_NOT_YET_VALID"}})
        self.ends(run(*DECIDE, "--cases", path, "--now", 120), YES)
        self.ends(run(*DECIDE, "--cases", path), NO)

    def test_images_are_golden_lines(self):
        case = self.one()
        result = run(*DECIDE, "--image", "--cases", self.cases(case, self.one(name="a\tb\x1b")))
        lines = result.stdout.decode().splitlines()
        single = run(*DECIDE, "--image", "--now", NOW, "--peer", case["peer"], case["request"])
        self.assertEqual(lines, [f"health\t{single.stdout.hex()}", f"a\\x09b\\x1b\t{single.stdout.hex()}"])
        differs = run(*DECIDE, "--image", "--cases", self.cases(self.one(expect={"route": "other"})))
        self.assertEqual((differs.returncode, differs.stderr), (NO, b"ostiary: health: expected route=other\n"))

    def test_wrong_cases_files_end_with_2_and_name_the_place(self):
        self.says(USAGE, "nowhere.json: No such file", *DECIDE, "--cases", "nowhere.json")
        for content, text in (("", "not JSON at byte 0 (line 1"), ("{\n,", "(line 2, column 1)"),
                              ("[]", "array named cases"), (b"\x1b\xff", "not JSON"),
                              ('{"cases": 1}', "array named cases"), ('{"cases": [1]}', "cases[0]"),
                              ('{"now": "x", "cases": []}', "now: expected"), ("[" * 100_000, "not JSON")):
            self.says(USAGE, text, *DECIDE, "--cases", self.file("cases.json", content))
        for case, text in ((self.one(expect={"efect\x1b": "deny"}), r"cases[0].expect: no such member: efect\x1b"),
                           (self.one(expect={"effect": None}), "cases[0].expect: expected a text named effect"),
                           (self.one(expect={"route": 1}), "cases[0].expect.route: expected a text or null"),
                           (self.one(name=7), "cases[0]: expected a text named name"),
                           (self.one(request="nowhere.http"), "nowhere.http: No such file")):
            self.says(USAGE, text, *DECIDE, "--cases", self.cases(case))

    def test_hostile_names_are_escaped(self):
        text = self.ends(run(*DECIDE, "--cases", self.cases(self.one(name="\x1b[2J\u009b"))), YES).stdout.decode()
        self.assertIn(r"\x1b[2J\xc2\x9b", text)

    def test_no_cases_are_no_difference(self):
        self.assertIn(b"0 requests: ", self.ends(run(*DECIDE, "--cases", self.cases()), YES).stdout)


class GateCompileTest(CliTest):
    def test_writes_the_image_and_tells_what_is_in_it(self):
        image = self.folder / "shop.gate"
        text = self.ends(run("gate", "compile", GATE, "-o", image), YES).stdout.decode()
        self.assertRegex(text, rf"size +{image.stat().st_size} bytes\n")
        self.assertRegex(text, r"routes +10\nrules +11\n")
        json_ = self.json_of(YES, "gate", "compile", GATE, "-o", image)
        self.assertEqual((json_["ok"], json_["name"], json_["size"]), (True, "shop", image.stat().st_size))
        self.assertEqual(json_["counts"]["routes"], 10)

    def test_standard_streams(self):
        result = run("gate", "compile", "-", "-o", "-", stdin=GATE.read_bytes())
        image = self.folder / "shop.gate"
        run("gate", "compile", GATE, "-o", image)
        self.assertEqual((result.returncode, result.stdout), (YES, image.read_bytes()))
        self.assertIn(b"routes", result.stderr)
        self.says(USAGE, "-o -", "gate", "compile", GATE, "-o", "-", "--json")

    def test_every_error_stands_on_its_own_line(self):
        path = self.file("bad.json", GATE.read_text().replace('"level": "integer"', '"level": "float"')
                         .replace('"id": "health", "hosts"', '"id": "health", "\\u001b[31m": 1, "hosts"'))
        result = self.says(BROKEN, "", "gate", "compile", path, "-o", self.folder / "out")
        lines = result.stderr.decode().splitlines()
        self.assertGreaterEqual(len(lines), 2)
        for line in lines:
            self.assertRegex(line, rf"^{re.escape(str(path))}:\d+:\d+: GATE_\w+: .")
        json_ = self.json_of(BROKEN, "gate", "compile", path, "-o", self.folder / "out")
        self.assertIs(json_["ok"], False)
        self.assertEqual([f"{path}:{e['line']}:{e['column']}: {e['reason']['name']}" for e in json_["errors"]],
                         [": ".join(line.split(": ")[:2]) for line in lines])
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["bad.json"])

    def test_a_mapped_image_keeps_its_bytes(self):
        image = self.file("shop.gate", "what a door has open")
        with open(image, "rb") as door:
            self.ends(run("gate", "compile", GATE, "-o", image), YES)
            self.assertEqual(door.read(), b"what a door has open")
        self.assertEqual(image.read_bytes()[:4], b"OSGT")
        self.assertEqual([p.name for p in self.folder.iterdir()], ["shop.gate"])

    def test_links_and_devices_stay_what_they_are(self):
        target, link = self.file("target.gate", ""), self.folder / "link.gate"
        link.symlink_to(target)
        self.ends(run("gate", "compile", GATE, "-o", link), YES)
        self.assertTrue(link.is_symlink())
        self.assertEqual(target.read_bytes()[:4], b"OSGT")
        self.ends(run("gate", "compile", GATE, "-o", "/dev/null"), YES)
        self.assertTrue(pathlib.Path("/dev/null").is_char_device())

    def test_unwritable_outputs_are_named(self):
        self.says(USAGE, "nowhere/out", "gate", "compile", GATE, "-o", self.folder / "nowhere/out")
        self.says(USAGE, f"{self.folder}: ", "gate", "compile", GATE, "-o", self.folder)
        self.says(USAGE, "/dev/full: No space left", "gate", "compile", GATE, "-o", "/dev/full")
        self.says(USAGE, "nowhere: No such file", "gate", "compile", "nowhere", "-o", self.folder / "out")

    def test_an_image_is_no_source(self):
        image = self.folder / "shop.gate"
        run("gate", "compile", GATE, "-o", image)
        self.says(BROKEN, "GATE_JSON", "gate", "compile", image, "-o", self.folder / "out")


class GateTestTest(CliTest):
    def test_every_test_of_the_shop_passes(self):
        text = self.ends(run("gate", "test", TABLE), YES).stdout.decode()
        self.assertRegex(text, r"who leaves may read +ok +allow +orders-list +staff-read +ALLOWED\n")
        count = len(json.loads(TABLE.read_text())["tests"])
        self.assertIn(f"\n{count} tests: {count} passed, 0 failed\n", text)

    def test_a_failure_names_its_place_and_the_difference(self):
        path = self.file("wrong.json", TABLE.read_text().replace('"rule": "staff-read"', '"rule": "customers-read"', 1))
        text = self.ends(run("gate", "test", path, "--gate", GATE), NO).stdout.decode()
        line = next(n for n, l in enumerate(path.read_text().splitlines(), 1) if "scope of readers" in l)
        self.assertIn(f"\n{path}:{line}:14: staff read with the scope of readers: "
                      "rule: expected customers-read, found staff-read\n", text)
        self.assertRegex(text, r"scope of readers +FAILED +allow")

    def test_the_gate_counts_from_the_table_and_may_be_another(self):
        self.says(USAGE, f"{self.folder}/gate.json: No such file", "gate", "test",
                  self.file("moved.json", TABLE.read_bytes()))
        (self.folder / "gate.json").write_bytes(GATE.read_bytes())
        self.ends(run("gate", "test", self.folder / "moved.json"), YES)
        strict = self.file("strict.json", GATE.read_text().replace('"tier": {"equals": "suspended"}',
                                                                   '"tier": {"equals": "gold"}'))
        self.assertIn(b"FAILED", self.ends(run("gate", "test", TABLE, "--gate", strict), NO).stdout)

    def test_standard_input(self):
        self.ends(run("gate", "test", "-", "--gate", GATE, stdin=TABLE.read_bytes()), YES)

    def test_what_is_not_sound_ends_with_3_and_names_the_place(self):
        table = self.file("bad.json", TABLE.read_text().replace('"effect"', '"efect"', 1))
        self.says(BROKEN, f"{table}:", "gate", "test", table, "--gate", GATE)
        self.says(BROKEN, 'GATE_UNKNOWN_MEMBER: tests[0].expect: unknown member "efect"', "gate", "test", table,
                  "--gate", GATE)
        gate = self.file("gate.json", GATE.read_text().replace('"level": "integer"', '"level": "float"'))
        self.says(BROKEN, f"{gate}:", "gate", "test", TABLE, "--gate", gate)
        self.says(USAGE, "names no \"gate\"", "gate", "test", self.file("no.json", "{}"))

    def test_coverage_lists_what_no_test_shows(self):
        table = json.loads(TABLE.read_text())
        table["tests"] = [test for test in table["tests"] if test["expect"].get("route") != "partner-feed"]
        path = self.file("less.json", json.dumps(table))
        full = self.ends(run("gate", "test", TABLE, "--coverage-min", 100), YES).stdout.decode()
        self.assertRegex(full, r"\ncoverage: (\d+) of \1 shown \(100 %\)\n$")
        less = self.ends(run("gate", "test", path, "--gate", GATE, "--coverage-min", 100), NO).stdout.decode()
        line = next(n for n, l in enumerate(GATE.read_text().splitlines(), 1) if '{"id": "partner-feed"' in l)
        self.assertIn(f"\n{GATE}:{line}:12: route partner-feed: not reached\n", less)
        self.ends(run("gate", "test", path, "--gate", GATE, "--coverage-min", 90), YES)
        self.assertIn("not reached", self.ends(run("gate", "test", path, "--gate", GATE, "--coverage"), YES)
                      .stdout.decode())

    def test_mutants_that_no_test_notices_are_listed(self):
        self.assertRegex(self.ends(run("gate", "test", TABLE, "--mutants", "--survivors-max", 0), YES).stdout.decode(),
                         r"\nmutants: (\d\d+) tried, \1 killed, 0 survived; 0 could not be used, 0 left out\n$")
        table = json.loads(TABLE.read_text())
        table["tests"] = [test for test in table["tests"] if test["name"] != "audit alone does not export"]
        path = self.file("less.json", json.dumps(table))
        options = ("gate", "test", path, "--gate", GATE, "--mutants")
        text = self.ends(run(*options), YES).stdout.decode()
        self.assertIn('rule finance-exports: value dropped: claim groups has_all "finance"\n', text)
        self.ends(run(*options, "--survivors-max", 0), NO)
        self.ends(run(*options, "--survivors-max", 1), YES)
        self.assertRegex(self.ends(run(*options, "--mutants-max", 3), YES).stdout.decode(), r"\b\d+ left out\n$")
        self.says(USAGE, "--mutants", "gate", "test", TABLE, "--mutants-max", 3)

    def test_json_holds_the_whole_report(self):
        report = self.json_of(YES, "gate", "test", TABLE, "--mutants", "--json")
        self.assertIs(report["passed"], True)
        self.assertEqual([result["name"] for result in report["results"]],
                         [test["name"] for test in json.loads(TABLE.read_text())["tests"]])
        self.assertEqual(report["results"][0], {
            "name": "anyone asks whether the shop is up", "line": report["results"][0]["line"], "column": 14,
            "passed": True, "effect": "allow", "reason": {"number": report["results"][0]["reason"]["number"],
                                                          "name": "ALLOWED"},
            "route": "health", "rule": "anyone-browses", "role": None, "differences": []})
        self.assertEqual((report["coverage"]["percent"], report["coverage"]["uncovered"]), (100, []))
        self.assertEqual((report["mutants"]["done"], report["mutants"]["survivors"]), (True, []))
        bad = self.json_of(BROKEN, "gate", "test", self.file("t.json", "{}"), "--gate", GATE, "--json")
        self.assertEqual([e["reason"]["name"] for e in bad["table_errors"]], ["GATE_MISSING_MEMBER"] * 3)

    def test_junit_is_xml_that_tells_the_failures(self):
        name = "<&\"'>\t\x01 ünï\uffff"
        path = self.file("t.json", json.dumps({"version": 1, "now": "2026-01-01T00:00:00Z", "tests": [
            {"name": name, "request": {"url": "https://nowhere.example/"}, "expect": {"reason": "ALLOWED"}},
            {"name": "good", "request": {"url": "https://nowhere.example/"}, "expect": {"reason": "ROUTE_HOST"}}]}))
        out = self.folder / "junit.xml"
        self.ends(run("gate", "test", path, "--gate", GATE, "--junit", out, "--coverage-min", 1), NO)
        suites = xml.etree.ElementTree.parse(out).getroot()
        suite, = suites
        self.assertEqual((suites.tag, suite.tag, suite.get("tests"), suite.get("failures"), suite.get("name")),
                         ("testsuites", "testsuite", "3", "2", str(path)))
        self.assertEqual([case.get("name") for case in suite],
                         ["<&\"'>\t\ufffd ünï\ufffd", "good", "(coverage)"])
        self.assertEqual([[f.get("message") for f in case] for case in suite][:2],
                         [["reason: expected ALLOWED, found ROUTE_HOST"], []])
        self.assertRegex(suite[2][0].get("message"), r"^0 of \d+ shown \(0 %\), less than 1 %$")

    def test_names_cannot_drive_the_terminal(self):
        path = self.file("names.json", json.dumps({"version": 1, "now": "2026-01-01T00:00:00Z", "tests": [
            {"name": "\x1b[31mred\n", "request": {"url": "https://nowhere.example/"},
             "expect": {"reason": "ROUTE_HOST", "target": "\x1b[31m"}}]}))
        self.assertIn(b"\\x1b[31mred\\x0a", self.ends(run("gate", "test", path, "--gate", GATE), NO).stdout)


class GateAnalysisTest(CliTest):
    TENANTS = ROOT / "examples/tenants/gate.json"
    SAME, NARROWER, WIDER, BOTH, NOT_PROVED = 0, 10, 11, 12, 13

    def wide(self):
        """Without the rule that denies changes in maintenance."""
        gate = json.loads(self.TENANTS.read_text())
        gate["rules"] = [rule for rule in gate["rules"] if rule["id"] != "nothing-changes-in-maintenance"]
        return self.file("wide.json", json.dumps(gate))

    def test_a_gate_is_inside_itself(self):
        result = self.ends(run("gate", "check", self.TENANTS, "--within", self.TENANTS), YES)
        self.assertEqual(result.stdout, b"inside: proved for every request\n")
        self.assertTrue(self.json_of(YES, "gate", "check", self.TENANTS, "--within", self.TENANTS)["inside"])

    def test_what_is_outside_is_shown_as_a_test_that_passes(self):
        wide = self.wide()
        text = self.ends(run("gate", "check", wide, "--within", self.TENANTS), NO).stdout.decode()
        self.assertIn("the flag read-only is true", text)
        self.assertIn("the rule nothing-changes-in-maintenance denies it", text)
        areas = self.json_of(NO, "gate", "check", wide, "--within", self.TENANTS)["outside"]["areas"]
        tests = [json.loads(area["test"]) for area in areas]
        table = self.file("table.json", json.dumps({"version": 1, "now": "2026-01-01T00:00:00Z", "tests": tests}))
        self.ends(run("gate", "test", table, "--gate", wide), YES)
        self.ends(run("gate", "test", table, "--gate", self.TENANTS), NO)

    def test_a_difference_says_which_way_it_goes(self):
        wide = self.wide()
        self.ends(run("gate", "diff", self.TENANTS, wide), self.WIDER)
        self.ends(run("gate", "diff", wide, self.TENANTS), self.NARROWER)
        markdown = self.ends(run("gate", "diff", self.TENANTS, wide, "--markdown"), self.WIDER).stdout.decode()
        self.assertRegex(markdown, r"^## Access: wider\n\n### Opened\n\n- ")
        self.assertEqual(self.json_of(self.SAME, "gate", "diff", wide, wide)["change"], "same")

    def test_what_is_too_dear_is_not_proved(self):
        result = run("gate", "check", self.TENANTS, "--within", self.TENANTS, "--steps-max", "5")
        self.assertIn(b"not proved", self.ends(result, self.NOT_PROVED).stdout)

    def test_who_can(self):
        command = ["gate", "who-can", self.TENANTS]
        text = self.ends(run(*command, "--path", "/t/*/settings", "--method", "PUT"), YES).stdout.decode()
        self.assertIn("the claim role is admin", text)
        self.ends(run(*command, "--path", "/nowhere"), NO)
        self.says(USAGE, "expected no claim", *command, "--path", "/{sub}")

    def test_lint(self):
        self.assertIn("0 blocking", self.ends(run("gate", "lint", self.TENANTS), YES).stdout.decode())
        shop = self.ends(run("gate", "lint", GATE, "--table", TABLE, "--now", str(NOW)), NO).stdout.decode()
        self.assertIn("omission: rule no-suspended", shop)
        self.assertNotIn("untested", shop)

    def test_a_source_that_is_none_ends_with_3(self):
        broken = self.file("broken.json", "{")
        for command in (["check", broken, "--within", self.TENANTS], ["check", self.TENANTS, "--within", broken],
                        ["diff", broken, self.TENANTS], ["who-can", broken], ["lint", broken]):
            with self.subTest(command):
                self.assertIn(b"broken.json", self.ends(run("gate", *command), BROKEN).stderr)


class GateInspectTest(CliTest):
    def test_an_image_comes_back_as_a_table(self):
        image = self.folder / "shop.gate"
        run("gate", "compile", GATE, "-o", image)
        text = self.ends(run("gate", "inspect", image), YES).stdout.decode()
        for line in (r"gate +shop", r" +hosts +\*\.partners\.shop\.example", r" +path +/admin/exports/\*", r"signed +false",
                     r' +allow finance-exports: identity; .*identity\.claims\.groups has_all "audit", "finance"'):
            self.assertRegex(text, rf"(?m)^{line}$")

    def test_every_id_of_the_source_comes_back_in_json(self):
        document, source = self.json_of(YES, "gate", "inspect", GATE), json.loads(GATE.read_text())
        for kind in ("routes", "rules"):
            self.assertEqual({one["id"] for one in document[kind]}, {one["id"] for one in source[kind]})
        for route in source["routes"]:
            seen = next(one for one in document["routes"] if one["id"] == route["id"])
            self.assertEqual([seen[name] for name in ("hosts", "path", "origin")],
                             [route[name] for name in ("hosts", "path", "origin")])
            self.assertEqual({rule["id"] for rule in seen["rules"]},
                             {rule["id"] for rule in source["rules"] if {route["id"], "*"} & set(rule["routes"])})

    def test_images_come_through_pipes_and_say_who_signed(self):
        private, public = self.folder / "k", self.folder / "p"
        key = run("gate", "keygen", "--private", private, "--public", public).stdout.decode().split()[-1]
        image = run("gate", "compile", GATE, "-o", "-").stdout
        signed = run("gate", "sign", "-", "--key", private, "-o", "-", stdin=image).stdout
        before, after = (self.json_of(YES, "gate", "inspect", "-", stdin=one) for one in (image, signed))
        self.assertEqual((before["signed"], before["key_id"]), (False, None))
        self.assertEqual((after["signed"], after["key_id"]), (True, key))
        self.assertEqual(before["content_hash"], after["content_hash"])

    def test_what_is_no_gate_ends_with_3(self):
        image = run("gate", "compile", GATE, "-o", "-").stdout
        self.says(BROKEN, "IMAGE_DAMAGED", "gate", "inspect", self.file("cut.gate", image[:-1]))
        self.says(BROKEN, "GATE_JSON", "gate", "inspect", "-", stdin=b"{")
        self.says(USAGE, "nowhere", "gate", "inspect", "nowhere")


class GateSigningTest(CliTest):
    def setUp(self):
        super().setUp()
        self.key, self.pub, self.image = (self.folder / name for name in ("gate.key", "gate.pub", "shop.gate"))
        self.ends(run("gate", "keygen", "--private", self.key, "--public", self.pub), YES)
        self.ends(run("gate", "compile", GATE, "-o", self.image), YES)

    def signed(self):
        self.ends(run("gate", "sign", self.image, "--key", self.key, "-o", self.image), YES)
        return self.image

    def verdict(self, status, *arguments):
        return self.json_of(status, "gate", "verify", *arguments)["reason"]["name"]

    def test_signs_and_verifies(self):
        before = self.json_of(YES, "gate", "compile", GATE, "-o", self.image)["content_hash"]
        json_ = self.json_of(YES, "gate", "verify", self.signed(), "--key", self.pub)
        self.assertEqual((json_["valid"], json_["reason"]["name"], json_["version"]), (True, "OK", 0))
        self.assertEqual(json_["content_hash"], before)
        self.assertRegex(json_["key_id"], r"^[0-9a-f]{16}$")
        text = self.ends(run("gate", "verify", self.image, "--key", self.pub), YES).stdout.decode()
        self.assertRegex(text, rf"verdict +valid\n(.*\n)*content hash +{before}\nkey id +{json_['key_id']}\n")
        self.assertEqual(run("gate", "verify", "-", "--key", self.pub, stdin=self.image.read_bytes()).returncode, YES)

    def test_the_content_hash_is_of_everything_but_the_seal(self):
        image = self.signed().read_bytes()
        json_ = self.json_of(YES, "gate", "verify", self.image, "--key", self.pub)
        self.assertEqual(hashlib.sha256(image[:32] + image[32 + 104:]).hexdigest(), json_["content_hash"])
        self.assertEqual(image[32:64].hex(), json_["content_hash"])

    def test_every_key_that_is_given_is_trusted(self):
        other, other_pub = self.folder / "other.key", self.folder / "other.pub"
        self.ends(run("gate", "keygen", "--private", other, "--public", other_pub), YES)
        self.assertNotEqual(self.key.read_bytes(), other.read_bytes())
        self.assertEqual(self.verdict(NO, self.signed(), "--key", other_pub), "IMAGE_SIGNATURE")
        self.assertEqual(self.verdict(YES, self.image, "--key", other_pub, "--key", self.pub), "OK")

    def test_what_is_refused_is_named(self):
        self.assertEqual(self.verdict(NO, self.image, "--key", self.pub), "IMAGE_UNSIGNED")
        self.signed()
        self.assertEqual(self.verdict(NO, self.image, "--key", self.pub, "--version-min", 1), "IMAGE_ROLLBACK")
        damaged = self.file("damaged", self.image.read_bytes()[:-1])
        self.assertEqual(self.verdict(NO, damaged, "--key", self.pub), "IMAGE_DAMAGED")
        text = self.ends(run("gate", "verify", GATE, "--key", self.pub), NO).stdout.decode()
        self.assertRegex(text, r"verdict +refused\nreason +IMAGE_FORMAT \(5020\): .*\n$")

    def test_an_older_version_of_the_source_is_refused(self):
        source = self.file("gate.json", json.dumps({**json.loads(GATE.read_text()), "version": 7}))
        self.assertEqual(self.json_of(YES, "gate", "compile", source, "-o", self.image)["version"], 7)
        self.signed()
        self.assertEqual(self.verdict(YES, self.image, "--key", self.pub, "--version-min", 7), "OK")
        self.assertEqual(self.verdict(NO, self.image, "--key", self.pub, "--version-min", 8), "IMAGE_ROLLBACK")

    def test_signing_again_changes_nothing(self):
        first = self.signed().read_bytes()
        self.assertEqual(self.signed().read_bytes(), first)
        result = run("gate", "sign", "-", "--key", self.key, "-o", "-", stdin=first)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (YES, first, b""))

    def test_a_signed_image_decides(self):
        arguments = ["--keys", f"shop-id={KEYS}", "--cases", CASES]
        self.ends(run("decide", "--gate", self.signed(), *arguments), YES)

    def test_keys_are_for_their_owner_and_never_replaced(self):
        self.assertEqual(self.key.stat().st_mode & 0o777, 0o600)
        before = self.key.read_bytes()
        self.says(USAGE, "File exists", "gate", "keygen", "--private", self.key, "--public", self.folder / "new.pub")
        self.assertEqual(self.key.read_bytes(), before)
        self.assertFalse((self.folder / "new.pub").exists())

    def test_other_tools_read_the_keys(self):
        if shutil.which("openssl") is None:
            self.skipTest("no openssl")
        public = subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout"], capture_output=True, timeout=60)
        self.assertEqual(public.stdout, self.pub.read_bytes())

    def test_wrong_keys_are_named_and_end_with_3(self):
        self.says(BROKEN, f"{self.pub}: KEY_PEM", "gate", "sign", self.image, "--key", self.pub, "-o", self.image)
        self.says(BROKEN, f"{self.key}: KEY_PRIVATE", "gate", "verify", self.image, "--key", self.key)
        self.says(BROKEN, f"{GATE}: IMAGE_FORMAT", "gate", "sign", GATE, "--key", self.key, "-o", self.image)
        self.says(USAGE, "nowhere", "gate", "verify", self.image, "--key", self.folder / "nowhere")


class BoundaryTest(CliTest):
    """What reviewers sign, and what of it commands believe."""

    DATE = 1767225599  # 2025-12-31T23:59:59Z

    def setUp(self):
        super().setUp()
        for name in ("ann", "bob", "maker"):
            self.ends(run("gate", "keygen", "--private", self.key(name), "--public", self.pub(name)), YES)
        self.receipt = self.folder / "receipt.json"

    def key(self, name):
        return self.folder / f"{name}.key"

    def pub(self, name):
        return self.folder / f"{name}.pub"

    def review(self, name, *arguments, boundary=GATE):
        return self.ends(run("boundary", "review", boundary, "--key", self.key(name), "--now", self.DATE,
                             "-o", self.receipt, *arguments), YES)

    def both(self):
        self.review("ann")
        self.review("bob", "--receipt", self.receipt)

    def keys(self, *names):
        return [word for name in names for word in ("--reviewer-key", self.pub(name))]

    def within(self, boundary=GATE, *arguments):
        return ["gate", "compile", GATE, "--within", boundary, "--receipt", self.receipt, *self.keys("ann", "bob"),
                "-o", self.folder / "out.gate", *arguments]

    def test_reviewers_sign_one_after_the_other(self):
        self.both()
        hash_ = self.json_of(YES, "gate", "inspect", GATE)["content_hash"]
        receipt = json.loads(self.receipt.read_text())
        self.assertEqual((receipt["receipt"], receipt["boundary"], len(receipt["reviews"])), (1, hash_, 2))
        json_ = self.json_of(YES, "boundary", "verify", GATE, self.receipt, *self.keys("ann", "bob"), "--reviews-min", 2)
        self.assertEqual((json_["valid"], json_["boundary"]), (True, hash_))
        self.assertEqual([(r["date"], r["counts"]) for r in json_["reviews"]], [("2025-12-31T23:59:59Z", True)] * 2)

    def test_a_review_says_what_was_signed_and_when(self):
        text = self.review("ann").stdout.decode()
        self.assertRegex(text, r"^boundary +[0-9a-f]{64}\ndate +2025-12-31T23:59:59Z\nreviews +1\n$")
        piped = run("boundary", "review", "-", "--key", self.key("ann"), "--now", self.DATE, "-o", "-",
                    stdin=GATE.read_bytes())
        self.assertEqual((piped.returncode, piped.stdout, piped.stderr), (YES, self.receipt.read_bytes(), b""))
        before = int(time.time())
        self.ends(run("boundary", "review", GATE, "--key", self.key("ann"), "-o", self.receipt), YES)
        date = json.loads(self.receipt.read_text())["reviews"][0]["date"]
        signed = calendar.timegm(time.strptime(date, "%Y-%m-%dT%H:%M:%SZ"))
        self.assertTrue(before <= signed <= time.time(), date)

    def test_other_tools_check_the_signature(self):
        if shutil.which("openssl") is None:
            self.skipTest("no openssl")
        self.review("ann")
        receipt = json.loads(self.receipt.read_text())
        review = receipt["reviews"][0]
        text = b"ostiary boundary review 1" + bytes.fromhex(receipt["boundary"]) + review["date"].encode()
        result = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", self.pub("ann"), "-rawin", "-in",
                                 self.file("text", text), "-sigfile",
                                 self.file("signature", bytes.fromhex(review["signature"]))], capture_output=True, timeout=60)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_what_does_not_count_is_told(self):
        self.both()
        verify = ["boundary", "verify", GATE, self.receipt]
        json_ = self.json_of(NO, *verify, *self.keys("ann"), "--reviews-min", 2)
        self.assertEqual((json_["valid"], json_["reason"]["name"]), (False, "RECEIPT_REVIEW"))
        self.assertEqual(sorted(r["counts"] for r in json_["reviews"]), [False, True])
        text = self.ends(run(*verify, *self.keys("ann")), YES).stdout.decode()
        self.assertRegex(text, r"(?m)^review +[0-9a-f]{16}  2025-12-31T23:59:59Z  does not count$")
        self.assertEqual(self.json_of(NO, *verify, *self.keys("maker"))["reason"]["name"], "RECEIPT_REVIEW")
        other = self.file("other.json", GATE.read_text().replace("/admin/exports/*", "/admin/extracts/*"))
        json_ = self.json_of(NO, "boundary", "verify", other, self.receipt, *self.keys("ann"))
        self.assertEqual((json_["reason"]["name"], {r["counts"] for r in json_["reviews"]}), ("RECEIPT_BOUNDARY", {False}))

    def test_the_commands_of_the_page_work(self):
        for name in ("gate.json", "boundary.json"):
            self.file(name, (SHOP / name).read_bytes())
        for path in self.folder.glob("*.key"):
            path.unlink()
        for path in self.folder.glob("*.pub"):
            path.unlink()
        page = (ROOT / "docs/boundaries.md").read_text()
        commands = re.findall(r"(?m)^    ostiary (.*)$", page)
        self.assertEqual(len(commands), 9)
        for command in commands:
            with self.subTest(command):
                self.ends(run(*command.split(), cwd=self.folder), YES)
        hash_ = self.json_of(YES, "gate", "inspect", SHOP / "boundary.json")["content_hash"]
        block = self.json_of(YES, "gate", "inspect", self.folder / "shop.gate")["boundary"]
        self.assertEqual((block["hash"], block["prover"], len(block["reviews"])), (hash_, 1, 2))
        text = self.ends(run("gate", "inspect", self.folder / "shop.gate"), YES).stdout.decode()
        self.assertRegex(text, rf"(?m)^boundary\n +hash +{hash_}$")
        decide = ["decide", "--gate", self.folder / "shop.gate", "--keys", f"shop-id={KEYS}", "--cases", CASES]
        self.ends(run(*decide), YES)

    def test_no_image_of_a_gate_that_is_outside(self):
        boundary = SHOP / "boundary.json"
        self.review("ann", boundary=boundary)
        wide = self.file("wide.json", GATE.read_text().replace('"scopes": {"all": ["orders:admin"]},', ""))
        out = self.folder / "out.gate"
        words = ["--within", boundary, "--receipt", self.receipt, *self.keys("ann"), "-o", out]
        error = self.says(NO, f"GATE_OUTSIDE: ", "gate", "compile", wide, *words).stderr.decode()
        self.assertRegex(error, r"https://api\.shop\.example/\S+, .*; the rule \"[a-z-]+\" allows it; within the boundary .+\n$")
        self.assertEqual(self.json_of(NO, "gate", "compile", wide, *words)["errors"][0]["reason"]["name"], "GATE_OUTSIDE")
        self.assertFalse(out.exists())
        tokens = self.file("tokens.json", GATE.read_text().replace('["https://api.shop.example"],\n', '["https://x.example"],\n'))
        self.says(NO, "GATE_OUTSIDE", "gate", "compile", tokens, *words)
        self.ends(run("gate", "compile", GATE, *words), YES)
        self.assertTrue(out.exists())

    def test_a_proved_image_meets_what_doors_ask(self):
        boundary, image = SHOP / "boundary.json", self.folder / "shop.gate"
        self.review("ann", boundary=boundary)
        compiled = self.json_of(YES, "gate", "compile", GATE, "--within", boundary, "--receipt", self.receipt,
                                *self.keys("ann"), "-o", image)
        plain = self.json_of(YES, "gate", "compile", GATE, "-o", self.folder / "plain.gate")
        self.assertIsNone(plain["boundary"])
        self.assertEqual(compiled["counts"], plain["counts"])
        verify = ["gate", "verify", image, "--key", self.pub("maker")]
        self.assertEqual(self.json_of(NO, *verify)["reason"]["name"], "IMAGE_UNSIGNED")
        self.ends(run("gate", "sign", image, "--key", self.key("maker"), "-o", image), YES)
        hash_ = compiled["boundary"]["hash"]
        json_ = self.json_of(YES, *verify, "--boundary", hash_, *self.keys("ann", "bob"), "--reviews-min", 1)
        self.assertEqual((json_["boundary"], json_["reason"]["name"]), (compiled["boundary"], "OK"))
        for demand, reason in ((["--boundary", GATE], "IMAGE_BOUNDARY"), (self.keys("bob"), "IMAGE_REVIEW"),
                               ([*self.keys("ann", "bob"), "--reviews-min", 2], "IMAGE_REVIEW")):
            with self.subTest(demand):
                self.assertEqual(self.json_of(NO, *verify, *demand)["reason"]["name"], reason)
        text = self.ends(run(*verify, "--boundary", boundary), YES).stdout.decode()
        self.assertRegex(text, rf"(?m)^boundary +{hash_}\nreviews +1$")


    def test_a_boundary_is_what_it_means(self):
        self.review("ann")
        spaced = self.file("spaced.json", json.dumps(json.loads(GATE.read_text()), indent=7))
        self.ends(run("boundary", "verify", spaced, self.receipt, *self.keys("ann")), YES)

    def test_wrong_files_are_named(self):
        self.review("ann")
        review = ["boundary", "review", GATE, "--key", self.key("ann"), "-o", self.folder / "out"]
        bad = self.file("bad.json", "{}")
        self.says(BROKEN, f"{bad}: RECEIPT_FORMAT", *review, "--receipt", bad)
        self.says(BROKEN, "RECEIPT_FORMAT", *review, "--receipt", self.file("empty", ""))
        self.says(BROKEN, f"{bad}: RECEIPT_FORMAT", "boundary", "verify", GATE, bad, *self.keys("ann"))
        self.says(BROKEN, f"{bad}:1:1: GATE_MISSING_MEMBER", "boundary", "verify", bad, self.receipt, *self.keys("ann"))
        self.says(BROKEN, f"{self.pub('ann')}: KEY_PEM", *review[:4], self.pub("ann"), *review[5:])
        self.says(USAGE, "nowhere", *review, "--receipt", "nowhere")
        self.says(USAGE, "--now", *review, "--now", 253402300800)
        other = self.file("other.json", GATE.read_text().replace("/admin/exports/*", "/admin/extracts/*"))
        self.says(BROKEN, f"{self.receipt}: RECEIPT_BOUNDARY", "boundary", "review", other, *review[3:], "--receipt",
                  self.receipt)
        self.assertFalse((self.folder / "out").exists())

    def test_no_image_within_a_boundary_that_too_few_reviewed(self):
        self.review("ann")
        self.says(NO, "RECEIPT_REVIEW", *self.within(GATE, "--reviews-min", 2))
        other = self.file("other.json", GATE.read_text().replace("/admin/exports/*", "/admin/extracts/*"))
        self.says(NO, "RECEIPT_BOUNDARY", *self.within(other))
        self.receipt.write_text("{}")
        self.says(BROKEN, f"{self.receipt}: RECEIPT_FORMAT", *self.within())
        bad = self.file("bad.json", "{")
        self.says(BROKEN, f"{bad}:1:2: GATE_JSON", *self.within(bad))
        self.assertFalse((self.folder / "out.gate").exists())

    def test_an_image_without_proof_is_refused_where_one_is_asked_for(self):
        image = self.folder / "shop.gate"
        self.ends(run("gate", "compile", GATE, "-o", image), YES)
        self.ends(run("gate", "sign", image, "--key", self.key("maker"), "-o", image), YES)
        verify = ["gate", "verify", image, "--key", self.pub("maker")]
        hash_ = self.json_of(YES, *verify)["content_hash"]
        self.assertIsNone(self.json_of(YES, *verify)["boundary"])
        for demand in (["--boundary", hash_], ["--boundary", GATE], self.keys("ann"), ["--reviews-min", 1]):
            with self.subTest(demand):
                self.assertEqual(self.json_of(NO, *verify, *demand)["reason"]["name"], "IMAGE_UNPROVED")
        self.says(USAGE, "No such file", *verify, "--boundary", hash_[:-1])


class TrustTest(CliTest):
    DEPLOY = ROOT / "examples/github-deploy"
    ROLE = "arn:aws:iam::222233334444:role/shop-deployer"

    def check(self, status, policy, *more):
        file = self.file("trust.json", policy.encode())
        return self.json_of(status, "trust", "check", self.DEPLOY / "gate.json", "--role", f"{self.ROLE}={file}", *more)

    def policy(self):
        return (self.DEPLOY / "staging-trust.json").read_text()

    def test_lint_ends_with_1_when_a_finding_is_blocking(self):
        self.assertEqual(self.json_of(YES, "trust", "lint", self.DEPLOY / "staging-trust.json")["findings"], [])
        open_policy = self.policy().replace("repository_id", "job_workflow_ref").encode()
        found = self.json_of(NO, "trust", "lint", "-", stdin=open_policy)
        self.assertIn("M3", [finding["id"] for finding in found["findings"]])
        self.ends(run("trust", "lint", "-", stdin=open_policy), NO)

    def test_lint_tells_what_is_no_trust_policy(self):
        self.says(BROKEN, "1:2: GATE_UNKNOWN_MEMBER", "trust", "lint", "-", stdin=b'{"Rule": 1}')
        errors = self.json_of(BROKEN, "trust", "lint", "-", stdin=b"{")["errors"]
        self.assertEqual(errors[0]["reason"]["name"], "GATE_JSON")
        self.says(BROKEN, "GATE_LIMIT", "trust", "lint", "-", stdin=b" " * 200_000)

    def test_check_answers_both_questions(self):
        good = self.check(YES, self.policy())
        self.assertEqual(good["checks"][0]["refused"]["answer"], "agrees")
        self.assertTrue(good["checks"][0]["around_is_unseen"])
        other = self.check(NO, self.policy().replace("heads/main", "heads/prod"))
        self.assertEqual(other["checks"][0]["refused"]["witness"]["ref"], "refs/heads/main")
        self.assertEqual(other["checks"][0]["around"]["witness"]["ref"], "refs/heads/prod")

    def test_check_names_the_file_that_is_not_sound(self):
        gate = self.DEPLOY / "gate.json"
        bad = self.file("bad.json", b"{}")
        self.says(BROKEN, "bad.json:1:1: GATE_MISSING_MEMBER", "trust", "check", gate, "--role", f"{self.ROLE}={bad}")
        policy = self.DEPLOY / "staging-trust.json"
        self.says(BROKEN, "GATE_REFERENCE", "trust", "check", gate, "--role", f"{self.ROLE}s={policy}")
        self.says(BROKEN, "bad.json:1:1", "trust", "check", bad, "--role", f"{self.ROLE}={policy}")
        for role in (self.ROLE, "=x", f"{self.ROLE}="):
            self.says(USAGE, "ARN=FILE", "trust", "check", gate, "--role", role)


class ReasonsTest(CliTest):
    def test_the_registry(self):
        reasons = json.loads((ROOT / "src/core/reasons.json").read_text())["reasons"]
        expected = [{**reason, "clause": reason["clause"] or None} for reason in reasons]
        self.assertEqual(self.json_of(YES, "reasons")["reasons"], expected)
        lines = self.ends(run("reasons"), YES).stdout.decode().splitlines()
        self.assertEqual(len(lines), len(reasons) + 1)
        self.assertEqual([line.split()[:2] for line in lines[1:]], [[str(r["number"]), r["name"]] for r in reasons])
        self.assertEqual(len({line.index(r["text"]) for line, r in zip(lines[1:], reasons)}), 1)

    def test_the_rules_of_the_inspector(self):
        reasons = {row["name"]: row for row in json.loads((ROOT / "src/core/reasons.json").read_text())["reasons"]}
        rules = json.loads((ROOT / "src/http/findings.json").read_text())["rules"]
        expected = [{"reason": {"number": reasons[rule["reason"]]["number"], "name": rule["reason"]},
                     "disposition": rule["disposition"], "waivable": rule["waivable"], "lenses": rule["lenses"],
                     "doors": rule["doors"], "clause": reasons[rule["reason"]]["clause"] or None,
                     "text": reasons[rule["reason"]]["text"]} for rule in rules]
        self.assertEqual(self.json_of(YES, "reasons", "--findings")["rules"], expected)
        lines = self.ends(run("reasons", "--findings"), YES).stdout.decode().splitlines()
        self.assertEqual([line.split()[1:3] for line in lines[1:]], [[r["reason"], r["disposition"]] for r in rules])
        self.assertEqual([r["reason"] for r in rules if r["waivable"]],
                         [line.split()[1] for line in lines if "waivable" in line.split()[3].rstrip(",")])


class TerminalTest(CliTest):
    def on_terminal(self, *arguments, **environment):
        inherited = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        main, other = pty.openpty()
        try:
            process = subprocess.Popen([BINARY, *map(str, arguments)], stdout=other, stderr=subprocess.PIPE,
                                       stdin=subprocess.DEVNULL, env={**inherited, **environment})
            os.close(other)
            output = b""
            try:
                while piece := os.read(main, 65536):
                    output += piece
            except OSError:  # how a terminal says that the other end is gone
                pass
            messages = process.communicate(timeout=60)[1]
        finally:
            os.close(main)
        return process.returncode, output, messages

    def test_colours_only_on_a_terminal_that_wants_them(self):
        health = [*DECIDE, SHOP / "requests/001-curl-health.http"]
        status, output, _ = self.on_terminal(*health)
        self.assertEqual(status, YES)
        self.assertIn(b"\x1b[32mallow\x1b[0m", output)
        self.assertNotIn(b"\x1b", self.on_terminal(*health, NO_COLOR="1")[1])
        self.assertNotIn(b"\x1b", self.on_terminal(*health, "--json")[1])
        self.assertNotIn(b"\x1b", run(*health).stdout)

    def test_images_are_not_written_to_a_terminal(self):
        for arguments in ([*DECIDE, "--image", SHOP / "requests/001-curl-health.http"],
                          ["gate", "compile", GATE, "-o", "-"],
                          ["inspect", "--emit", SHOP / "requests/001-curl-health.http"]):
            status, output, messages = self.on_terminal(*arguments)
            self.assertEqual((status, output), (USAGE, b""))
            self.assertIn(b"no text", messages)

    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            for arguments in (["reasons"], ["--help"], [*DECIDE, SHOP / "requests/001-curl-health.http"]):
                result = subprocess.run([BINARY, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE, timeout=60)
                self.assertEqual(result.returncode, USAGE)
                self.assertIn(b"standard output", result.stderr)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    BINARY = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
