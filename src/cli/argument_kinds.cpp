#include "argument_kinds.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace ostiary::cli {

CLI::Validator not_empty() {
  return {[](std::string& text) { return text.empty() ? std::string("must not be empty") : std::string(); }, ""};
}

CLI::Validator one_of(std::vector<std::string> texts) {
  return {[texts = std::move(texts)](std::string& text) {
            if (std::find(texts.begin(), texts.end(), text) != texts.end()) return std::string();
            std::string expected = "expected ";
            for (std::size_t i = 0; i < texts.size(); ++i) {
              expected += (i == 0 ? "" : i + 1 == texts.size() ? " or " : ", ") + texts[i];
            }
            return expected;
          },
          ""};
}

CLI::Option* add_number(CLI::App& app, const char* name, std::optional<std::int64_t>& number, NumberRange range,
                        const char* help) {
  const auto read = [name, &number, range](const CLI::results_t& results) {
    const std::string& text = results.front();
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < range.min || value > range.max) {
      throw CLI::ValidationError(
          name, "expected a whole number from " + std::to_string(range.min) + " to " + std::to_string(range.max));
    }
    number = value;
    return true;
  };
  return app.add_option(name, read, help);
}

void add_now(CLI::App& app, std::optional<std::int64_t>& now_s) {
  constexpr std::int64_t kNowMax = (std::int64_t{1} << 53) - 1;
  add_number(app, "--now", now_s, {0, kNowMax}, "Seconds since 1970; the system clock when absent")
      ->type_name("SECONDS");
}

CLI::Option* add_repeatable(CLI::App& app, const char* name, std::vector<std::string>& values, const char* help) {
  return app.add_option(name, values, help)->allow_extra_args(false)->check(not_empty());
}

}  // namespace ostiary::cli
