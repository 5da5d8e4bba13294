#!/bin/sh
# Runs a command until that ends, or until this script or its parent does.
#
# Usage: until_parent_ends.sh COMMAND…
set -eu
parent=$PPID
"$@" &
command=$!
trap 'kill "$command" 2>/dev/null; exit 0' TERM INT
while kill -0 "$command" 2>/dev/null; do
    read -r _ _ _ now _ <"/proc/$$/stat"
    [ "$now" = "$parent" ] || break
    sleep 0.5 &
    wait $!
done
kill "$command" 2>/dev/null || true
wait "$command"
