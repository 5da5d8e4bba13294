#!/bin/sh
# One session of a million steps (STEPS; with SHORT=1, 200): time and memory to run, seal, replay and show it.
set -eu
cd "$(dirname "$0")/../.."
steps=${STEPS:-1000000}
[ -z "${SHORT:-}" ] || steps=200
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
    if [ "$code" -ne 0 ] || ! grep -q "step $steps" "$folder/out"; then
        echo "$name does not print step $steps:" >&2
        tail -n 5 "$folder/out" "$folder/errors" >&2
        exit 1
    fi
}
measure run "$folder/long.sh"
measure replay replay last --instant
measure show show last
ls -l "$folder"/recordings/*/run.tar.zst
