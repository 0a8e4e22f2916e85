// What the command does not print unless it is asked to: terminals are recorded, screens are shared, and error output
// ends up in logs.
#pragma once

#include "policy/secrets.hpp"

namespace ostiary::cli {

using policy::holds_token;
using policy::is_secret_name;
using policy::size_only;
using policy::without_tokens;

}  // namespace ostiary::cli
