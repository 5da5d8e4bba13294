#!/bin/sh
# disk.sh: file systems that are nearly full. For a host without PowerShell. It reads, and changes nothing.
limit=90

# A function is one step, with the comment before it.
nearly_full() {
    df -P 2>/dev/null | awk -v limit="$1" '
        # The first line is the head.
        NR > 1 && $5 + 0 >= limit && $6 !~ "^/(dev|proc|run|snap|sys)(/|$)" { print $6 " is " $5 " full" }
    '
}

df -P /
nearly_full "$limit"

# The step that a night is judged by: its status is the last one's, and it is an error where a file system is nearly full.
[ -z "$(nearly_full "$limit")" ]
