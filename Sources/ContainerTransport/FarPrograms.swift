/// What runs in a container, as text for its shell: POSIX, builtins only, nothing left in any file.
///
/// Two programs are started. The first names itself, waits for a word, and becomes what speaks PSRP. The second is the
/// guard: it holds nothing but the number of the first one's session, and ends what is left of that session when its own
/// input ends, whoever ended it: psrun, the engine's client, or SIGKILL to either.
enum FarPrograms {
    static let shell = "/bin/sh"

    /// What the first one says on its standard error: the token, its process's id, its session's id, and what there is in PATH;
    /// and where it was a command line, how that ended, which no engine's client can be believed in. The command line leads a
    /// session of its own then; without setsid(1) there it is the first program itself, and nobody says how it ended.
    ///
    /// Some runtimes leave what they start in a session from outside the container, whose number is 0 in there: it takes one
    /// of its own then.
    static let main = #"""
        n=$1 m=$2 c=$3 l=; { read -r l </proc/$$/stat; } 2>/dev/null; set -- ${l##*\)}
        if [ "${4-$$}" != $$ ] && command -v setsid >/dev/null 2>&1; then exec setsid /bin/sh -c "$m" psrun "$n" "$m" "$c"; fi
        f=sh; for p in pwsh psrun-endpoint psrun; do command -v $p >/dev/null 2>&1 && { f=$p; break; }; done
        echo "$n $$ ${4-0} $f" >&2; read -r g || exit 0
        case $g in
        pwsh) if [ "$c" ]; then exec pwsh -s -NoLogo -NoProfile -ConfigurationName "$c"; fi; exec pwsh -s -NoLogo -NoProfile;;
        psrun-endpoint) exec psrun-endpoint;;
        psrun) exec psrun endpoint;;
        sh) IFS= read -r l || exit 0; command -v setsid >/dev/null 2>&1 || exec /bin/sh -c "$l"
        setsid /bin/sh -c "$l"; e=$?; echo "$n end $e" >&2; exit $e;;
        esac
        """#

    static func main(token: String, configurationName: String?) -> [String] {
        [shell, "-c", main, "psrun", token, main, configurationName ?? ""]
    }

    /// The guard. It is told the process and the session that it is for, and answers each word with the token.
    ///
    /// A process's stat has its state, parent, group and session behind its name, and its start 16 fields on. What another
    /// process has that number by now is not touched. Where the process leads no session, it alone is ended.
    static let guardian = #"""
        n=$1; echo "$n up"; read -r p s || exit 0; [ "$p" = run ] && { IFS= read -r l || exit 0; exec /bin/sh -c "$l"; }
        trap '' HUP INT TERM
        b=; { read -r l </proc/$p/stat; } 2>/dev/null && { set -- ${l##*\)}; shift 19; b=$1; }; echo "$n ok"
        while read -r x; do :; done
        m() { c=0; k=$1; for d in /proc/[0-9]*; do l=; { read -r l <$d/stat; } 2>/dev/null || continue; i=${d#/proc/}
        set -- ${l##*\)}; case $1 in [ZX]) continue;; esac; t=$4; shift 19
        [ $i = $p ] && [ "$1" != "$b" ] && { s=-; p=-; c=0; return; }
        [ $i = $p ] || { [ $t = $s ] && [ $s = $p ]; } || continue; kill -s $k $i 2>/dev/null && c=$((c+1)); done; }
        w() { sleep 0.05 2>/dev/null || sleep 1; }
        j=0; while m 0; [ $c -gt 0 ] && [ $j -lt 6 ]; do w; j=$((j+1)); done
        m HUP; m CONT; j=0; while m 0; [ $c -gt 0 ] && [ $j -lt 6 ]; do w; j=$((j+1)); done
        j=0; while m KILL; [ $c -gt 0 ] && [ $j -lt 200 ]; do w; j=$((j+1)); done
        """#

    /// Says `gone` behind the token where a process has ended: it is not there, or nobody has asked for its end yet.
    static let question = #"""
        l=; { read -r l </proc/$2/stat; } 2>/dev/null; set -- "$1" ${l##*\)}; case ${2-X} in [ZX]) echo "$1 gone";; esac
        """#

    static func question(token: String, process: Int32) -> [String] {
        [shell, "-c", question, "psrun", token, "\(process)"]
    }

    static func guardian(token: String) -> [String] {
        [shell, "-c", guardian, "psrun", token]
    }
}

/// What the first program says of itself.
struct Announcement: Sendable, Hashable {
    /// What speaks PSRP there, the best first.
    enum Endpoint: String, Sendable, Hashable {
        case powerShell = "pwsh"
        case psrunEndpoint = "psrun-endpoint"
        case psrun = "psrun"
        /// Nothing but the shell itself.
        case shell = "sh"
    }

    let process: Int32
    let session: Int32
    let endpoint: Endpoint

    /// In bytes, with room.
    static let longest = 128

    /// Reads a line of it, without its end.
    init?(_ line: String, token: String) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == token, let process = Int32(words[1]), process > 0,
            let session = Int32(words[2]), session >= 0, let endpoint = Endpoint(rawValue: String(words[3]))
        else { return nil }
        self.process = process
        self.session = session
        self.endpoint = endpoint
    }
}
