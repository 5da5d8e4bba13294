extension CompletionScript {
    static func bash() -> String {
        """
        # bash completion for psrun; load it with: source <(psrun completions bash)
        _psrun_offer() {
            # What psrun prints is plain words, and nothing of them is expanded here.
            local word front=''
            # A list has commas; what stands before the last one is done.
            [[ $1 == hosts && $current == *,* ]] && front=${current%,*},
            while IFS= read -r word; do
                [[ $front$word == "$current"* ]] || continue
                # A session's name may have blanks.
                [[ $1 == sessions ]] && printf -v word %q "$word"
                COMPREPLY+=("$front$word")
            done < <([[ $1 == runs ]] && echo last; psrun completions "$1" 2>/dev/null)
            compopt +o bashdefault +o default 2>/dev/null
        }
        _psrun() {
            local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb=run words=''
            # `=` breaks words: an option joined to its value is three of them.
            if [[ $current == = ]]; then
                current=''
            elif [[ $previous == = ]]; then
                previous=${COMP_WORDS[COMP_CWORD-2]}
            fi
            if (( COMP_CWORD > 1 )); then
                case ${COMP_WORDS[1]} in
                    \(namedVerbs.joined(separator: "|"))) verb=${COMP_WORDS[1]} ;;
                esac
            fi
            COMPREPLY=()
            case $verb:$previous in
        \(VerbDefinition.all.flatMap(bashValues).joined(separator: "\n"))
                *)
                    case $verb:$current in
        \(VerbDefinition.all.map(bashOptions).joined(separator: "\n"))
        \(VerbDefinition.all.compactMap(bashOperands).joined(separator: "\n"))
                        *) compopt +o bashdefault +o default 2>/dev/null ;;
                    esac
                    (( COMP_CWORD == 1 )) && [[ $current != -* ]] && words+='\(Verb.allCases.map(\.rawValue).joined(separator: " "))'
                    ;;
            esac
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$words" -- "$current")
        }
        complete -o bashdefault -o default -F _psrun psrun

        """
    }

    /// What may follow an option: one arm for all that take the same.
    private static func bashValues(of verb: VerbDefinition) -> [String] {
        var arms: [(action: String, patterns: [String])] = []
        for option in verb.usableOptions where !option.value.isSwitch {
            let action = bashAction(option.value.completion)
            let patterns = option.spellings.map { "\(verb.verb.rawValue):\($0)" }
            if let known = arms.firstIndex(where: { $0.action == action }) {
                arms[known].patterns += patterns
            } else {
                arms.append((action, patterns))
            }
        }
        return arms.map { "        \($0.patterns.joined(separator: "|"))) \($0.action) ;;" }
    }

    private static func bashAction(_ completion: ValueDescription.Completion) -> String {
        switch completion {
        case .nothing: "compopt +o bashdefault +o default 2>/dev/null"
        case .file: bashFiles("-f")
        case .folder: bashFiles("-d")
        case .hosts: "_psrun_offer hosts"
        case .runs: "_psrun_offer runs"
        case .sessions: "_psrun_offer sessions"
        case .words(let words): "words='\(words.joined(separator: " "))'"
        }
    }

    private static func bashFiles(_ kind: String) -> String {
        "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen \(kind) -- \"$current\")"
    }

    private static func bashOptions(of verb: VerbDefinition) -> String {
        let words = verb.usableOptions.flatMap(\.spellings).joined(separator: " ")
        return "                \(verb.verb.rawValue):-*) words='\(words)' ;;"
    }

    private static func bashOperands(of verb: VerbDefinition) -> String? {
        guard let (operand, more, behind) = verb.operandsByPlace else {
            return verb.offeredOperand.map {
                "                \(verb.verb.rawValue):*) \(bashAction($0.completion)) ;;"
            }
        }
        let first = "if (( COMP_CWORD == 2 )); then \(bashAction(operand.completion))"
        let second = "elif [[ ${COMP_WORDS[2]} == \(behind) ]]; then \(bashAction(more.completion)); fi"
        return "                \(verb.verb.rawValue):*) \(first); \(second) ;;"
    }
}
