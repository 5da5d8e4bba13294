/// What both scripts begin with.
enum ScriptPrelude {
    /// A word that sh takes as it is.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    static let text = #"""
        set -uf
        export LC_ALL=C
        unset CDPATH GREP_OPTIONS POSIXLY_CORRECT TAR_OPTIONS
        tab=$(printf '\t')
        work=$(mktemp -d) || exit 1
        trap 'rm -rf "$work"' EXIT
        trap 'exit 1' HUP INT TERM

        # A forger may have written what is read here: it is only text, never an option, an expression or a control sequence.
        say() { printf '%s' "$*" | tr '\n' ' ' | tr -c '[:print:]' '?' && echo; }
        fail() { say "NOT PROVED: $*" >&2; exit 1; }
        need() { { [ -f "$1" ] && [ ! -L "$1" ]; } || fail "$1 is missing, or is not a regular file"; }
        small() { need "$1" && { [ "$(wc -c <"$1")" -le 1048576 ] || fail "$1 is too large for such a file"; }; }
        hash() { sha256sum <"$1" | cut -c 1-64; }
        # A manifest has one value per line. value FILE KEY reads one; within FILE OBJECT KEY reads one inside an object.
        value() { sed -n 's/^  "'"$2"'": "\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$/\1/p' <"$1"; }
        within() { sed -n '/^  "'"$2"'": {$/,/^  }/s/^    "'"$3"'": "\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$/\1/p' <"$1"; }
        # signed FILE KEY: an allowed signer signed FILE, and was allowed to at the time that KEY of FILE gives. When no
        # signature is required, one by another signer, or none at all, is only counted; a wrong one always fails.
        unsigned=0
        signed() {
            if [ -z "$required" ] && [ ! -e "$1.sig" ] && [ ! -L "$1.sig" ]; then
                unsigned=$((unsigned + 1))
                return
            fi
            small "$1.sig"
            command -v ssh-keygen >"$work/out" || fail "$1.sig could not be checked: there is no ssh-keygen"
            { echo "-----BEGIN SSH SIGNATURE-----"
                sed '1d;$d' <"$1.sig" | base64 -d 2>&1 | base64 -w 70
                echo "-----END SSH SIGNATURE-----"; } | cmp -s - "$1.sig" || fail "$1.sig is not in ssh-keygen's format"
            ssh-keygen -q -Y check-novalidate -n psrun-recording -s "$1.sig" <"$1" >"$work/out" 2>&1 ||
                fail "$1.sig is not a signature of $1: $(cat "$work/out")"
            echo "no allowed signers are named" >"$work/out"
            if [ -n "$signers" ]; then
                at=verify-time=$(value "$1" "$2" | tr -d 'T:-')
                who=$signer
                [ -n "$who" ] ||
                    who=$(ssh-keygen -Y find-principals -f "$signers" -s "$1.sig" -O "$at" 2>"$work/out" | sed 's/,.*//;q')
                [ -n "$who" ] && ssh-keygen -q -Y verify -f "$signers" -I "$who" -n psrun-recording -s "$1.sig" -O "$at" \
                    <"$1" >"$work/out" 2>&1 && return
            fi
            [ -z "$required" ] || fail "$1 is not signed by an allowed signer: $(cat "$work/out")"
            unsigned=$((unsigned + 1))
        }


        """#
}
