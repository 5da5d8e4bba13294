#!/bin/sh
# Builds the generator of benchmark runs: build.sh FOLDER makes FOLDER/bench, which takes a recordings folder, how many
# targets, how many lines each, and which night.
set -eu
cd "$(dirname "$0")/../../.."
folder=$1
options="-O -wmo -swift-version 6 -package-name psrun -enable-upcoming-feature InternalImportsByDefault
    -enable-upcoming-feature ExistentialAny"
# shellcheck disable=SC2086
for module in RecordingFormat SystemErrors Files Threads; do
    find "Sources/$module" -name '*.swift' -exec swiftc $options -parse-as-library -module-name "$module" \
        -I Sources/CLinux -I "$folder" -emit-module -emit-module-path "$folder/$module.swiftmodule" -emit-object -o "$folder/$module.o" {} +
done
# shellcheck disable=SC2086
find Sources/Recording -name '*.swift' -exec swiftc $options -module-name RecordingBench -I "$folder" \
    -I Sources/CLinux -I Sources/CLibArchive -I Sources/CCrypto -I Sources/CZstd -larchive -lcrypto -lzstd \
    -o "$folder/bench" Tests/Benchmarks/recording/main.swift "$folder/RecordingFormat.o" "$folder/SystemErrors.o" \
    "$folder/Files.o" "$folder/Threads.o" {} +
