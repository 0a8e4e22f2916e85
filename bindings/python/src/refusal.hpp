// A refused token as an exception that costs little: services are sent garbage all day.
#pragma once

#include "support.hpp"

namespace ostiary_python {

/// An ostiary.TokenError for this Reason of the token class. It is returned, to be raised by Python: an exception that
/// crosses C++ takes longer than all of the verification before it.
[[nodiscard]] py::object make_token_error(ostiary_reason reason, std::uint32_t offset);

}  // namespace ostiary_python
