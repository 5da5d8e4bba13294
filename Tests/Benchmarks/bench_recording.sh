#!/bin/sh
# Records and seals a night of 10,000 targets, 20 KB each: time, size and memory, beside tar and zstd on the same files.
set -eu
cd "$(dirname "$0")/../.."
targets=${TARGETS:-10000}
lines=${LINES_EACH:-185}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
options="-O -wmo -swift-version 6 -package-name psrun -enable-upcoming-feature InternalImportsByDefault
    -enable-upcoming-feature ExistentialAny"
# shellcheck disable=SC2086
find Sources/RecordingFormat -name '*.swift' -exec swiftc $options -parse-as-library -module-name RecordingFormat \
    -emit-module -emit-module-path "$folder/RecordingFormat.swiftmodule" -emit-object -o "$folder/format.o" {} +
# shellcheck disable=SC2086
find Sources/Recording -name '*.swift' -exec swiftc $options -module-name RecordingBench -I "$folder" \
    -I Sources/CLinux -I Sources/CLibArchive -I Sources/CCrypto -larchive -lcrypto \
    -o "$folder/bench" Tests/Benchmarks/recording/main.swift "$folder/format.o" {} +
"$folder/bench" "$folder" "$targets" "$lines"
mkdir "$folder/casts"
tar --zstd -xf "$folder"/*/run.tar.zst -C "$folder/casts"
began=$(date +%s.%N)
tar -cf - -C "$folder/casts" . | zstd -9 -q -o "$folder/solid.tar.zst"
ended=$(date +%s.%N)
echo "$began $ended $(stat -c %s "$folder/solid.tar.zst")" |
    awk '{ printf "tar | zstd -9 of the same entries, solid: %d bytes, %.2f s\n", $3, $2 - $1 }'
