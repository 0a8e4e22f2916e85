# Sourced by ./run and ./test: says which packages are needed and installs the missing ones where it may.
# shellcheck shell=bash

BUILD_PACKAGES=(g++ cmake ninja-build pkg-config binutils python3 libssl-dev libsimdjson-dev libcli11-dev nlohmann-json3-dev)
TEST_PACKAGES=(libgtest-dev libgmock-dev libbenchmark-dev git g++-aarch64-linux-gnu qemu-user-static
  clang-14 libclang-rt-14-dev clang-format-19 clang-tidy-19
  clang-19 lld-19 wasi-libc libc++-19-dev-wasm32 libc++abi-19-dev-wasm32 libclang-rt-19-dev-wasm32
  python3-venv python3-dev pybind11-dev nginx-light haproxy)

installed() { [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]; }

# Prints those of its arguments that are missing.
missing_packages() {
  local package
  for package in "$@"; do
    case $package in
      # A node from elsewhere conflicts with Debian's packages and serves as well.
      nodejs) command -v node >/dev/null || echo "$package" ;;
      npm) command -v npm >/dev/null || echo "$package" ;;
      *) installed "$package" || echo "$package" ;;
    esac
  done
}

# Installs what is missing, or names it and stops with status 2.
require_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    require_tools_without_apt "$@"
    return
  fi
  local missing as_root=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      echo "These packages are missing, and installing them needs root:" >&2
      echo "  apt-get install ${missing[*]}" >&2
      exit 2
    fi
    as_root=(sudo -n)
  fi
  echo "installing ${missing[*]}"
  mkdir -p build
  if ! { "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
    >build/packages.log 2>&1; then
    tail -n 20 build/packages.log >&2
    echo "Installing failed; the whole log is build/packages.log. Needed: ${missing[*]}" >&2
    exit 2
  fi
}

# Another system: go on if the compiler and the libraries can be found, name the Debian packages if not.
require_tools_without_apt() {
  local tool
  for tool in c++ cmake ninja python3 pkg-config; do
    if ! command -v "$tool" >/dev/null; then
      echo "$tool was not found. This script installs packages on Debian and Ubuntu only; elsewhere, install what" >&2
      echo "corresponds to: $*" >&2
      exit 2
    fi
  done
}

# logged <log> <command...>: quiet; on failure the end of the log is shown.
logged() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "failed: $* (whole log: $log)" >&2
    return 1
  fi
}
