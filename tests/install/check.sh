#!/usr/bin/env bash
# Installs a build into an empty prefix, moves it, and builds and runs a consumer of every kind against it.
# Usage: check.sh BUILD_DIRECTORY CXX CC
set -euo pipefail
build=$1 cxx=$2 cc=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/first" >"$work/install.log"
# An installed tree may be moved; nothing in it may name where it was built.
mv "$work/first" "$work/prefix"
prefix=$work/prefix
if grep -rIl --include='*.cmake' --include='*.pc' --include='*.hpp' --include='*.h' -e "$root" -e "$work/first" "$prefix"; then
  echo "installed files name the build" >&2
  exit 1
fi

configure() { cmake -G Ninja -S "$here/$1" -B "$work/$1" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_C_COMPILER="$cc" "${@:2}"; }

echo "== find_package, C++ and C"
configure find_package -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release
cmake --build "$work/find_package"
for program in core_only static_cpp shared_c; do "$work/find_package/$program"; done

echo "== pkg-config, C"
export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name ostiary.pc)")
libdir=$(pkg-config --variable=libdir ostiary)
read -ra flags <<<"$(pkg-config --cflags --libs ostiary)"
for flag in "${flags[@]}"; do
  case $flag in
    -I* | -L* | -lostiary) ;;
    *) echo "pkg-config exposes $flag" >&2 && exit 1 ;;
  esac
done
"$cc" -std=c11 -Wall -Wextra -Werror -o "$work/c_consumer" "$here/consumer.c" "${flags[@]}"
LD_LIBRARY_PATH=$libdir "$work/c_consumer"

echo "== add_subdirectory, the header-only core"
configure add_subdirectory -DOSTIARY_ROOT="$root" -DCMAKE_BUILD_TYPE=Release
cmake --build "$work/add_subdirectory" --target core_only
"$work/add_subdirectory/core_only"

echo "== the command"
"$prefix/bin/ostiary" --version
