#!/bin/sh
# Builds one of the benchmarks that are written in Swift, and says where it is: optimized, or with SHORT=1 for debugging,
# which is quicker to build.
# usage: Tests/Benchmarks/build.sh NAME
set -eu
cd "$(dirname "$0")/../.."
configuration=release
[ -z "${SHORT:-}" ] || configuration=debug
"${SWIFT:-swift}" build -j "${JOBS:-$(nproc)}" -c "$configuration" --package-path Tests/Benchmarks \
    --scratch-path .build/benchmarks --product "$1" >&2
echo "$PWD/.build/benchmarks/$configuration/$1"
