// The inspector through the C interface: options, heads in parts, every detail of the view.
#include "unit/capi/handles.hpp"

#include <cstdint>
#include <set>

namespace {

using namespace ostiary_c;

constexpr std::string_view kGetWithBody = "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";

TEST(CInspection, AWaivedRuleIsLeftToTheCallerAndNamed) {
  Inspected seen(kGetWithBody);
  EXPECT_EQ(seen.verdict(), OSTIARY_BODY_UNEXPECTED);
  EXPECT_EQ(ostiary_inspection_waived_count(seen), 0U);
  ASSERT_EQ(seen.with_waived(kGetWithBody, {OSTIARY_PATH_UTF8, OSTIARY_BODY_UNEXPECTED}), OSTIARY_OK);
  EXPECT_TRUE(seen.complete());
  ASSERT_EQ(ostiary_inspection_waived_count(seen), 1U);
  EXPECT_EQ(ostiary_inspection_waived_at(seen, 0), OSTIARY_BODY_UNEXPECTED);
  EXPECT_EQ(ostiary_inspection_waived_at(seen, 1), OSTIARY_OK);
  ASSERT_EQ(seen.with_waived("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", {OSTIARY_BODY_UNEXPECTED}), OSTIARY_OK);
  EXPECT_EQ(ostiary_inspection_waived_count(seen), 0U) << "waived and not needed";
}

TEST(CInspection, WhatCannotBeWaivedIsRefusedAndNothingIsInspected) {
  Inspected seen(kGetWithBody);
  for (const ostiary_reason rule : {OSTIARY_LENGTH_WITH_ENCODING, OSTIARY_TOKEN_EXPIRED, OSTIARY_OK, 999, -1}) {
    ostiary_error error = OSTIARY_ERROR_INIT;
    EXPECT_EQ(seen.with_waived(kGetWithBody, {OSTIARY_BODY_UNEXPECTED, rule}, &error), OSTIARY_USAGE_WAIVER);
    EXPECT_EQ(error.offset, 1U) << "the index";
    EXPECT_EQ(ostiary_inspection_progress(seen), OSTIARY_PROGRESS_REJECTED);
    EXPECT_EQ(ostiary_inspection_sees(seen, OSTIARY_HOST_MISSING), 0U);
  }
  ostiary_inspect_options options = OSTIARY_INSPECT_OPTIONS_INIT;
  options.waived_count = 1;
  EXPECT_EQ(ostiary_inspect_bytes_with(seen, bytes(kGetWithBody), &options, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CInspection, ExactlyTheWaivableRulesCanBeWaived) {
  Inspected seen;
  std::set<ostiary_reason> registered;
  for (size_t i = 0; i < ostiary_rule_count(); ++i) {
    ostiary_rule_info rule;
    ostiary_rule_info found;
    ASSERT_EQ(ostiary_rule_at(i, &rule), OSTIARY_OK);
    ASSERT_EQ(ostiary_rule_find(rule.reason, &found), OSTIARY_OK);
    EXPECT_EQ(found.traits, rule.traits);
    EXPECT_EQ(rule.reserved, 0U);
    EXPECT_TRUE(registered.empty() || *registered.rbegin() < rule.reason);
    registered.insert(rule.reason);
    const bool waivable = (rule.traits & OSTIARY_RULE_WAIVABLE) != 0;
    EXPECT_EQ(seen.with_waived("x", {rule.reason}), waivable ? OSTIARY_OK : OSTIARY_USAGE_WAIVER) << rule.reason;
    EXPECT_TRUE(!waivable || rule.disposition == OSTIARY_DISPOSITION_REJECT) << rule.reason;
  }
  ostiary_rule_info rule;
  EXPECT_EQ(ostiary_rule_at(ostiary_rule_count(), &rule), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_rule_find(OSTIARY_TOKEN_EXPIRED, &rule), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_rule_find(OSTIARY_HEAD_BARE_LF, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_rule_at(0, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CInspection, EachDoorTellsWhatItCannotSee) {
  Inspected seen("GET / HTTP/1.1\n");
  const ostiary_head head = [] {
    ostiary_head made = OSTIARY_HEAD_INIT;
    made.method = bytes("GET");
    made.target = bytes("/");
    made.authority = bytes("a");
    return made;
  }();
  const auto expect_traits = [&](uint32_t door) {
    for (size_t i = 0; i < ostiary_rule_count(); ++i) {
      ostiary_rule_info rule;
      ASSERT_EQ(ostiary_rule_at(i, &rule), OSTIARY_OK);
      EXPECT_EQ(ostiary_inspection_sees(seen, rule.reason), (rule.traits & door) != 0 ? 1U : 0U) << rule.reason;
    }
  };
  expect_traits(OSTIARY_RULE_BYTES_DOOR);
  ASSERT_EQ(ostiary_inspect_fields(seen, &head, nullptr), OSTIARY_OK);
  expect_traits(OSTIARY_RULE_FIELDS_DOOR);
  EXPECT_EQ(ostiary_inspection_sees(seen, OSTIARY_TOKEN_EXPIRED), 0U);
  EXPECT_EQ(ostiary_inspection_sees(Inspected(), OSTIARY_HOST_MISSING), 0U);
}

TEST(CInspection, TheSchemeTakesItsPortOffAndMustAgree) {
  Inspected seen;
  ostiary_inspect_options options = OSTIARY_INSPECT_OPTIONS_INIT;
  const auto inspect = [&](std::string_view head) {
    EXPECT_EQ(ostiary_inspect_bytes_with(seen, bytes(head), &options, nullptr), OSTIARY_OK);
  };
  inspect("GET / HTTP/1.1\r\nHost: a:443\r\n\r\n");
  EXPECT_EQ(ostiary_inspection_port(seen), 443U);
  EXPECT_EQ(ostiary_inspection_scheme(seen), OSTIARY_SCHEME_UNKNOWN);
  options.scheme = OSTIARY_SCHEME_HTTPS;
  inspect("GET / HTTP/1.1\r\nHost: a:443\r\n\r\n");
  EXPECT_EQ(ostiary_inspection_port(seen), 0U);
  EXPECT_EQ(ostiary_inspection_scheme(seen), OSTIARY_SCHEME_HTTPS);
  inspect("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_FALSE(seen.complete());
  options.scheme = 3;
  EXPECT_EQ(ostiary_inspect_bytes_with(seen, bytes("x"), &options, nullptr), OSTIARY_USAGE_ARGUMENT);
  options.scheme = -1;
  EXPECT_EQ(ostiary_inspect_bytes_with(seen, bytes("x"), &options, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CInspection, EveryDetailOfTheViewIsThere) {
  const std::string_view head =
      "GET https://A.example:8443/x/%7e?q HTTP/1.1\r\nHost: a.example:8443\r\nX-A: 1\r\nx_b: 2\r\nx-a: 3\r\n\r\n";
  Inspected seen(head);
  ASSERT_EQ(seen.verdict(), OSTIARY_OK);
  EXPECT_EQ(ostiary_inspection_version(seen), OSTIARY_HTTP_1_1);
  EXPECT_EQ(ostiary_inspection_scheme(seen), OSTIARY_SCHEME_HTTPS);
  EXPECT_EQ(ostiary_inspection_target_form(seen), OSTIARY_FORM_ABSOLUTE);
  EXPECT_EQ(text(ostiary_inspection_authority(seen)), "A.example:8443");
  EXPECT_EQ(text(ostiary_inspection_raw_path(seen)), "/x/%7e");
  EXPECT_EQ(text(ostiary_inspection_path(seen)), "/x/~");
  EXPECT_EQ(ostiary_inspection_path_is_ambiguous(seen), 0U);
  EXPECT_EQ(ostiary_inspection_has_underscore_names(seen), 1U);
  EXPECT_EQ(ostiary_inspection_findings_truncated(seen), 0U);
  EXPECT_EQ(ostiary_inspection_field_find(seen, bytes("X-a"), 0), 1U);
  EXPECT_EQ(ostiary_inspection_field_find(seen, bytes("x-A"), 2), 3U);
  EXPECT_EQ(ostiary_inspection_field_find(seen, bytes("x-a"), 4), OSTIARY_NOT_FOUND);
  EXPECT_EQ(ostiary_inspection_field_find(seen, bytes("absent"), 0), OSTIARY_NOT_FOUND);
  EXPECT_EQ(ostiary_inspection_field_find(seen, kDangling, 0), OSTIARY_NOT_FOUND);
  EXPECT_EQ(ostiary_inspection_field_find(seen, kNone, OSTIARY_NOT_FOUND), OSTIARY_NOT_FOUND);
  EXPECT_EQ(ostiary_inspection_field_at(seen, OSTIARY_NOT_FOUND).name.data, nullptr);

  ASSERT_EQ(ostiary_inspect_bytes(seen, bytes("OPTIONS * HTTP/1.0\r\nHost: a\r\n\r\n"), nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_inspection_version(seen), OSTIARY_HTTP_1_0);
  EXPECT_EQ(ostiary_inspection_target_form(seen), OSTIARY_FORM_ASTERISK);
  EXPECT_EQ(ostiary_inspection_authority(seen).data, nullptr);
  EXPECT_EQ(ostiary_inspection_has_underscore_names(seen), 0U);
}

TEST(CInspection, APathIsSeenThroughEveryLens) {
  Inspected seen("GET /a;b/%2525/c HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_EQ(seen.verdict(), OSTIARY_OK);
  EXPECT_EQ(ostiary_inspection_path_is_ambiguous(seen), 1U);
  char memory[14];
  ostiary_bytes path;
  const auto through = [&](ostiary_lens lens) {
    EXPECT_EQ(ostiary_inspection_lens_path(seen, lens, memory, sizeof(memory), &path, nullptr), OSTIARY_OK);
    return text(path);
  };
  EXPECT_EQ(through(OSTIARY_LENS_RFC3986), text(ostiary_inspection_path(seen)));
  EXPECT_EQ(through(OSTIARY_LENS_MATRIX), "/a/%2525/c");
  EXPECT_EQ(through(OSTIARY_LENS_DOUBLE_DECODE), "/a;b/%25/c");
  EXPECT_EQ(ostiary_inspection_lens_path(seen, 0, memory, 11, &path, nullptr), OSTIARY_USAGE_SCRATCH_TOO_SMALL);
  EXPECT_EQ(path.data, nullptr);
  EXPECT_EQ(ostiary_inspection_lens_path(seen, 0, nullptr, 1, &path, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_lens_path(seen, 0, nullptr, 0, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  for (const ostiary_lens lens : {-1, OSTIARY_LENS_COUNT}) {
    EXPECT_EQ(ostiary_inspection_lens_path(seen, lens, memory, 14, &path, nullptr), OSTIARY_USAGE_ARGUMENT);
  }
  const auto raw_size = [&] { return ostiary_inspection_raw_path(seen).len; };
  ASSERT_EQ(seen.with_waived("GET /x/..%2fy HTTP/1.1\r\nHost: a\r\n\r\n", {OSTIARY_PATH_ENCODED_SEPARATOR}),
            OSTIARY_OK);
  ASSERT_EQ(seen.verdict(), OSTIARY_OK);
  ASSERT_LE(raw_size(), sizeof(memory));
  EXPECT_EQ(through(OSTIARY_LENS_NGINX), "/y");
  EXPECT_NE(through(OSTIARY_LENS_RFC3986), "/y");
  ASSERT_EQ(seen.with_waived("GET /..%2fy HTTP/1.1\r\nHost: a\r\n\r\n", {OSTIARY_PATH_ENCODED_SEPARATOR}), OSTIARY_OK);
  EXPECT_EQ(ostiary_inspection_lens_path(seen, OSTIARY_LENS_NGINX, memory, 14, &path, nullptr),
            OSTIARY_PATH_ABOVE_ROOT);
  EXPECT_EQ(through(OSTIARY_LENS_BACKSLASH), "/y") << "stays at the root";
  ASSERT_EQ(ostiary_inspect_bytes(seen, bytes("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), nullptr), OSTIARY_OK);
  EXPECT_EQ(through(OSTIARY_LENS_NGINX), "*");
  ASSERT_EQ(ostiary_inspect_bytes(seen, bytes("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"), nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_inspection_target_form(seen), OSTIARY_FORM_AUTHORITY);
  EXPECT_EQ(through(OSTIARY_LENS_NGINX), "<absent>");
  EXPECT_EQ(ostiary_inspection_lens_path(nullptr, 0, nullptr, 0, &path, nullptr), OSTIARY_OK);
  EXPECT_EQ(path.data, nullptr);
}

TEST(CInspection, TheVersionOfFieldsBringsItsRules) {
  Inspected seen;
  const ostiary_field field = {bytes("X-Upper"), bytes("1")};
  ostiary_head head = OSTIARY_HEAD_INIT;
  head.method = bytes("GET");
  head.target = bytes("/");
  head.authority = bytes("a");
  head.fields = &field;
  head.field_count = 1;
  head.version = OSTIARY_HTTP_2;
  ASSERT_EQ(ostiary_inspect_fields(seen, &head, nullptr), OSTIARY_OK);
  EXPECT_EQ(seen.verdict(), OSTIARY_FIELD_NAME_CASE);
  head.struct_size = offsetof(ostiary_head, version);  // what a program of the first release has
  ASSERT_EQ(ostiary_inspect_fields(seen, &head, nullptr), OSTIARY_OK);
  EXPECT_TRUE(seen.complete());
  EXPECT_EQ(ostiary_inspection_version(seen), OSTIARY_HTTP_UNKNOWN);
  head.struct_size -= 1;
  EXPECT_EQ(ostiary_inspect_fields(seen, &head, nullptr), OSTIARY_USAGE_STRUCT_SIZE);
  head.struct_size = sizeof(head);
  head.reserved = 1;
  EXPECT_EQ(ostiary_inspect_fields(seen, &head, nullptr), OSTIARY_USAGE_UNKNOWN_OPTION);
  head.reserved = 0;
  for (const ostiary_http_version version : {-1, 5}) {
    head.version = version;
    EXPECT_EQ(ostiary_inspect_fields(seen, &head, nullptr), OSTIARY_USAGE_ARGUMENT);
  }
}

TEST(CInspection, UnknownOptionsAreRefusedNotIgnored) {
  Inspected seen;
  struct {
    ostiary_inspect_options known = OSTIARY_INSPECT_OPTIONS_INIT;
    std::uint64_t future = 0;
  } options;
  const auto inspect = [&] { return ostiary_inspect_bytes_with(seen, bytes("x"), &options.known, nullptr); };
  options.known.struct_size = sizeof(options);
  EXPECT_EQ(inspect(), OSTIARY_OK);
  options.future = 1;
  EXPECT_EQ(inspect(), OSTIARY_USAGE_UNKNOWN_OPTION);
  options = {};
  options.known.flags = 1;
  EXPECT_EQ(inspect(), OSTIARY_USAGE_UNKNOWN_OPTION);
  options = {};
  options.known.reserved = 1;
  EXPECT_EQ(inspect(), OSTIARY_USAGE_UNKNOWN_OPTION);
  options = {};
  options.known.struct_size = 8;
  EXPECT_EQ(inspect(), OSTIARY_USAGE_STRUCT_SIZE);
}

TEST(CInspection, AHeadInPartsComesToTheSameWhereverItIsCut) {
  const std::string head =
      "POST /a/../b?x=1 HTTP/1.1\r\nHost: A.example\r\nContent-Length: 5\r\nCookie: a=1\r\nX-Long: " +
      std::string(300, 'x') + "\r\n\r\n";
  Inspected whole(head);
  ASSERT_TRUE(whole.complete());
  for (const size_t step : {size_t{1}, size_t{7}, size_t{64}}) {
    Inspected seen;
    for (size_t size = 0; size < head.size(); size += step) {
      const std::string so_far = head.substr(0, size);  // at another place each time
      ASSERT_EQ(ostiary_inspect_more(seen, bytes(so_far), nullptr, nullptr), OSTIARY_OK);
      ASSERT_EQ(ostiary_inspection_progress(seen), OSTIARY_PROGRESS_NEED_MORE) << size;
      ASSERT_EQ(ostiary_inspection_path(seen).data, nullptr);
    }
    ASSERT_EQ(ostiary_inspect_more(seen, bytes(head + "body"), nullptr, nullptr), OSTIARY_OK);
  }
  Inspected seen;
  ASSERT_EQ(ostiary_inspect_more(seen, bytes(head.substr(0, 40)), nullptr, nullptr), OSTIARY_OK);
  ASSERT_EQ(ostiary_inspect_more(seen, bytes(head), nullptr, nullptr), OSTIARY_OK);
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(ostiary_inspection_head_size(seen), head.size());
  EXPECT_EQ(text(ostiary_inspection_path(seen)), text(ostiary_inspection_path(whole)));
  EXPECT_EQ(text(ostiary_inspection_host(seen)), text(ostiary_inspection_host(whole)));
  ASSERT_EQ(ostiary_inspection_field_count(seen), ostiary_inspection_field_count(whole));
  for (size_t i = 0; i < ostiary_inspection_field_count(seen); ++i) {
    EXPECT_EQ(text(ostiary_inspection_field_at(seen, i).value), text(ostiary_inspection_field_at(whole, i).value));
  }
}

TEST(CInspection, TheNextHeadBeginsAfterAVerdictOrAReset) {
  Inspected seen;
  const auto more = [&](std::string_view so_far) {
    EXPECT_EQ(ostiary_inspect_more(seen, bytes(so_far), nullptr, nullptr), OSTIARY_OK);
    return ostiary_inspection_progress(seen);
  };
  EXPECT_EQ(more("GET /one HTTP/1.1\r\nHost: a\r\n\r\n"), OSTIARY_PROGRESS_COMPLETE);
  EXPECT_EQ(more("G"), OSTIARY_PROGRESS_NEED_MORE);
  EXPECT_EQ(more("GET /two\n"), OSTIARY_PROGRESS_REJECTED);
  EXPECT_EQ(more("GET /three HTTP/1.1\r\nHost"), OSTIARY_PROGRESS_NEED_MORE);
  ostiary_inspection_reset(seen);
  EXPECT_EQ(ostiary_inspection_progress(seen), OSTIARY_PROGRESS_REJECTED);
  EXPECT_EQ(more("GET /4 HTTP/1.1\r\nHost: b\r\n\r\n"), OSTIARY_PROGRESS_COMPLETE);
  EXPECT_EQ(text(ostiary_inspection_path(seen)), "/4");
  EXPECT_EQ(text(ostiary_inspection_host(seen)), "b");
  ASSERT_EQ(more("GET /five HT"), OSTIARY_PROGRESS_NEED_MORE);
  ASSERT_EQ(ostiary_inspect_bytes(seen, bytes("GET /6 HTTP/1.1\r\nHost: c\r\n\r\n"), nullptr), OSTIARY_OK);
  EXPECT_EQ(more("GET /7"), OSTIARY_PROGRESS_NEED_MORE) << "shorter than what was abandoned";
}

TEST(CInspection, FewerBytesOrOtherOptionsAreAMistakeAndEndTheHead) {
  Inspected seen;
  ostiary_inspect_options options = OSTIARY_INSPECT_OPTIONS_INIT;
  const std::string head = "GET /one HTTP/1.1\r\nHost: a\r\n\r\n";
  const auto more = [&](std::string_view so_far) {
    return ostiary_inspect_more(seen, bytes(so_far), &options, nullptr);
  };
  ASSERT_EQ(more(head.substr(0, 20)), OSTIARY_OK);
  EXPECT_EQ(more(head.substr(0, 19)), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_progress(seen), OSTIARY_PROGRESS_REJECTED);
  ASSERT_EQ(more(head.substr(0, 3)), OSTIARY_OK) << "a new head";
  options.scheme = OSTIARY_SCHEME_HTTPS;
  EXPECT_EQ(more(head), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_progress(seen), OSTIARY_PROGRESS_REJECTED);
  ASSERT_EQ(more(head.substr(0, 3)), OSTIARY_OK);
  options.flags = 1;
  EXPECT_EQ(more(head), OSTIARY_USAGE_UNKNOWN_OPTION);
  options.flags = 0;
  EXPECT_EQ(ostiary_inspect_more(seen, kDangling, &options, nullptr), OSTIARY_USAGE_ARGUMENT);
  ASSERT_EQ(more(head), OSTIARY_OK);
  EXPECT_TRUE(seen.complete());
}

TEST(CInspection, NullIsAnErrorOrNothing) {
  ostiary_head head = OSTIARY_HEAD_INIT;
  EXPECT_EQ(ostiary_inspect_bytes_with(nullptr, kNone, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspect_fields_with(nullptr, &head, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspect_more(nullptr, kNone, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspect_fields_with(Inspected(), nullptr, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  ostiary_inspection_reset(nullptr);
  EXPECT_EQ(ostiary_inspection_version(nullptr), OSTIARY_HTTP_UNKNOWN);
  EXPECT_EQ(ostiary_inspection_scheme(nullptr), OSTIARY_SCHEME_UNKNOWN);
  EXPECT_EQ(ostiary_inspection_target_form(nullptr), OSTIARY_FORM_ORIGIN);
  EXPECT_EQ(ostiary_inspection_authority(nullptr).data, nullptr);
  EXPECT_EQ(ostiary_inspection_raw_path(nullptr).data, nullptr);
  EXPECT_EQ(ostiary_inspection_path_is_ambiguous(nullptr), 0U);
  EXPECT_EQ(ostiary_inspection_has_underscore_names(nullptr), 0U);
  EXPECT_EQ(ostiary_inspection_findings_truncated(nullptr), 0U);
  EXPECT_EQ(ostiary_inspection_waived_count(nullptr), 0U);
  EXPECT_EQ(ostiary_inspection_waived_at(nullptr, 0), OSTIARY_OK);
  EXPECT_EQ(ostiary_inspection_sees(nullptr, OSTIARY_HOST_MISSING), 0U);
  EXPECT_EQ(ostiary_inspection_field_find(nullptr, bytes("a"), 0), OSTIARY_NOT_FOUND);
}

}  // namespace
