/// The script that proves a file of `psrun prove` without psrun: what `psrun verify --script FILE` prints.
package struct ProofScript: Sendable, Hashable {
    /// As an absolute path.
    package var proof: String
    /// Whose signatures count, as an absolute path; nil where nobody's do.
    package var signers: String?
    /// The one principal that counts.
    package var signer: String?
    /// Whether what nobody signed whose signature counts is not proved.
    package var requiresSignature: Bool

    package init(proof: String, signers: String?, signer: String?, requiresSignature: Bool) {
        self.proof = proof
        self.signers = signers
        self.signer = signer
        self.requiresSignature = requiresSignature
    }

    package var text: String {
        """
        #!/bin/sh
        # Proves one target's recording with what every Debian has: sh, coreutils, sed, tar and ssh-keygen.
        # Exits with 0 when all is proved, with 6 when the run was recovered after a crash, and with 1 otherwise.
        proof=\(ScriptPrelude.quoted(proof))
        signers=\(ScriptPrelude.quoted(signers ?? "")) # a file of allowed signers, see ssh-keygen(1); empty: no signer is trusted
        signer=\(ScriptPrelude.quoted(signer ?? "")) # trust only this one of them; empty: any of them
        required=\(ScriptPrelude.quoted(requiresSignature ? "yes" : "")) # not empty: fail without an allowed signer's signature; empty: only say so

        """ + ScriptPrelude.text + Self.body
    }

    private static let body = #"""
        need "$proof"
        entry=$(tar -tf "$proof" | tail -n 1)
        [ "$(tar -tvf "$proof" | cut -c 1 | tr -d '\n' | sed 's/^----\{0,1\}$//')" = "" ] || fail "$proof holds more than a proof should"
        case $(tar -tf "$proof" | tr '\n' ' ') in
        "manifest.json path.tsv $entry " | "manifest.json manifest.json.sig path.tsv $entry ") ;;
        *) fail "$proof is not a proof" ;;
        esac
        case $entry in [!0-9]* | *[!0-9A-Za-z._+@-]*) fail "$proof does not hold an entry" ;; esac
        mkdir "$work/proof"
        tar --no-same-permissions -xf "$proof" -C "$work/proof" || fail "$proof cannot be unpacked"
        cd "$work/proof" || exit 1
        [ "$(find . -type f -printf '%s\n' | awk '{ sum += 512 + int(($1 + 511) / 512) * 512 } END { printf "%.0f", sum + 1024 }')" = \
            "$(wc -c <"$proof")" ] || fail "$proof has more or less than its members"
        [ "$(tail -c 1 path.tsv | wc -l)" -eq 1 ] || fail "path.tsv ends within a line"
        signed manifest.json ended

        # The entry is what the first line of path.tsv says; the others lead from there to the Merkle root.
        [ "$(head -n 1 path.tsv)" = "$(sha256sum "$entry")" ] || fail "$entry is not the entry that path.tsv is for"
        node=$({ printf '\000'; head -n 1 path.tsv | tr -d '\n'; } | sha256sum | cut -c 1-64)
        sed 1d path.tsv >"$work/steps"
        while IFS=$tab read -r side other; do
            case $side in
            left) node=$(printf '\001%s%s' "$other" "$node" | sha256sum | cut -c 1-64) ;;
            right) node=$(printf '\001%s%s' "$node" "$other" | sha256sum | cut -c 1-64) ;;
            *) fail "path.tsv is not a Merkle path" ;;
            esac
        done <"$work/steps"
        [ "$node" = "$(value manifest.json merkle_root)" ] || fail "path.tsv does not lead to the manifest's Merkle root"

        [ "$unsigned" -eq 0 ] || echo "Note: not signed by an allowed signer: anybody could have made this."
        [ "$(value manifest.json recovered)" = false ] || { echo "Not whole: the run was recovered after a crash"; exit 6; }
        word=Proved
        [ "$unsigned" -eq 0 ] || word=Consistent
        say "$word: $entry of $(value manifest.json run)."

        """#
}
