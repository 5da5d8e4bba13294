#!/bin/sh
# Tool:       cron 3.0pl1-162 (Debian 12).
# Expected:   a command of a crontab reaches the shell as it stands but for `%`: crontab(5) knows a backslash only before `%`.
# Found:      of two backslashes one is taken away as well, in quotes, too: the shell gets 'a\b' for 'a\\b'.
# Seen:       [a\b][c%d]
# For psrun:  a regular expression or a Windows path in an option, `--answer 'Path=\\\\srv\\share'`, means something else in a
#             crontab than at a terminal. `psrun schedule` writes two backslashes with quotes between, which cron leaves alone.
set -eu
[ "$(id -u)" -eq 0 ] || {
    echo "cron needs root"
    exit 2
}
folder=$(mktemp -d)
# Folders that cron needs and this machine lacks go as they came.
trap '[ ! -s "$folder/made" ] || xargs rmdir <"$folder/made"; rm -rf "$folder"' EXIT
cd "$folder"
{ apt-get download cron=3.0pl1-162 && dpkg -x cron_*.deb tool; } >install.log 2>&1 || {
    cat install.log
    exit 2
}
mkdir -p spool/crontabs jobs
# cron runs what is for the system's start at its own, where its folder /run is new.
cat >jobs/job <<END
@reboot root printf '[\%s]' 'a\\\\b' 'c\%d' >$folder/out
END
grep -qF "'a\\\\b' 'c\\%d'" jobs/job
cat >start <<END
for place in /etc/cron.d /var/spool/cron; do
    [ -d \$place ] || { mkdir \$place && echo \$place >>$folder/made; }
done
mount --bind $folder/jobs /etc/cron.d
mount --bind $folder/spool /var/spool/cron
mount -t tmpfs none /run
exec timeout 5 $folder/tool/usr/sbin/cron -f
END
unshare -m -p -f --mount-proc sh -e start >cron.log 2>&1 || true
[ -s out ] || {
    echo "cron has not run the job"
    cat cron.log
    exit 2
}
if [ "$(cat out)" = '[a\b][c%d]' ]; then
    echo "as found"
else
    echo "changed: $(cat out)"
    exit 1
fi
