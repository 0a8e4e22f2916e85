// What a Request carries: cookies, parameters, credentials. Inputs are lines of text.
#include "bench/frame/task.hpp"

#include <ostiary/http/authorization.hpp>
#include <ostiary/http/cookies.hpp>
#include <ostiary/http/query.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ostiary::bench {

namespace {

std::unique_ptr<Task> judge_cookies_task(const std::vector<Input>& inputs) {
  return loop_task(lines_of(inputs), [limits = Limits{}](const std::string& line) {
    std::uint32_t count = 0;
    const Error fault = judge_cookies(line, count, limits);
    keep(count);
    return fault.reason == Reason::kOk;
  });
}

std::unique_ptr<Task> read_cookies_task(const std::vector<Input>& inputs) {
  return loop_task(lines_of(inputs), [](const std::string& line) {
    std::size_t seen = 0;
    for (const Cookie& cookie : cookies(line)) {
      keep(cookie);
      ++seen;
    }
    return seen > 0;
  });
}

std::unique_ptr<Task> nameless_cookie_task(const std::vector<Input>& inputs) {
  return loop_task(lines_of(inputs), [](const std::string& line) { return !first_nameless_cookie(line).present(); });
}

std::unique_ptr<Task> find_cookie_task(const std::vector<Input>& inputs) {
  return loop_task(lines_of(inputs), [](const std::string& line) { return find_cookie(line, "session").ok(); });
}

std::unique_ptr<Task> find_parameter_task(const std::vector<Input>& inputs) {
  return loop_task(lines_of(inputs), [](const std::string& line) { return find_parameter(line, "page").ok(); });
}

std::unique_ptr<Task> authorization_task(const std::vector<Input>& inputs) {
  return loop_task(lines_of(inputs), [](const std::string& line) {
    const Result<Authorization> found = parse_authorization(line);
    keep(found);
    return found.ok();
  });
}

const Enter kJudgeCookies("ours", "judge_cookies", judge_cookies_task);
const Enter kReadCookies("ours", "read_cookies", read_cookies_task);
const Enter kNamelessCookie("ours", "nameless_cookie", nameless_cookie_task);
const Enter kFindCookie("ours", "find_cookie", find_cookie_task);
const Enter kFindParameter("ours", "find_parameter", find_parameter_task);
const Enter kAuthorization("ours", "authorization", authorization_task);

}  // namespace

}  // namespace ostiary::bench
