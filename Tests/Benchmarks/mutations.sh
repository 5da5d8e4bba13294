#!/bin/sh
# COUNT mutations of signed runs with a known head, each shown to `verify` and to the stock-tool script: none may pass.
# usage: Tests/Benchmarks/mutations.sh [COUNT [SEED]]      10,000 take about a quarter of an hour on two cores.
set -eu
cd "$(dirname "$0")/../.."
PSRUN_MUTATIONS=${1:-10000} PSRUN_SEED=${2:-1}
export PSRUN_MUTATIONS PSRUN_SEED
exec "${SWIFT:-swift}" test --filter MutationTests
