#!/bin/sh
# Tool:       mksh 59c-28+deb12u1 (Debian 12).
# Expected:   `command eval 'set -- a b'` sets the positional parameters: command(1) takes from a special built-in utility only
#             that its error ends the shell and that assignments before it last.
# Found:      the parameters are as before; a plain `eval` sets them. dash, bash and ksh93 set them either way.
# Seen:       0 2
# For psrun:  with --shell, mksh is given its lines by a plain `eval`, and `set -- a b` lasts from line to line.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ apt-get download mksh=59c-28+deb12u1 && dpkg -x mksh_*.deb tool; } >install.log 2>&1 || {
    cat install.log
    exit 2
}
# shellcheck disable=SC2016 # the shell under test expands it
seen=$(tool/bin/mksh -c 'command eval "set -- a b"; printf "%s " $#; eval "set -- a b"; echo $#')
if [ "$seen" = "0 2" ]; then
    echo "as found"
else
    echo "changed: $seen"
    exit 1
fi
