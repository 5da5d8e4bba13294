#!/bin/sh
# Every benchmark, each against its peer in the same run. Figures are ratios, CPU times and counts; wall times here only
# carry the delay that was put in.
#
# SHORT=1 runs each in a form of seconds with a psrun built for debugging: it shows that the benchmark works and counts
# right, and its figures mean nothing. SEED (default 1) is the seed of all that is drawn.
set -eu
cd "$(dirname "$0")/../.."
python=.venv/bin/python
program=.build/release/psrun
[ -z "${SHORT:-}" ] || program=.build/debug/psrun
program=${PSRUN:-$program}
case $program in /*) ;; *) program=$PWD/$program ;; esac
export PSRUN="$program" SEED="${SEED:-1}"
# Peers that only the benchmarks meet.
cmp -s Tests/Benchmarks/requirements.txt .venv/benchmarks.txt || {
    "$python" -m pip install --quiet --disable-pip-version-check -r Tests/Benchmarks/requirements.txt
    cp Tests/Benchmarks/requirements.txt .venv/benchmarks.txt
}
# The release of pypsrp that WinRM is measured against, with what its Kerberos needs; the tests have another.
[ -d .venv/pypsrp-0.9.1/krb5 ] || "$python" -m pip install --quiet --disable-pip-version-check --upgrade --target .venv/pypsrp-0.9.1 \
    pypsrp==0.9.1 gssapi==1.12.0 krb5==0.10.0
echo "benchmarks${SHORT:+ in their short form}: SEED=$SEED"
for benchmark in Tests/Benchmarks/bench_*; do
    echo "== ${benchmark##*/}"
    case $benchmark in
    *.py) "$python" "$benchmark" ;;
    *) "$benchmark" ;;
    esac
done
