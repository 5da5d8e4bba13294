/// The texts that drive a POSIX shell from afar.
///
/// Every word of them was tried in dash 0.5.12, bash 5.2.15, busybox 1.35.0, ksh93u+m 1.0.4 and mksh 59c. A shell answers by
/// marks: `<N:…:N>`, N being the session's number of 128 bits. What is typed never has `<N` in it, so a shell that shows
/// what it reads (`set -v`) cannot forge one. Marks go to copies of the two streams, so that no redirection of a line's
/// loses them.
struct ShellCommands: Sendable {
    /// 32 hexadecimal digits.
    let nonce: String
    /// The shell's program, one or more words that any shell reads as they are: `/bin/sh`, `/bin/busybox sh`.
    let program: String
    var dialect = ShellDialect.plain

    /// `$0` of the driven shell, which is in its messages.
    var name: String { program.split(separator: " ").last.map(String.init) ?? program }

    /// What an exec channel runs. Ten login shells read it as it is (one word in single quotes; no `!`, which csh takes for
    /// history even there; no backslash, which fish halves). What they say before it comes before the greeting.
    ///
    /// The shell leads a session of its own then, and is interactive, since only such a one goes on after its own errors and
    /// SIGINT; it has no job control, no start-up files and no history.
    var start: String {
        """
        exec \(program) -c 'echo "<\(nonce):s::\(nonce)>"; echo "<\(nonce):s::\(nonce)>" >&2; unset ENV BASH_ENV MAIL MAILPATH PROMPT_COMMAND TMOUT HISTFILE; \
        if test "${BASH_VERSION-}"; then \
        exec \(program) --noediting --noprofile --norc +o history +H -i +m -s; fi; \
        if test "${ZSH_VERSION-}${YASH_VERSION-}${POSH_VERSION-}"; then \
        echo "<\(nonce):x:${ZSH_VERSION+zsh }${YASH_VERSION+yash }${POSH_VERSION+posh }:\(nonce)>"; exit 69; fi; \
        exec \(program) -i +m -s'
        """
    }

    /// The first text that the shell reads. Read twice it does the same.
    func greeting(_ number: Int) -> String {
        let system = "(. /etc/os-release; \\command echo \"$PRETTY_NAME\")"
        let facts = [
            ("pid", "$$"), ("bash", "${BASH_VERSION-}"), ("korn", "${KSH_VERSION-}"), ("user", "$(id -un)"),
            ("uid", "$(id -u)"), ("host", "$(uname -n)"), ("kernel", "$(uname -s)"), ("system", "$\(system)"),
        ]
        // In one word: each word of its own would be a write, and a packet, of its own.
        let told = facts.map { "\"<\"\(nonce)\":f:\($0):\($1):\(nonce)>\"" }.joined()
        // ksh93 turns job control on in spite of `+m`.
        return "PS1= PS2=; { set +m; unset MAILCHECK; } 2>/dev/null; exec 8>&1 9>&2; "
            + "{ \\command echo \(told) >&8; } </dev/null 2>/dev/null; \(mark(number))\n"
    }

    /// Asks for the status of what ran last. It is read when the shell is free, and by nobody else.
    func ask(_ number: Int) -> String { mark(number) + "\n" }

    /// Runs a text, where it has to be, once the shell itself has looked at it.
    ///
    /// It is one compound command, whose parts are given up together where an error or a SIGINT unwinds the shell; dash and
    /// ash throw away what they have read ahead then.
    /// - Parameters:
    ///   - syntax: what is to be looked at first; nil for nothing.
    ///   - status: what `$?` is to be.
    ///   - isTraced: whether `set -x` is on, which a mark switches off.
    func line(_ number: Int, _ text: String, lookingAt syntax: String?, status: Int32, isTraced: Bool) -> String {
        let body = (isTraced ? dialect.tracing(status) + "\n" : "") + text
        let restore = status == 0 || isTraced ? "" : "(exit \(status)) || "
        let word = dialect.guardedWord
        // `eval 'return 3'` ends dash, ash, ksh93 and mksh; a dot script does not.
        let isDotted = dialect == .bash || body.utf8.firstRange(of: "return".utf8) != nil
        let run = isDotted ? "\(word). /dev/fd/7" : "\(word)eval \(Self.quoted(body))"
        let redirections = "</dev/null 8>&- 9>&-" + (isDotted ? " 7<<'\(nonce)'\n\(body)\n\(nonce)" : "")
        let running = "{ \(restore)\(run); } \(redirections)\n"
        let checked = syntax.map { "if \(check($0))then \(running)else _psrun_r=$?; \(verdict(number))\nfi\n" }
        return opening(number) + (checked ?? running) + mark(number) + "; }\n"
    }

    /// Looks at a text, and runs nothing.
    func look(_ number: Int, _ text: String) -> String {
        opening(number)
            + "if \(check(text))then _psrun_r=0; \(verdict(number))\nelse _psrun_r=$?; \(verdict(number))\nfi\n"
            + mark(number) + "; }\n"
    }

    /// Where a line unwinds the shell, the prompt tells that.
    private func opening(_ number: Int) -> String {
        "{ { PS1='<'\(nonce)':p:$?:\(number):\(nonce)>' _psrun_k=\(number); \\unset -f command || :; } 2>/dev/null\n"
    }

    private func check(_ text: String) -> String {
        let body = text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n"
        return "{ _psrun_e=$(LC_ALL=C BASH_ENV= ENV= \(program) \(dialect.checkingOptions) 2>&1); } <<'\(nonce)'\n"
            + "\(body)\(nonce)\n"
    }

    /// What the look brought: its words, between two marks.
    private func verdict(_ number: Int) -> String {
        "{ \\command echo \"<\"\(nonce)\":b:\(number):\(nonce)>\"; \(dialect.say("\"$_psrun_e\"")); "
            + "\\command echo \"<\"\(nonce)\":c:$_psrun_r:\(number):\(nonce)>\"; } >&8 2>/dev/null"
    }

    /// Tells the status, the number of what began last, the flags and the folder, and takes away what a line has set for a
    /// console: a prompt, a command before each, a limit of idleness. A folder with a backslash in its name is
    /// not told, since some shells' `echo` would read it.
    private func mark(_ number: Int) -> String {
        let told = "\\command echo \"<\"\(nonce)\":m:$_psrun_r:\(number):${_psrun_k-0}:$_psrun_f:"
        return "{ _psrun_r=$? _psrun_f=$-; set +xv; "
            + "case ${PWD-} in *\\\\*) _psrun_d=;; *) _psrun_d=${PWD-};; esac; "
            + "\(told)$_psrun_d:\(nonce)>\" >&8; \(told):\(nonce)>\" >&9; "
            // Last: what is readonly unwinds some shells.
            + "PS1= PS2=; \\unset PS0 PROMPT_COMMAND TMOUT; } 2>/dev/null"
    }

    /// The word that a shell reads back as exactly this text.
    private static func quoted(_ text: String) -> String {
        var word = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" { word += #"'\''"# } else { word.unicodeScalars.append(scalar) }
        }
        return word + "'"
    }
}
