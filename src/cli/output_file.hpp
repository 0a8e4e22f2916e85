// Files that the command writes.
#pragma once

#include <string>
#include <string_view>

namespace ostiary::cli {

// All of them throw Stop with kUsage, naming the file.

/// A door may have the old image mapped, so a file is never changed in place: it is replaced by a whole new one. Pipes
/// and devices are written to.
void replace_file(const std::string& file, std::string_view bytes);

/// A new file; one that is there already is left as it is, and named.
void create_file(const std::string& file, std::string_view bytes);

/// The same, and nobody but its owner may read it.
void create_secret_file(const std::string& file, std::string_view bytes);

}  // namespace ostiary::cli
