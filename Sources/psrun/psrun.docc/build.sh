#!/bin/sh
# Builds the documentation of all modules into .build/docs, with the toolchain's own docc.
set -eu
cd "$(dirname "$0")/../../.."
swift package dump-symbol-graph --minimum-access-level package >/dev/null
graphs=$(find .build -type d -name symbolgraph | head -n 1)
docc convert Sources/psrun/psrun.docc --additional-symbol-graph-dir "$graphs" --output-path .build/docs \
    --fallback-display-name psrun --fallback-bundle-identifier psrun
echo "documentation: .build/docs"
