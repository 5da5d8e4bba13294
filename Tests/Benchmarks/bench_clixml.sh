#!/bin/sh
# CPU time of decoding each distinct message of the captured sessions: psrun's decoder, optimized, against psrpcore.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
zstd -dcq Tests/CLIXMLTests/Fixtures/messages.zst >"$folder/messages"
bench=$(Tests/Benchmarks/build.sh CLIXMLBenchmark)
psrun=$("$bench" "$folder/messages")
psrpcore=$(.venv/bin/python Tests/Peers/clixml_peer.py bench "$folder/messages")
echo "$psrun $psrpcore" | awk '{
    printf "CLIXML: psrun decodes in %.4f s (and encodes in %.4f s), psrpcore in %.4f s: %.1f times\n", $1, $2, $3, $3 / $1
}'
