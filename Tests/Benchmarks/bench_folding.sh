#!/bin/sh
# Folding and the summary of 10,000 targets of 20 KB, as a part of the run's processor time.
set -eu
cd "$(dirname "$0")/../.."
exec "$(Tests/Benchmarks/build.sh FoldingBenchmark)"
