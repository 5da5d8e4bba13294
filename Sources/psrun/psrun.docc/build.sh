#!/bin/sh
# Builds these pages into .build/docs with the toolchain's docc: the one on PATH, else the one beside swift.
# With --if-possible it is not an error that there is none.
set -eu
cd "$(dirname "$0")/../../.."
docc=$(command -v docc || echo "$(dirname "$(readlink -f "$(command -v swift)")")/docc")
if [ "${1:-}" = --if-possible ] && [ ! -x "$docc" ]; then
    echo "documentation: this toolchain has no docc, and so it is not built"
    exit 0
fi
mkdir -p .build
"$docc" convert Sources/psrun/psrun.docc --output-path .build/docs --warnings-as-errors \
    --fallback-display-name psrun --fallback-bundle-identifier psrun
echo "documentation: .build/docs (docc preview Sources/psrun/psrun.docc shows it)"
