#!/bin/sh
# One session of a million steps (STEPS): time and memory to run, seal, replay and show it.
set -eu
cd "$(dirname "$0")/../.."
steps=${STEPS:-1000000}
psrun=${PSRUN:-$PWD/.build/release/psrun}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/recordings"
seq "$steps" | sed 's/.*/echo step &/' >"$folder/long.sh"
measure() {
    name=$1
    shift
    began=$(date +%s)
    # The session's own peak: the endpoint's process is another.
    "$psrun" "$@" --recordings "$folder/recordings" >"$folder/out" 2>"$folder/errors" &
    pid=$!
    peak=0
    while kill -0 $pid 2>/dev/null; do
        now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' /proc/$pid/status 2>/dev/null || true)
        peak=${now:-$peak}
        sleep 0.05
    done
    code=0
    wait $pid || code=$?
    echo "$name: $steps steps, exit $code, $(($(date +%s) - began)) s, $peak KB, $(wc -c <"$folder/out") bytes printed"
}
measure run "$folder/long.sh"
measure replay replay last --instant
measure show show last
ls -l "$folder"/recordings/*/run.tar.zst
