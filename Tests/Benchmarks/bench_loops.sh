#!/bin/sh
# Sessions per second on one event loop and on two, over a far side in memory that waits for nothing.
set -eu
cd "$(dirname "$0")/../.."
exec "$(Tests/Benchmarks/build.sh LoopsBenchmark)"
