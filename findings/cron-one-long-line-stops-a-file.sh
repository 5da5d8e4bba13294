#!/bin/sh
# Tool:       cron 3.0pl1-162 (Debian 12).
# Expected:   a line of a file in /etc/cron.d whose command is longer than cron takes (998 bytes) is left out, or cron says so
#             where someone sees it. Neither crontab(5) nor cron(8) names a limit.
# Found:      no line of that file runs, neither those before nor those behind it; nothing is printed or mailed. crontab(1)
#             refuses such a line ("command too long"), but nobody calls it for /etc/cron.d.
# Seen:       other
# For psrun:  a `psrun --cron … -w` with many hosts in a file of cron's may stop its neighbours as well. `psrun schedule --as cron.d`
#             refuses a line that is too long, and names the way out: --host @FILE, an inventory, or systemd.
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
long=$(printf 'x%.0s' $(seq 999))
# cron runs what is for the system's start at its own, where its folder /run is new.
echo "@reboot root echo other >>$folder/out" >jobs/other
{
    echo "@reboot root echo first >>$folder/out"
    echo "@reboot root : $long"
    echo "@reboot root echo third >>$folder/out"
} >jobs/long
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
    echo "cron has not run any job"
    cat cron.log
    exit 2
}
if [ "$(cat out)" = other ] && [ ! -s cron.log ]; then
    echo "as found"
else
    echo "changed: $(sort out)"
    cat cron.log
    exit 1
fi
