#!/usr/bin/env bash
# clang-tidy over every compiled source, and over the public headers through one file that includes them all.
# Usage: tidy.sh BUILD_DIRECTORY [JOBS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$1 jobs=${2:-2}

umbrella=$build/all_public_headers.cpp
# The suites for ARM and WebAssembly compile what is theirs.
git ls-files -- 'include/ostiary/*.hpp' ':!include/ostiary/http/scan/neon.hpp' ':!include/ostiary/http/scan/wasm.hpp' ':!include/ostiary/core/base64url/neon.hpp' | sed 's|^include/\(.*\)|#include <\1>|' >"$umbrella"
status=0
clang-tidy-19 --quiet "$umbrella" -- -std=c++20 -Iinclude || status=1

mapfile -d '' -t sources < <(git ls-files -z -- 'src/*.cpp' 'capi/src/*.cpp')
printf '%s\0' "${sources[@]}" |
  xargs -0 -n 1 -P "$jobs" clang-tidy-19 --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option ||
  status=1
((status)) && exit 1
echo "$((${#sources[@]} + 1)) passed, 0 failed, 0 skipped"
