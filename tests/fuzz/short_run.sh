#!/usr/bin/env bash
# Lets one fuzzer search for a bounded time, starting from its seeds.
# Usage: short_run.sh LOGS SECONDS PROGRAM
set -euo pipefail
logs=$1 seconds=$2 program=$3
subject=$(basename "$program")
subject=${subject#fuzz_}
here=$(dirname "${BASH_SOURCE[0]}")
found=build/fuzz-corpus/$subject
mkdir -p "$found" "$logs"

dictionary=()
[[ -f $here/$subject.dict ]] && dictionary=(-dict="$here/$subject.dict")
seeds=()
[[ -d $here/corpus/$subject ]] && seeds=("$here/corpus/$subject")

# 255 makes xargs stop and fail.
"$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
  -artifact_prefix="$logs/$subject-" "${dictionary[@]}" "$found" "${seeds[@]}" >"$logs/$subject.log" 2>&1 || {
  tail -n 60 "$logs/$subject.log"
  echo "fuzz_$subject found something; the input is in $logs"
  exit 255
}
echo "fuzz_$subject: $(grep -oP 'stat::number_of_executed_units: \K\d+' "$logs/$subject.log") inputs"
