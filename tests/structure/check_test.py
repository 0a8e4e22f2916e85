#!/usr/bin/env python3
"""A check that never fires is no check: each rule of check.py is broken once here, in a tree of its own."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import check  # noqa: E402


class BrokenRules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(setattr, check, "ROOT", check.ROOT)
        check.ROOT = pathlib.Path(folder.name)

    def problems(self, rule, path, text):
        file = check.ROOT / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return list(rule())

    def assert_broken(self, rule, path, text):
        self.assertEqual(len(self.problems(rule, path, text)), 1, text)

    def assert_kept(self, rule, path, text):
        self.assertEqual(self.problems(rule, path, text), [], text)

    def test_public_headers_include_the_standard_library_only(self):
        rule = check.check_public_headers
        self.assert_broken(rule, "include/ostiary/token/a.hpp", "#include <openssl/evp.h>\n")
        self.assert_broken(rule, "include/ostiary/token/a.hpp", '#include "near.hpp"\n')
        self.assert_kept(rule, "include/ostiary/token/a.hpp", "#include <ostiary/core/bytes.hpp>\n#include <vector>\n")

    def test_rooms_point_one_way(self):
        rule = check.check_rooms
        self.assert_broken(rule, "include/ostiary/http/a.hpp", "#include <ostiary/token/jws.hpp>\n")
        self.assert_broken(rule, "include/ostiary/http/a.hpp", "#include <ostiary/engine.hpp>\n")
        self.assert_kept(rule, "include/ostiary/http/a.hpp", "#include <ostiary/core/bytes.hpp>\n")
        self.assert_broken(rule, "src/core/a.cpp", '#include "http/a.hpp"\n')
        self.assert_kept(rule, "src/core/a.cpp", "#include <cstdint>\n")
        self.assert_kept(rule, "src/policy/a.cpp", '#include "adapt/json.hpp"\n#include <ostiary/http/a.hpp>\n')
        self.assert_kept(rule, "include/ostiary/engine.hpp", "#include <ostiary/policy/decide.hpp>\n")

    def test_headers_never_see_the_adapters(self):
        self.assert_broken(check.check_rooms, "include/ostiary/token/a.hpp", "#include <adapt/json.hpp>\n")

    def test_only_adapters_include_libraries(self):
        rule = check.check_rooms
        for header in ("openssl/evp.h", "simdjson.h", "absl/strings/str_cat.h", "nlohmann/json.hpp", "unistd.h"):
            self.assert_broken(rule, "src/token/a.cpp", f"#include <{header}>\n")
        (check.ROOT / "src/token/a.cpp").unlink()
        self.assert_kept(rule, "src/adapt/a.cpp", "#include <openssl/evp.h>\n#include <nlohmann/json.hpp>\n")
        self.assert_broken(check.check_adapters_are_sealed, "src/adapt/a.hpp", "#include <openssl/evp.h>\n")

    def test_what_adapters_share_of_a_library_stays_with_them(self):
        rule, include = check.check_adapters_are_sealed, f'#include "{check.ADAPTERS_OWN}"\n'
        self.assert_kept(rule, f"src/{check.ADAPTERS_OWN}", "#include <openssl/evp.h>\n")
        self.assert_kept(rule, "src/adapt/a.cpp", include)
        self.assert_broken(rule, "src/adapt/a.hpp", include)
        (check.ROOT / "src/adapt/a.hpp").unlink()
        self.assert_broken(rule, "src/token/a.cpp", include)

    def test_bindings_see_only_the_c_header(self):
        rule = check.check_bindings
        self.assert_broken(rule, "bindings/python/src/module.cpp", "#include <ostiary/engine.hpp>\n")
        self.assert_kept(rule, "bindings/python/src/module.cpp", "#include <ostiary.h>\n")

    def test_functions_fit_a_screen(self):
        rule, filler = check.check_function_length, "  work();\n"
        for head in ("int run(int a) {\n", "Gate::Gate(int a) : a_(a) {\n", "auto f() const noexcept -> int {\n",
                     "namespace x {\nvoid f(const char* text = \"{\") {\n"):
            self.assert_broken(rule, "src/core/a.cpp", head + filler * check.FUNCTION_LINES_MAX + "}\n")
            self.assert_kept(rule, "src/core/a.cpp", head + filler * (check.FUNCTION_LINES_MAX - 3) + "}\n")
        self.assert_kept(rule, "src/core/a.cpp", "struct Big {\n" + "  int member;\n" * 200 + "};\n")
        self.assert_kept(rule, "src/core/a.cpp", "constexpr int kTable[] = {\n" + "  1,\n" * 200 + "};\n")

    def test_banned_calls_are_found_in_code_only(self):
        rule = check.check_banned_calls
        for call in ("printf(x);", "std::snprintf(b, 1, x);", "getenv(x);", "auto t = time(nullptr);", "std::cout << 1;",
                     "throw 1;", "abort();", "assert(x);", "std::chrono::system_clock::now();", "rand();"):
            self.assert_broken(rule, "src/core/a.cpp", call + "\n")
        for fine in ("// throw away", 'auto s = "printf(";', "static_assert(true);", "int lifetime(int);",
                     "/* abort() */", "auto s = R\"(throw)\";", "x.runtime(1);", "constexpr int k = 1'000;"):
            self.assert_kept(rule, "src/core/a.cpp", fine + "\n")
        (check.ROOT / "src/core/a.cpp").unlink()
        self.assert_kept(rule, "src/cli/a.cpp", "std::cout << 1;\n")

    def test_every_reason_needs_a_test(self):
        rule, registry = check.check_every_reason_is_tested, check.ROOT / "src/core/reasons.json"
        registry.parent.mkdir(parents=True)
        registry.write_text('{"reasons": [{"name": "OK", "class": "ok"}, {"name": "HEAD_EMPTY", "class": "request"}]}')
        self.assert_broken(rule, "tests/unit/http/a_test.cpp", "// kHeadEmptyish\n")
        self.assert_kept(rule, "tests/unit/http/a_test.cpp", "Reason::kHeadEmpty\n")
        self.assert_kept(rule, "tests/unit/http/a_test.cpp", '"HEAD_EMPTY"\n')


if __name__ == "__main__":
    unittest.main()
