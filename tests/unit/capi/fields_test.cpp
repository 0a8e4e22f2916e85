// What fields say, through the C interface: cookies, query parameters, credentials, structured fields.
#include "unit/capi/handles.hpp"

#include <array>
#include <cstdint>

namespace {

using namespace ostiary_c;

std::string get(std::string_view target, std::string_view fields = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

/// A list as "name=value" and, where the value is absent, "name".
template <typename List>
std::vector<std::string> pairs(const ostiary_inspection* inspection, List list) {
  std::array<ostiary_pair, OSTIARY_PAIRS_MAX> out;
  size_t count = 99;
  EXPECT_EQ(list(inspection, out.data(), out.size(), &count, nullptr), OSTIARY_OK);
  std::vector<std::string> read;
  for (size_t i = 0; i < count; ++i) {
    read.push_back(text(out[i].name) + (out[i].value.data == nullptr ? "" : "=" + text(out[i].value)));
  }
  return read;
}

using Strings = std::vector<std::string>;

TEST(CFields, CookiesAreListedAndFound) {
  const std::string head = get("/", "Cookie: a=1; b=; nameless; A=2; c=x=y; twice=1; twice=1\r\n");
  const Inspected seen(head);
  EXPECT_EQ(pairs(seen, ostiary_inspection_cookies), (Strings{"a=1", "b=", "A=2", "c=x=y", "twice=1", "twice=1"}));
  ostiary_bytes value;
  EXPECT_EQ(ostiary_inspection_cookie_find(seen, bytes("c"), &value, nullptr), OSTIARY_OK);
  EXPECT_EQ(text(value), "x=y");
  EXPECT_EQ(ostiary_inspection_cookie_find(seen, bytes("b"), &value, nullptr), OSTIARY_OK);
  EXPECT_EQ(text(value), "") << "present and empty";
  EXPECT_EQ(ostiary_inspection_cookie_find(seen, bytes("C"), &value, nullptr), OSTIARY_OK);
  EXPECT_EQ(value.data, nullptr);
  ostiary_error error = OSTIARY_ERROR_INIT;
  EXPECT_EQ(ostiary_inspection_cookie_find(seen, bytes("twice"), &value, &error), OSTIARY_COOKIE_DUPLICATE);
  EXPECT_EQ(value.data, nullptr);
  EXPECT_EQ(error.offset, head.rfind("twice"));
  EXPECT_EQ(text(ostiary_inspection_cookie_nameless(seen)), "nameless");
  EXPECT_EQ(ostiary_inspection_cookie_nameless(Inspected(get("/", "Cookie: a=1\r\n"))).data, nullptr);
}

TEST(CFields, AListTellsHowLongItIsAndWritesNoMoreThanThereIsRoomFor) {
  const std::string head = get("/?a=1&b=2&c=3", "Cookie: a=1; b=2; c=3\r\nAuthorization: X a=1, b=2, c=3\r\n");
  const Inspected seen(head);
  size_t count = 0;
  std::array<ostiary_pair, 3> out = {};
  EXPECT_EQ(ostiary_inspection_cookies(seen, nullptr, 0, &count, nullptr), OSTIARY_OK);
  EXPECT_EQ(count, 3U);
  EXPECT_EQ(ostiary_inspection_cookies(seen, out.data(), 2, &count, nullptr), OSTIARY_OK);
  EXPECT_EQ(count, 3U);
  EXPECT_EQ(text(out[1].name), "b");
  EXPECT_EQ(out[2].name.data, nullptr);
  out = {};
  EXPECT_EQ(ostiary_inspection_parameters(seen, out.data(), 1, &count, nullptr), OSTIARY_OK);
  EXPECT_EQ(count, 3U);
  EXPECT_EQ(out[1].name.data, nullptr);
  std::array<ostiary_auth_parameter, 3> parameters = {};
  EXPECT_EQ(ostiary_inspection_auth_parameters(seen, parameters.data(), 1, &count, nullptr), OSTIARY_OK);
  EXPECT_EQ(count, 3U);
  EXPECT_EQ(parameters[1].name.data, nullptr);
}

TEST(CFields, ParametersAreListedAsSentAndFoundDecoded) {
  const Inspected seen(get("/?a=%41+b&&c&d=&%66=1&g=1;h=2&i=1&%69=2&list[]=1"));
  EXPECT_EQ(pairs(seen, ostiary_inspection_parameters),
            (Strings{"a=%41+b", "c", "d=", "%66=1", "g=1;h=2", "i=1", "%69=2", "list[]=1"}));
  ostiary_pair pair;
  const auto find = [&](std::string_view name) {
    return ostiary_inspection_parameter_find(seen, bytes(name), &pair, nullptr);
  };
  EXPECT_EQ(find("f"), OSTIARY_OK);
  EXPECT_EQ(text(pair.name), "%66");
  EXPECT_EQ(text(pair.value), "1");
  EXPECT_EQ(find("c"), OSTIARY_OK);
  EXPECT_EQ(text(pair.name), "c");
  EXPECT_EQ(pair.value.data, nullptr);
  EXPECT_EQ(find("h"), OSTIARY_OK);
  EXPECT_EQ(pair.name.data, nullptr);
  EXPECT_EQ(find("i"), OSTIARY_PARAMETER_DUPLICATE);
  EXPECT_EQ(pair.name.data, nullptr);
  EXPECT_EQ(find("list"), OSTIARY_PARAMETER_DUPLICATE);
}

TEST(CFields, TooManyParametersAreNoList) {
  std::string target = "/?a";
  for (int i = 1; i < OSTIARY_PAIRS_MAX; ++i) target += "&a";
  size_t count = 0;
  EXPECT_EQ(ostiary_inspection_parameters(Inspected(get(target)), nullptr, 0, &count, nullptr), OSTIARY_OK);
  EXPECT_EQ(count, 256U);
  EXPECT_EQ(ostiary_inspection_parameters(Inspected(get(target + "&a")), nullptr, 0, &count, nullptr),
            OSTIARY_PARAMETER_TOO_MANY);
  EXPECT_EQ(count, 0U);
}

TEST(CFields, ParametersAreDecodedOnceIntoMemoryOfTheCaller) {
  std::array<char, 8> memory;
  ostiary_bytes decoded;
  const auto decode = [&](std::string_view raw, uint32_t plus, size_t size) {
    return ostiary_parameter_decode(bytes(raw), plus, memory.data(), size, &decoded, nullptr);
  };
  EXPECT_EQ(decode("a%2541+", OSTIARY_PLUS_IS_SPACE, 8), OSTIARY_OK);
  EXPECT_EQ(text(decoded), "a%41 ");
  EXPECT_EQ(decode("a%00+", OSTIARY_PLUS_IS_PLUS, 8), OSTIARY_OK);
  EXPECT_EQ(text(decoded), std::string("a\0+", 3));
  EXPECT_EQ(decode("plain", OSTIARY_PLUS_IS_PLUS, 0), OSTIARY_OK);
  EXPECT_EQ(text(decoded), "plain");
  EXPECT_EQ(decode("", OSTIARY_PLUS_IS_PLUS, 0), OSTIARY_OK);
  EXPECT_EQ(text(decoded), "");
  EXPECT_EQ(decode("%41%41%41", OSTIARY_PLUS_IS_PLUS, 8), OSTIARY_USAGE_SCRATCH_TOO_SMALL);
  EXPECT_EQ(decoded.data, nullptr);
  EXPECT_EQ(decode("%4", OSTIARY_PLUS_IS_PLUS, 8), OSTIARY_PATH_ESCAPE);
  EXPECT_EQ(decode("a", 2, 8), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_parameter_decode(kNone, 0, nullptr, 0, &decoded, nullptr), OSTIARY_OK);
  EXPECT_EQ(decoded.data, nullptr) << "absent stays absent";
  EXPECT_EQ(ostiary_parameter_decode(kDangling, 0, nullptr, 0, &decoded, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_parameter_decode(bytes("a"), 0, nullptr, 5, &decoded, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_parameter_decode(bytes("a"), 0, nullptr, 0, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CFields, CredentialsAreTakenApart) {
  const Inspected seen(get("/", "Authorization: Digest Realm=\"a\\\"b\", nc=1\r\n"));
  ostiary_authorization read;
  ASSERT_EQ(ostiary_inspection_authorization(seen, &read, nullptr), OSTIARY_OK);
  EXPECT_EQ(text(read.scheme), "Digest");
  EXPECT_EQ(read.kind, OSTIARY_CREDENTIALS_PARAMETERS);
  std::array<ostiary_auth_parameter, OSTIARY_AUTH_PARAMETERS_MAX> parameters;
  size_t count = 0;
  ASSERT_EQ(ostiary_inspection_auth_parameters(seen, parameters.data(), parameters.size(), &count, nullptr),
            OSTIARY_OK);
  ASSERT_EQ(count, 2U);
  EXPECT_EQ(text(parameters[0].name), "Realm");
  EXPECT_EQ(parameters[0].quoted, 1U);
  EXPECT_EQ(text(parameters[1].value), "1");
  EXPECT_EQ(parameters[1].quoted, 0U);
  std::array<char, 8> memory;
  ostiary_bytes unquoted;
  EXPECT_EQ(ostiary_auth_unquote(parameters[0].value, memory.data(), memory.size(), &unquoted, nullptr), OSTIARY_OK);
  EXPECT_EQ(text(unquoted), "a\"b");
  EXPECT_EQ(ostiary_auth_unquote(parameters[0].value, memory.data(), 3, &unquoted, nullptr),
            OSTIARY_USAGE_SCRATCH_TOO_SMALL);

  const Inspected basic(get("/", "Authorization: Basic YTpi\r\n"));
  ASSERT_EQ(ostiary_inspection_authorization(basic, &read, nullptr), OSTIARY_OK);
  EXPECT_EQ(text(read.rest), "YTpi");
  EXPECT_EQ(read.kind, OSTIARY_CREDENTIALS_TOKEN68);
  const Inspected none(get("/"));
  ASSERT_EQ(ostiary_inspection_authorization(none, &read, nullptr), OSTIARY_OK);
  EXPECT_EQ(read.scheme.data, nullptr);
  EXPECT_EQ(ostiary_inspection_auth_parameters(none, nullptr, 0, &count, nullptr), OSTIARY_OK);
  EXPECT_EQ(count, 0U);
  const Inspected bad(get("/", "Authorization: X a=1, a=2\r\n"));
  EXPECT_EQ(ostiary_inspection_authorization(bad, &read, nullptr), OSTIARY_CREDENTIAL_MALFORMED);
  EXPECT_EQ(read.scheme.data, nullptr);
  EXPECT_EQ(ostiary_inspection_auth_parameters(bad, nullptr, 0, &count, nullptr), OSTIARY_CREDENTIAL_MALFORMED);
}

TEST(CFields, WithoutACompleteRequestThereIsNothingAndNullIsAnError) {
  const Inspected more("GET /?a=1 HTTP/1.1\r\nCookie: a=1\r\nAuthoriz");
  for (const ostiary_inspection* seen : {static_cast<const ostiary_inspection*>(more), {nullptr}}) {
    size_t count = 9;
    ostiary_bytes value = bytes("x");
    ostiary_pair pair = {bytes("x"), bytes("x")};
    ostiary_authorization read;
    EXPECT_EQ(ostiary_inspection_cookies(seen, nullptr, 0, &count, nullptr), OSTIARY_OK);
    EXPECT_EQ(count, 0U);
    count = 9;
    EXPECT_EQ(ostiary_inspection_parameters(seen, nullptr, 0, &count, nullptr), OSTIARY_OK);
    EXPECT_EQ(count, 0U);
    count = 9;
    EXPECT_EQ(ostiary_inspection_auth_parameters(seen, nullptr, 0, &count, nullptr), OSTIARY_OK);
    EXPECT_EQ(count, 0U);
    EXPECT_EQ(ostiary_inspection_cookie_find(seen, bytes("a"), &value, nullptr), OSTIARY_OK);
    EXPECT_EQ(value.data, nullptr);
    EXPECT_EQ(ostiary_inspection_parameter_find(seen, bytes("a"), &pair, nullptr), OSTIARY_OK);
    EXPECT_EQ(pair.name.data, nullptr);
    EXPECT_EQ(ostiary_inspection_authorization(seen, &read, nullptr), OSTIARY_OK);
    EXPECT_EQ(read.scheme.data, nullptr);
    EXPECT_EQ(ostiary_inspection_cookie_nameless(seen).data, nullptr);
  }
  size_t count = 9;
  ostiary_bytes value;
  ostiary_pair pair;
  EXPECT_EQ(ostiary_inspection_cookies(more, nullptr, 1, &count, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(count, 0U);
  EXPECT_EQ(ostiary_inspection_cookies(more, nullptr, 0, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_parameters(more, nullptr, 1, &count, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_auth_parameters(more, nullptr, 1, &count, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_cookie_find(more, kDangling, &value, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_cookie_find(more, bytes("a"), nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_parameter_find(more, kDangling, &pair, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_parameter_find(more, bytes("a"), nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_authorization(more, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_auth_unquote(kDangling, nullptr, 0, &value, nullptr), OSTIARY_USAGE_ARGUMENT);
}

class Structured {
 public:
  Structured() { EXPECT_EQ(ostiary_structured_new(&handle_, nullptr), OSTIARY_OK); }
  Structured(const Structured&) = delete;
  Structured& operator=(const Structured&) = delete;
  ~Structured() { ostiary_structured_free(handle_); }
  // NOLINTNEXTLINE(google-explicit-constructor): stands for its handle
  operator ostiary_structured*() const { return handle_; }

  ostiary_reason read(ostiary_structured_type type, std::string_view line, ostiary_error* error = nullptr) {
    const ostiary_bytes view = bytes(line);
    return ostiary_structured_read(handle_, type, &view, 1, error);
  }
  /// Every node as "place kind number text key".
  [[nodiscard]] Strings nodes() const {
    Strings read;
    for (size_t i = 0; i < ostiary_structured_node_count(handle_); ++i) {
      const ostiary_structured_node node = ostiary_structured_node_at(handle_, i);
      read.push_back(std::to_string(node.place) + " " + std::to_string(node.kind) + " " + std::to_string(node.number) +
                     " " + text(node.text) + " " + text(node.key));
    }
    return read;
  }

 private:
  ostiary_structured* handle_ = nullptr;
};

TEST(CFields, AStructuredFieldIsAListOfNodesInOrder) {
  Structured read;
  ASSERT_EQ(read.read(OSTIARY_STRUCTURED_DICTIONARY,
                      "a=(1 \"x\";p=:aGk=:);q, b, c=-1.5;d=@9;e=?0, f=tok, g=%\"%c3%a9\", h=\"\""),
            OSTIARY_OK);
  EXPECT_EQ(read.nodes(),
            (Strings{"0 9 0 <absent> a", "2 6 1 <absent> q", "1 1 1 <absent> <absent>", "1 3 0 x <absent>",
                     "2 5 0 hi p", "0 6 1 <absent> b", "0 2 -1500 <absent> c", "2 7 9 <absent> d", "2 6 0 <absent> e",
                     "0 4 0 tok f", "0 8 0 \xc3\xa9 g", "0 3 0  h"}));
  EXPECT_EQ(ostiary_structured_has_repeated_key(read), 0U);
  ASSERT_EQ(read.read(OSTIARY_STRUCTURED_LIST, "1;a=1;a=2, ()"), OSTIARY_OK);
  EXPECT_EQ(read.nodes(), (Strings{"0 1 1 <absent> <absent>", "2 1 2 <absent> a", "0 9 0 <absent> <absent>"}));
  EXPECT_EQ(ostiary_structured_has_repeated_key(read), 1U);
  ASSERT_EQ(read.read(OSTIARY_STRUCTURED_ITEM, "tok;a"), OSTIARY_OK);
  EXPECT_EQ(read.nodes(), (Strings{"0 4 0 tok <absent>", "2 6 1 <absent> a"}));
  EXPECT_EQ(ostiary_structured_has_repeated_key(read), 0U);
  EXPECT_EQ(ostiary_structured_node_at(read, 2).kind, OSTIARY_STRUCTURED_NONE);
}

TEST(CFields, AFaultLeavesNoNodes) {
  Structured read;
  ostiary_error error = OSTIARY_ERROR_INIT;
  ASSERT_EQ(read.read(OSTIARY_STRUCTURED_LIST, "1, 2"), OSTIARY_OK);
  EXPECT_EQ(read.read(OSTIARY_STRUCTURED_LIST, "1, 2,", &error), OSTIARY_STRUCTURED_FIELD_SYNTAX);
  EXPECT_EQ(error.offset, 4U);
  EXPECT_EQ(ostiary_structured_node_count(read), 0U);
  EXPECT_EQ(read.read(OSTIARY_STRUCTURED_DICTIONARY, "a=1, A=2"), OSTIARY_STRUCTURED_FIELD_KEY);
  EXPECT_EQ(read.read(OSTIARY_STRUCTURED_ITEM, ""), OSTIARY_STRUCTURED_FIELD_SYNTAX);
  EXPECT_EQ(read.read(OSTIARY_STRUCTURED_LIST, ""), OSTIARY_OK);
  EXPECT_EQ(ostiary_structured_read(read, OSTIARY_STRUCTURED_DICTIONARY, nullptr, 0, nullptr), OSTIARY_OK);
  for (const ostiary_structured_type type : {-1, 3}) EXPECT_EQ(read.read(type, "1"), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_structured_read(read, OSTIARY_STRUCTURED_LIST, nullptr, 1, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_structured_read(read, OSTIARY_STRUCTURED_LIST, &kDangling, 1, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_structured_read(nullptr, OSTIARY_STRUCTURED_LIST, nullptr, 0, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_structured_new(nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  ostiary_structured_free(nullptr);
  EXPECT_EQ(ostiary_structured_node_count(nullptr), 0U);
  EXPECT_EQ(ostiary_structured_node_at(nullptr, 0).kind, OSTIARY_STRUCTURED_NONE);
  EXPECT_EQ(ostiary_structured_has_repeated_key(nullptr), 0U);
}

TEST(CFields, MemoryGrowsWithTheFieldUpToTheLimit) {
  Structured read;
  std::string members = "1";
  for (int i = 1; i < 1024; ++i) members += ",1;a;b;c";
  ASSERT_EQ(read.read(OSTIARY_STRUCTURED_LIST, members), OSTIARY_OK);
  EXPECT_EQ(ostiary_structured_node_count(read), 1024U + 3 * 1023);
  EXPECT_EQ(read.read(OSTIARY_STRUCTURED_LIST, members + ",1"), OSTIARY_STRUCTURED_FIELD_LIMIT);
  EXPECT_EQ(read.read(OSTIARY_STRUCTURED_ITEM, "1" + std::string(65535, ' ')), OSTIARY_OK);
  EXPECT_EQ(read.read(OSTIARY_STRUCTURED_ITEM, "1" + std::string(65536, ' ')), OSTIARY_STRUCTURED_FIELD_LIMIT);
}

TEST(CFields, AStructuredFieldOfARequestIsAllItsLines) {
  const Inspected seen(get("/", "Priority: u=1\r\nX-Other: z\r\npriority: i\r\n"));
  Structured read;
  const auto field = [&](ostiary_structured_type type, std::string_view name) {
    return ostiary_structured_read_field(read, type, seen, bytes(name), nullptr);
  };
  ASSERT_EQ(field(OSTIARY_STRUCTURED_DICTIONARY, "PRIORITY"), OSTIARY_OK);
  EXPECT_EQ(read.nodes(), (Strings{"0 1 1 <absent> u", "0 6 1 <absent> i"}));
  ASSERT_EQ(field(OSTIARY_STRUCTURED_DICTIONARY, "absent"), OSTIARY_OK);
  EXPECT_EQ(ostiary_structured_node_count(read), 0U);
  EXPECT_EQ(field(OSTIARY_STRUCTURED_ITEM, "absent"), OSTIARY_STRUCTURED_FIELD_SYNTAX);
  EXPECT_EQ(field(3, "priority"), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_structured_read_field(read, 0, Inspected("GET"), bytes("a"), nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_structured_read_field(nullptr, 0, seen, bytes("a"), nullptr), OSTIARY_USAGE_ARGUMENT);
}

}  // namespace
