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

        # What is read here may be a forger's: it is text, and never an option, an expression or a terminal's command.
        say() { printf '%s' "$*" | tr '\n' ' ' | tr -c '[:print:]' '?' && echo; }
        fail() { say "NOT PROVED: $*" >&2; exit 1; }
        need() { { [ -f "$1" ] && [ ! -L "$1" ]; } || fail "$1 is missing, or no regular file"; }
        small() { need "$1" && { [ "$(wc -c <"$1")" -le 1048576 ] || fail "$1 is larger than any such file"; }; }
        hash() { sha256sum <"$1" | cut -c 1-64; }
        # A manifest has one value a line: "KEY" of the file, and "KEY" of its object.
        value() { sed -n 's/^  "'"$2"'": "\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$/\1/p' <"$1"; }
        within() { sed -n '/^  "'"$2"'": {$/,/^  }/s/^    "'"$3"'": "\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$/\1/p' <"$1"; }
        # The file has a signature, and its signer's counted when the file says it was made. Where none is required, it is
        # enough that the one that there is is one of the file: what is left is counted.
        unsigned=0
        signed() {
            if [ -z "$required" ] && [ ! -e "$1.sig" ] && [ ! -L "$1.sig" ]; then
                unsigned=$((unsigned + 1))
                return
            fi
            small "$1.sig"
            { echo "-----BEGIN SSH SIGNATURE-----"
                sed '1d;$d' <"$1.sig" | base64 -d 2>&1 | base64 -w 70
                echo "-----END SSH SIGNATURE-----"; } | cmp -s - "$1.sig" || fail "$1.sig is not as ssh-keygen writes one"
            ssh-keygen -q -Y check-novalidate -n psrun-recording -s "$1.sig" <"$1" >"$work/out" 2>&1 ||
                fail "$1.sig is no signature of $1: $(cat "$work/out")"
            echo "no signers are named" >"$work/out"
            if [ -n "$signers" ]; then
                at=verify-time=$(value "$1" "$2" | tr -d 'T:-')
                who=$signer
                [ -n "$who" ] ||
                    who=$(ssh-keygen -Y find-principals -f "$signers" -s "$1.sig" -O "$at" 2>"$work/out" | sed 's/,.*//;q')
                [ -n "$who" ] && ssh-keygen -q -Y verify -f "$signers" -I "$who" -n psrun-recording -s "$1.sig" -O "$at" \
                    <"$1" >"$work/out" 2>&1 && return
            fi
            [ -z "$required" ] || fail "$1 has no signature that counts: $(cat "$work/out")"
            unsigned=$((unsigned + 1))
        }


        """#
}
