#!/usr/bin/env bash
# What bench/lake.py measures, once and small, to see that it works: a generated log of two million events into a data
# folder, the same report from both, one customer shown, erased, and gone.
#
#     bench/smoke.sh target/release 2000000
set -euo pipefail

programs=$(cd "$1" && pwd)
events=$2
journey=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/journey.yaml
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

"$programs/examples/bench_log" --events "$events" --out log.parquet
"$programs/footpath" import --events log.parquet --data lake
"$programs/footpath" measure "$journey" --events log.parquet --format json -o files.json
"$programs/footpath" measure "$journey" --data lake --format json -o lake.json
cmp files.json lake.json
# The first customer of the log; ids rise, and the generator is the same everywhere.
"$programs/examples/bench_log" --events 20 --csv first.csv --order customer
customer=$(sed -n '2{s/,.*//;p;}' first.csv)
"$programs/footpath" timeline "$customer" --data lake >timeline.txt
"$programs/footpath" erase "$customer" --data lake
if "$programs/footpath" timeline "$customer" --data lake >/dev/null; then
  echo "customer $customer is there after erasing" >&2
  exit 1
fi
"$programs/footpath" verify --data lake
printf '%s events: one report from files and from a data folder; %s events of one customer, and then none\n' \
  "$events" "$(wc -l <timeline.txt)"
