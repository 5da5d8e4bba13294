#!/bin/sh
# Tool:       asciinema 2.2.0-1, as Debian 12 has it.
# Expected:   `asciinema cat FILE` writes a recording's output to standard output, as cat(1) does, wherever it runs.
# Found:      it opens /dev/tty for reading. Without a controlling terminal, as in a cron job, a systemd unit or most CI,
#             it writes nothing, prints a traceback and exits with 1. `asciinema play` of the same file in the same place
#             works and exits with 0.
# Seen:       OSError: [Errno 6] No such device or address: '/dev/tty'
# For psrun:  in a job, use `psrun export RUN --as cast2 --host HOST | asciinema play -i 0.01 -`, or `psrun replay RUN --host HOST`.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ apt-get download asciinema=2.2.0-1 && dpkg -x asciinema_2.2.0-1_all.deb root; } >install.log 2>&1 || {
    cat install.log
    exit 2
}
asciinema() { PYTHONPATH=$folder/root/usr/lib/python3/dist-packages setsid -w python3 -m asciinema "$@" </dev/null; }

printf '%s\n' '{"version": 2, "width": 80, "height": 24}' '[0.1, "o", "hello\r\n"]' >hello.cast

status=0
asciinema cat hello.cast >cat.out 2>cat.err || status=$?
if [ "$status" -ne 1 ] || [ -s cat.out ] || ! grep -q "No such device or address: '/dev/tty'" cat.err; then
    echo "changed: asciinema cat exits with $status:"
    cat cat.out cat.err
    exit 1
fi
if ! asciinema play hello.cast >play.out 2>play.err || ! grep -q hello play.out; then
    echo "changed: asciinema play:"
    cat play.out play.err
    exit 1
fi
echo "as found"
