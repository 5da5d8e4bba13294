#!/bin/sh
# Tool:       ClusterShell 1.9.3 from the Python package index, with the configuration that it installs.
# Expected:   `nodeset -e 'web[1-2],@nosuch'` fails, since no group is named nosuch; a misspelt host list should not pass.
# Found:      the unknown group is an empty set. It prints the other hosts, says nothing on standard error, and exits with
#             0; `nodeset -c @nosuch` counts 0 hosts and exits with 0, too.
# Seen:       web1 web2
# For psrun:  `nodeset -e … | tr ' ' '\n' | psrun … --host -` silently leaves out the hosts of a misspelt group. Check first
#             that each group is in `nodeset -l`.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ python3 -m venv tools && tools/bin/pip install --quiet --disable-pip-version-check ClusterShell==1.9.3; } >install.log 2>&1 || {
    cat install.log
    exit 2
}

expect() {
    wanted=$1
    shift
    status=0
    HOME=$folder tools/bin/nodeset "$@" >out 2>err || status=$?
    if [ "$status" -ne 0 ] || [ "$(cat out)" != "$wanted" ] || [ -s err ]; then
        echo "changed: nodeset $* exits with $status:"
        cat out err
        exit 1
    fi
}
expect 'web1 web2' -e 'web[1-2],@nosuch'
expect 0 -c @nosuch
expect '' -e @nosuch
echo "as found"
