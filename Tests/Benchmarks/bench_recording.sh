#!/bin/sh
# Records and seals a night of 10,000 targets, 20 KB each: time, size and memory, beside tar and zstd on the same files.
set -eu
cd "$(dirname "$0")/../.."
targets=${TARGETS:-10000}
[ -z "${SHORT:-}" ] || targets=40
lines=${LINES_EACH:-185}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
bench=$(Tests/Benchmarks/build.sh RecordingBenchmark)
"$bench" "$folder" "$targets" "$lines"
mkdir "$folder/casts"
tar --zstd -xf "$folder"/*/run.tar.zst -C "$folder/casts"
casts=$(find "$folder/casts" -name '*.cast' | wc -l)
[ "$casts" -eq "$targets" ] || { echo "$casts sessions are sealed, not $targets" >&2; exit 1; }
began=$(date +%s.%N)
tar -cf - -C "$folder/casts" . | zstd -9 -q -o "$folder/solid.tar.zst"
ended=$(date +%s.%N)
echo "$began $ended $(stat -c %s "$folder/solid.tar.zst")" |
    awk '{ printf "tar | zstd -9 of the same entries, solid: %d bytes, %.2f s\n", $3, $2 - $1 }'
