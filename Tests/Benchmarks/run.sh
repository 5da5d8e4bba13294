#!/bin/sh
# Every benchmark, each against its peer in the same run. Figures are ratios, CPU times and counts; wall times here only
# carry the delay that was put in.
set -eu
cd "$(dirname "$0")/../.."
python=.venv/bin/python
program=${PSRUN:-.build/release/psrun}
case $program in /*) ;; *) program=$PWD/$program ;; esac
export PSRUN="$program"
for benchmark in Tests/Benchmarks/bench_*.py; do
    "$python" "$benchmark"
done
for benchmark in Tests/Benchmarks/bench_*.sh; do
    [ -e "$benchmark" ] && "$benchmark"
done
