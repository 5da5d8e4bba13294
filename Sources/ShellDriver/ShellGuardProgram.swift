/// The program of the second channel: it signals what the driven shell runs, and ends all of it when its own input ends,
/// whatever became of this side.
///
/// It uses built-in utilities of a POSIX shell and /proc, and `sleep`. What left the shell's session on purpose stays, as at
/// psrun's endpoint: what has a session of its own (setsid(1)), and what ignores SIGHUP (nohup(1)), unless the shell does,
/// too. Where there is no /proc, the shell's process group is ended, and single children cannot be.
struct ShellGuardProgram: Sendable {
    let nonce: String
    /// The driven shell, which leads its session.
    let process: Int32

    /// In braces: bash reads line by line, and `read` would eat the rest of a program that was not read yet.
    var text: String {
        #"""
        { N=\#(nonce) P=\#(process)
        h() { while read -r a b; do case $a in SigIgn:) case $b in *[13579bdf]) return 0;; esac; return 1;; esac
        done <"/proc/$1/status"; return 1; } 2>/dev/null
        m() { for d in /proc/[0-9]*; do { read -r l <"$d/stat"; } 2>/dev/null || continue
        p=${d#/proc/}; set -- "$1" "$2" "$3" "$4" ${l##*") "}
        case $5 in [ZX]) continue;; esac
        { test "$8" = "$P" && test "${24}" -ge "$2" && test "$3" != "$p"; } 2>/dev/null || continue
        test "$4" = 1 && test "$p" != "$P" && h "$p" && continue
        kill -s "$1" "$p" 2>/dev/null && n=$((n+1)); done; }
        trap '' HUP INT TERM; u= l=
        { read -r u x </proc/uptime; read -r l <"/proc/$P/stat"; } 2>/dev/null
        set -- ${l##*") "}; echo "$N up ${u:-0} ${4:-0}"
        while read -r c s t; do case $c in
        g) kill "-$s" "-$P" 2>/dev/null; echo "$N g $?";;
        k) n=0; m "$s" "$t" "$P" 0; echo "$N k $n";;
        x) kill -s KILL "$P" 2>/dev/null; echo "$N x $?";;
        q) break;;
        esac; done
        K=1; h "$P" && K=0
        m HUP 0 0 $K; m CONT 0 0 $K
        i=0; while n=0; m 0 0 0 $K; test $n -gt 0 && test $i -lt 10; do sleep 0.05 2>/dev/null || sleep 1; i=$((i+1)); done
        i=0; while n=0; m KILL 0 0 $K; test $n -gt 0 && test $i -lt 500; do i=$((i+1)); done
        test -d /proc/self || { kill -HUP "-$P"; sleep 1; kill -KILL "-$P"; } 2>/dev/null
        echo "$N over"; exit; }

        """#
    }

    /// What the guard says.
    enum Answer: Hashable {
        /// It serves.
        /// - uptime: in seconds, 0 where there is no /proc.
        /// - session: the shell's, 0 where there is no /proc.
        case up(uptime: Double, session: Int32)
        /// A signal was sent, or could not be.
        case signalled(Bool)
        case killed
        case over
    }

    /// - Parameter line: without its end; what start-up files of the login shell print is not an answer.
    func answer(_ line: String) -> Answer? {
        let words = line.split(separator: " ")
        guard words.count >= 2, words[0] == nonce else { return nil }
        switch (words[1], words.count) {
        case ("up", 4): return .up(uptime: Double(words[2]) ?? 0, session: Int32(words[3]) ?? 0)
        case ("g", 3): return .signalled(words[2] == "0")
        case ("k", 3), ("x", 3): return .killed
        case ("over", 2): return .over
        default: return nil
        }
    }
}
