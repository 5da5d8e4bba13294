#!/bin/sh
# Searches 30 nights of 10,000 targets, 20 KB each, beside zstd -dc | grep of the same nights in the same run; then one
# night, one host, and the comparison of two nights. SHORT=1 takes two nights of 100 targets.
set -eu
cd "$(dirname "$0")/../.."
program=${PSRUN:-.build/release/psrun}
nights=${NIGHTS:-30}
targets=${TARGETS:-10000}
lines=${LINES_EACH:-185}
if [ -n "${SHORT:-}" ]; then nights=2 targets=100 lines=24; fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
bench=$(Tests/Benchmarks/build.sh RecordingBenchmark)
mkdir "$folder/runs"
night=0
while [ "$night" -lt "$nights" ]; do
    "$bench" "$folder/runs" "$targets" "$lines" "$night" >/dev/null
    night=$((night + 1))
done
cat "$folder"/runs/*/run.tar.zst >/dev/null

# The seconds that a command takes, and how many lines it prints; that nothing is found is no failure here.
timed() {
    name=$1
    shift
    began=$(date +%s.%N)
    "$@" >"$folder/printed" || [ $? -eq 1 ]
    ended=$(date +%s.%N)
    echo "$began $ended $(wc -l <"$folder/printed")" |
        awk -v name="$name" '{ printf "%s: %.2f s, %d lines\n", name, $2 - $1, $3 }'
}

# shellcheck disable=SC2317
peer() {
    for run in "$folder"/runs/*/; do
        zstd -dc "${run}run.tar.zst" | grep -a -P "$1" || true
    done
}

search() {
    "$program" search "$@" --recordings "$folder/runs" --no-access-log
}

for pattern in 'unit 77, .* xyzzy' 'web97[0-9]*\..*Get-Service chrony' '[0-9]{3}-[0-9]{4}' 'xyzzy|plugh'; do
    timed "zstd -dc | grep -P '$pattern', $nights nights" peer "$pattern"
    timed "psrun search '$pattern', $nights nights" search "$pattern"
done
# What is found is the same: one line for each.
found='web9[0-9]*\..*Get-Service sshd'
timed "zstd -dc | grep -P '$found', $nights nights" peer "$found"
expected=$(wc -l <"$folder/printed")
timed "psrun search '$found', $nights nights" search "$found"
if [ "$expected" -eq 0 ] || [ "$(wc -l <"$folder/printed")" -ne "$expected" ]; then exit 1; fi
timed "psrun search, the last night" search 'unit 77, .* xyzzy' last
timed "psrun search, one host in $nights nights" search 'unit 77,' --host web5.example.org
if [ "$nights" -gt 1 ]; then
    timed "psrun diff of two nights" "$program" diff last --recordings "$folder/runs" --no-access-log --mask '[0-9]{5,}'
fi
timed "psrun diff --within of one" "$program" diff last --within --recordings "$folder/runs" --no-access-log \
    --mask '[0-9]{5,}'
