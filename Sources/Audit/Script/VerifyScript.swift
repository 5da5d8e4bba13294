/// The script that proves recordings without psrun: what `psrun verify --script` prints.
package struct VerifyScript: Sendable, Hashable {
    /// The recordings folder, as an absolute path.
    package var recordings: String
    /// Whose signatures count, as an absolute path; nil where nobody's do.
    package var signers: String?
    /// The one principal that counts.
    package var signer: String?
    /// Whether what nobody signed whose signature counts is not proved.
    package var requiresSignature: Bool
    /// Heads of the chain that were kept elsewhere.
    package var heads: [String]
    /// The runs to prove; empty proves all.
    package var runs: [String]

    package init(
        recordings: String,
        signers: String?,
        signer: String?,
        requiresSignature: Bool,
        heads: [String],
        runs: [String]
    ) {
        self.recordings = recordings
        self.signers = signers
        self.signer = signer
        self.requiresSignature = requiresSignature
        self.heads = heads
        self.runs = runs
    }

    package var text: String {
        """
        #!/bin/sh
        # Proves psrun's recordings with what every Debian has: sh, coreutils, sed, awk, grep, tar, zstd and ssh-keygen.
        # Exits with 0 when all is proved, or consistent where it is not signed, with 6 when a run was recovered after a crash, and with 1 at the first thing
        # that is wrong. psrun's documentation of the recording's format describes what it checks.
        recordings=\(ScriptPrelude.quoted(recordings))
        signers=\(ScriptPrelude.quoted(signers ?? "")) # a file of allowed signers, see ssh-keygen(1); empty: no signer is trusted
        signer=\(ScriptPrelude.quoted(signer ?? "")) # trust only this one of them; empty: any of them
        required=\(ScriptPrelude.quoted(requiresSignature ? "yes" : "")) # not empty: fail without an allowed signer's signature; empty: only say so
        heads=\(ScriptPrelude.quoted(heads.joined(separator: " "))) # heads of the chain, kept elsewhere; empty: the newest runs may be missing unnoticed
        runs=\(ScriptPrelude.quoted(runs.joined(separator: " "))) # the runs to prove; empty: all of them

        """ + ScriptPrelude.text + Self.body
    }

    private static let body = #"""
        cd "$recordings" || exit 1
        chain=$work/chain

        # Whether psrun has the lock of a file or a folder, and so works in it.
        held() {
            inode=$(stat -c :%i "$1" 2>"$work/out") && awk -v inode="$inode" '
                ($2 == "OFDLCK" || $2 == "FLOCK") && $4 == "WRITE" && substr($6, length($6) - length(inode) + 1) == inode { held = 1 }
                END { exit !held }' /proc/locks 2>"$work/out"
        }

        # The chain: each line has its number, and the hash of the line before it. Takes a copy, which $1 names, and looks at
        # it; a later one only has lines more than the first.
        read_chain() {
            need chain.log
            cp chain.log "$1" || exit 1
            newest=$1
            [ "$(head -c "$(wc -c <"$chain")" "$1" | sha256sum)" = "$(sha256sum <"$chain")" ] ||
                fail "chain.log was changed while it was read"
            [ ! -s "$1" ] || [ "$(tail -c 1 "$1" | wc -l)" -eq 1 ] || fail "chain.log ends within a line"
            grep -aqv '^[[:print:]'"$tab"']*$' "$1" && fail "chain.log is not text"
            rm -rf "$work/lines" && mkdir "$work/lines"
            awk -v to="$work/lines/" '{ file = to sprintf("%09d", NR); printf "%s", $0 >file; close(file) }' "$1"
            (cd "$work/lines" && find . -type f | sort | xargs -r sha256sum | cut -c 1-64) >"$work/hashes"
            [ ! -s "$1" ] || { printf '%064d\n' 0; sed '$d' "$work/hashes"; } | paste - "$1" | awk -F "$tab" '
                function text(field) {
                    gsub(/\\x5c/, "", field)
                    gsub(/\\x([0189a-f][0-9a-f]|7f)/, "", field)
                    return field != "" && field !~ /\\/
                }
                NF != 9 || $2 "" != NR "" || $3 "" != $1 "" || $5 !~ /^(run|prune|access)$/ ||
                    $4 !~ /^[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$/ ||
                    $6 !~ /^[0-9A-Za-z_+@][0-9A-Za-z._+@-]*$/ || length($7) != 64 || $7 ~ /[^0-9a-f]/ || !text($8) || !text($9) {
                        print NR
                        exit 1
                    }' >"$work/out" ||
                fail "line $(cat "$work/out") of chain.log does not follow from the one before it"
            for head in $heads; do
                grep -qx "$head" "$work/hashes" || fail "no line of chain.log has the hash $head: lines are gone, or changed"
            done
            awk -F "$tab" '$4 == "run" { print $5 }' "$1" | sort >"$work/runs"
            awk -F "$tab" '$4 == "prune" { print $5, $6, $2 }' "$1" >"$work/stones"
            cut -d ' ' -f 1 "$work/stones" | sort >"$work/pruned"
            [ -z "$(uniq -d "$work/runs")$(uniq -d "$work/pruned")" ] || fail "chain.log seals or prunes a run twice"
            [ -z "$(comm -13 "$work/runs" "$work/pruned")" ] || fail "chain.log prunes a run that it does not seal"
        }

        verify() {
            : >"$chain"
            running=
            unfinished=
            # Folders that look like a run's, before the chain is read: what is sealed meanwhile has its line then.
            find -L . -mindepth 2 -maxdepth 2 \
                \( -name manifest.json -o -name run.tar.zst -o -name journal -o -name tombstone.json \) -print0 |
                tr '\n\0' '?\n' >"$work/found"
            find . -mindepth 2 -maxdepth 2 -type f -name journal -printf '%h\0' | tr '\n\0' '?\n' >"$work/journals"
            find . -mindepth 1 -maxdepth 1 -regextype posix-extended \
                -regex './[0-9]{8}T[0-9]{6}Z-[0-9A-Za-z._+@-]+-[0-9a-f]{6}' -print0 | tr '\n\0' '?\n' >>"$work/found"

            read_chain "$chain"
            if [ -z "$runs" ]; then
                cut -d / -f 2 "$work/found" | sort -u | comm -23 - "$work/runs" >"$work/others"
                # A run that is under way, or was killed, has a journal and no manifest yet.
                grep -E '^[.]/[0-9A-Za-z_+@][0-9A-Za-z._+@-]*$' "$work/journals" | cut -d / -f 2 | sort -u >"$work/unsealed"
                grep -E '/(manifest|tombstone)[.]json$' "$work/found" | cut -d / -f 2 | sort -u >"$work/sealed"
                comm -23 "$work/unsealed" "$work/sealed" >"$work/open"
                comm -23 "$work/others" "$work/open" | while IFS= read -r run; do
                    held "./$run" || printf '%s\n' "$run"
                done >"$work/strays"
                [ ! -s "$work/strays" ] || fail "not in the chain, or not sealed: $(cat "$work/strays")"
                comm -12 "$work/others" "$work/open" >"$work/waiting"
                while IFS= read -r run; do
                    if held "$run" || held "$run/journal"; then running="$running $run"; else unfinished="$unfinished $run"; fi
                done <"$work/waiting"
            fi

            # A run's name, its manifest's sum, and the number of its line in the chain.
            chained() { awk -F "$tab" -v run="$1" '$4 == "run" && $5 == run { print $5, $6, $1; exit }' "$chain"; }

            # The root of the Merkle tree over the lines of a file: a leaf hashes 0x00 and a line, a node 0x01 and two hashes.
            root() {
                cp "$1" "$work/level"
                mark='\0'
                while [ "$mark" = '\0' ] || [ "$(wc -l <"$work/level")" -gt 1 ]; do
                    rm -rf "$work/nodes" && mkdir "$work/nodes"
                    node=1000000000
                    odd=
                    while IFS= read -r left; do
                        right=
                        [ "$mark" = '\0' ] || IFS= read -r right || { odd=$left; break; }
                        printf '%b%s%s' "$mark" "$left" "$right" >"$work/nodes/$node"
                        node=$((node + 1))
                    done <"$work/level"
                    (cd "$work/nodes" && find . -type f | sort | xargs sha256sum | cut -c 1-64) >"$work/level"
                    [ -z "$odd" ] || echo "$odd" >>"$work/level"
                    mark='\0001'
                done
                cat "$work/level"
            }

            # Runs a tool on all entries of an archive, in their order.
            within_entries() { (cd "$work/run" && xargs -r "$@" <"$work/casts"); }

            # Each run: manifest, signature, place in the chain, archive.
            last=' '
            recovered=
            leftover=
            count=0
            while IFS=$tab read -r number before _ kind run sum _; do
                [ "$kind" = run ] || continue
                behind=$last
                last="$run $sum"
                case " $runs " in '  ' | *" $run "*) ;; *) continue ;; esac
                manifest=$run/manifest.json
                [ ! -L "$run" ] || fail "$run is a link, and not a run's folder"
                small "$manifest"
                [ "$(hash "$manifest")" = "$sum" ] || fail "$manifest is not the one that line $number of chain.log names"
                [ "$(value "$manifest" run)" = "$run" ] || fail "$manifest belongs to another run"
                [ "$(value "$manifest" chain_head)" = "$before" ] || fail "$manifest does not fit line $number of chain.log"
                [ "$(within "$manifest" previous run) $(within "$manifest" previous manifest_sha256)" = "$behind" ] ||
                    fail "$manifest does not name the run before it in chain.log"
                # The run that it continues, where that is here, was sealed before, with the manifest that is named.
                earlier="$(within "$manifest" continues run) $(within "$manifest" continues manifest_sha256)"
                case $earlier in
                *[!0-9A-Za-z._+@\ -]*) fail "$manifest does not name the run that it continues" ;;
                esac
                found=$(chained "${earlier% *}")
                [ -z "$found" ] || [ "${found% *}" = "$earlier" ] || fail "$manifest continues another ${earlier% *} than chain.log seals"
                [ -z "$found" ] || [ "${found##* }" -lt "$number" ] || fail "$manifest continues ${earlier% *}, which was sealed after it"
                vouched=$unsigned
                signed "$manifest" ended
                [ "$(value "$manifest" recovered)" = false ] || recovered="$recovered $run"
                archive=$run/run.tar.zst
                stone=$run/tombstone.json
                line=$(awk -v run="$run" '$1 == run' "$work/stones")
                if [ -z "$line" ] && [ -e "$stone" ]; then
                    # Pruned since the chain was read, perhaps.
                    read_chain "$work/newer"
                    line=$(awk -v run="$run" '$1 == run' "$work/stones")
                fi
                if [ -n "$line" ] || [ -e "$stone" ] || [ -L "$stone" ]; then
                    small "$stone"
                    [ "$run $(hash "$stone") $(value "$stone" chain_head)" = "$line" ] || fail "no line of chain.log records $stone"
                    [ "$(value "$stone" run) $(value "$stone" manifest_sha256)" = "$run $sum" ] || fail "$stone belongs to another run"
                    until=$(value "$manifest" retain_until)
                    pruned=$(value "$stone" pruned)
                    for date in "$pruned" "$(date -u +%Y-%m-%dT%TZ)"; do
                        [ "$until" = null ] || printf '%s\n' "$until" "$date" | sort -c 2>"$work/out" ||
                            fail "$run was to be kept until $until"
                    done
                    # A prune that was cut off leaves the archive as it was sealed.
                    if [ -e "$archive" ] || [ -L "$archive" ]; then
                        need "$archive"
                        [ "$(hash "$archive")" = "$(within "$manifest" archive sha256)" ] || fail "$archive was pruned, but another is here"
                        leftover="$leftover $run"
                    fi
                    signed "$stone" pruned
                    continue
                fi
                need "$archive"
                bytes=$(within "$manifest" archive bytes)
                [ "$(wc -c <"$archive")" = "$bytes" ] || fail "$archive does not have the $bytes bytes that were sealed"
                [ "$(hash "$archive")" = "$(within "$manifest" archive sha256)" ] || fail "$archive is not what was sealed"
                entries=$(value "$manifest" entries)
                case $entries in '' | 0?* | *[!0-9]*) fail "$manifest does not tell how many entries there are" ;; esac
                # Without an allowed signer, an archive may be made to fill the disk.
                most=$((bytes * 8192))
                [ "$most" -ge 268435456 ] || most=268435456
                [ "$vouched" = "$unsigned" ] || [ "$(zstd -dcq <"$archive" 2>"$work/out" | head -c $((most + 1)) | wc -c)" -le "$most" ] ||
                    fail "$archive would expand to more than $most bytes"
                [ "$(tail -c 32 "$archive" | od -An -v -w32 --endian=little -t u8 |
                    awk '{ printf "%s %.0f %s", $1, $2 + $3 + 32, $4 }')" = "103486925392 $bytes 8675174705360171888" ] || fail "$archive does not end with the place of its index"
                [ "$(tar --zstd --numeric-owner -tvf "$archive" | cut -c 1-14 | sort -u)" = '-rw------- 0/0' ] ||
                    fail "$archive holds more than regular files"
                rm -rf "$work/run" && mkdir "$work/run"
                tar --zstd --no-same-permissions -xf "$archive" -C "$work/run" || fail "$archive cannot be unpacked"
                [ "$(hash "$work/run/index.tsv")" = "$(value "$manifest" index_sha256)" ] || fail "$archive has a different index.tsv"
                [ "$(hash "$work/run/SHA256SUMS")" = "$(value "$manifest" sums_sha256)" ] || fail "$archive has a different SHA256SUMS"
                # Members are named for the index's targets, are regular files, and there is nothing else in the stream.
                awk -F "$tab" '{ name = substr($7, 1, 64); gsub(/[^0-9A-Za-z._+@-]/, "_", name) }
                    NF != 7 || $1 "" != NR "" || $6 != sprintf("%05d-%s.cast", NR, name == "" ? "target" : name) { exit 1 }
                    { print $6 } END { print "playbook.ps1"; print "index.tsv" }' "$work/run/index.tsv" >"$work/names" ||
                    fail "index.tsv of $archive has an entry that is not named for its target"
                cut -c 67- "$work/run/SHA256SUMS" | cmp -s - "$work/names" || fail "SHA256SUMS of $archive names other files"
                (cd "$work/run" && sha256sum --strict --quiet -c SHA256SUMS) >"$work/out" 2>&1 </dev/null ||
                    fail "$archive: $(cat "$work/out")"
                [ "$(wc -l <"$work/names") $(find "$work/run" -mindepth 1 | wc -l)" = "$((entries + 2)) $((entries + 3))" ] ||
                    fail "$archive does not have $entries entries"
                [ "$(find "$work/run" -type f -links 1 -printf '%s\n' | awk '
                    { n++; sum += 512 + int(($1 + 511) / 512) * 512 } END { printf "%d %.0f\n", n, sum + 1024 }')" = \
                    "$((entries + 3)) $(zstd -dcq <"$archive" | wc -c)" ] || fail "$archive holds more than its members"
                frames=$(cut -f 2 "$work/run/index.tsv" | sort -u | wc -l)
                [ "$(zstd -l "$archive" | awk 'NR == 2 { print $1 - $2, $2 }')" = "$((frames + 2)) 1" ] || fail "$archive has more than its frames"
                # An entry's first line has its number and target, its last one the hash of all lines before that.
                head -n "$entries" "$work/names" >"$work/casts"
                within_entries head -qn 1 | paste - "$work/run/index.tsv" | awk -F "$tab" '
                    { start = index($1, "\"psrun\":{\"format\":1,\"entry\":" NR ",\"target\":\"")
                        target = substr($1, start + length(NR) + 39)
                        sub(/"}}$/, "", target) }
                    start == 0 || (target !~ /\\/ && target != $8) { exit 1 }' || fail "$archive has an entry of another target"
                # The last X event of an entry tells how its session ended; the manifest counts that.
                within_entries grep -aH '^\[[0-9]*[.][0-9]*, "X", "' | sed -nE '
                    s/^([^:]*):\[[0-9]+[.][0-9]+, "X", "\{(\\"target\\":\\"([^\\"]|\\\\[^\\"]|\\\\\\"|\\\\\\\\)*\\",)?\\"outcome\\":\\"([a-z_]+)\\".*/\1 \4/p
                    t
                    s/^([^:]*):.*/\1 unknown/p' | cat "$work/casts" - | awk '
                    { outcome[$1] = $2 == "" ? "unknown" : $2 }
                    END { for (name in outcome) count[outcome[name]]++
                        for (name in count) printf "    \"%s\": %d\n", name, count[name] }' | sort >"$work/outcomes"
                sed -n '/^  "outcomes": {$/,/^  }/s/^\(    .*[0-9]\),\{0,1\}$/\1/p' <"$manifest" | sort | cmp -s - "$work/outcomes" ||
                    fail "$manifest counts other outcomes than its entries have"
                within_entries tail -qn 1 >"$work/last"
                within_entries sed -si '$ d'
                within_entries sha256sum | cut -c 1-64 | paste "$work/last" - | awk -F "$tab" '
                    $1 !~ "^\\[[0-9]+[.][0-9][0-9][0-9][0-9][0-9][0-9], \"H\", \"" $2 "\"]$" { exit 1 }' ||
                    fail "$archive has an entry whose last line is not the hash of those before it"
                head -n "$entries" "$work/run/SHA256SUMS" >"$work/leaves"
                [ "$(root "$work/leaves")" = "$(value "$manifest" merkle_root)" ] || fail "$manifest has a different Merkle root"
                count=$((count + 1))
            done <"$chain"
            for run in $runs; do grep -Fqx -e "$run" "$work/runs" || fail "chain.log does not seal $run"; done

            [ "$unsigned" -eq 0 ] ||
                echo "Note: files not signed by an allowed signer, and so only consistent: $unsigned."
            [ -n "$heads" ] || echo "Note: only a head of the chain, kept elsewhere, proves that the newest runs are all here."
            strays=$(awk -F "$tab" '$4 == "run" { sum[$5] = $6 } $4 == "access" && sum[$5] != $6 { n++ } END { print n + 0 }' "$chain")
            [ "$strays" -eq 0 ] || echo "Note: lines of the chain on readings of runs that it does not seal: $strays."
            [ -z "$recovered" ] || say "Not whole, recovered after a crash:$recovered"
            [ -z "$leftover" ] || say "Not whole, the next psrun prune removes the archive of$leftover"
            [ -z "$unfinished" ] || say "Not whole, not sealed:$unfinished"
            [ -z "$running" ] || say "Note: under way, and not sealed yet:$running"
            [ -z "$recovered$leftover$unfinished" ] || exit 6
            # What is not signed could have been made by anybody: it is consistent, and no more.
            word=Proved
            [ "$unsigned" -eq 0 ] || word=Consistent
            echo "$word: $count runs and $(wc -l <"$work/pruned") pruned ones, $(wc -l <"$newest") lines of the chain."
        }

        # Others may seal, prune and read here meanwhile. What is wrong then is looked at again.
        for attempt in 1 2 3 4 5 6 7 8 9; do
            (verify) >"$work/said" 2>"$work/wrong"
            code=$?
            { [ "$code" -eq 1 ] && [ "$attempt" -lt 9 ] && [ -f chain.log ]; } || break
            cmp -s chain.log "$chain" && ! held chain.log && break
            sleep 0.2
        done
        cat "$work/said"
        cat "$work/wrong" >&2
        exit "$code"

        """#
}
