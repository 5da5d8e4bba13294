#!/bin/sh
# facts.sh: what a host is. For a host without PowerShell. It reads, and changes nothing.
uname -srm

# A here-document goes to the host in one piece, with the command that reads it.
cat <<EOF
host: $(uname -n)
user: $(id -un), home $HOME

folder: $(pwd)
EOF

if [ -r /etc/os-release ]; then
    # It sets variables, which later steps of the session still have.
    # shellcheck source=/dev/null
    . /etc/os-release
    echo "system: $PRETTY_NAME"
else
    echo "system: not told"
fi

case $(id -u) in
0) echo "rights: all" ;;
*) echo "rights: those of $(id -un)" ;;
esac

for tool in awk curl pwsh python3 sed; do
    if command -v "$tool" >/dev/null; then
        echo "has $tool"
    fi
done
