#!/usr/bin/env bash
# Formats every tracked C and C++ file, or with --check says which differ.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=(-i)
[[ ${1-} == --check ]] && mode=(--dry-run --Werror)
# Generated files have the form their generator gives them.
mapfile -d '' -t files < <(git ls-files -z -- '*.cpp' '*.hpp' '*.c' '*.h' \
  '*.inc' ':!include/ostiary/core/reason.hpp' ':!capi/include/ostiary.h' \
  ':!include/ostiary/http/known_field_table.hpp' ':!include/ostiary/http/finding_rules.hpp' \
  ':!tests/unit/http/lookalike_points.hpp')
clang-format-19 "${mode[@]}" --style=file "${files[@]}"
echo "${#files[@]} passed, 0 failed, 0 skipped"
