extension CompletionScript {
    static func zsh() -> String {
        """
        #compdef psrun
        # zsh completion for psrun; put it in a folder of $fpath as _psrun
        (( $+functions[_psrun_offer] )) || _psrun_offer() {
            local -a known
            known=(${(f)"$([[ $1 == runs ]] && echo last; psrun completions $1 2>/dev/null)"})
            # A list has commas; what stands before the last one is done.
            [[ $1 == hosts ]] && compset -P '*,'
            compadd -a known
        }
        _psrun() {
            local verb=run
            if (( CURRENT > 2 )) && [[ ${words[2]} == (\(VerbDefinition.all.map(\.verb.rawValue).joined(separator: "|"))) ]]; then
                verb=${words[2]}
                shift words
                (( CURRENT-- ))
            elif (( CURRENT == 2 )) && [[ ${words[2]} != -* ]]; then
                local -a verbs=(
        \(VerbDefinition.all.map(zshVerb).joined(separator: "\n"))
                )
                _describe -t verbs verb verbs
            fi
            case $verb in
        \(VerbDefinition.all.map(zshArguments).joined(separator: "\n"))
            esac
        }
        if [[ ${funcstack[1]} == _psrun ]]; then
            _psrun "$@"
        else
            compdef _psrun psrun
        fi

        """
    }

    private static func zshVerb(_ verb: VerbDefinition) -> String {
        "            " + quoted("\(verb.verb.rawValue):\(verb.summary)")
    }

    private static func zshArguments(of verb: VerbDefinition) -> String {
        var specifications = verb.usableOptions.flatMap(zshOption)
        if let operand = verb.operand {
            specifications.append("1" + zshValue(operand.placeholder, operand.completion))
        }
        if let (_, more, behind) = verb.operandsByPlace {
            specifications.append("2:\(more.placeholder):{[[ $words[2] == \(behind) ]] && _psrun_offer sessions}")
        } else if let more = verb.more {
            specifications.append("*" + zshValue(more.placeholder, more.completion))
        }
        let lines = specifications.map { "                    " + quoted($0) }.joined(separator: " \\\n")
        return "        \(verb.verb.rawValue))\n            _arguments \\\n\(lines)\n            ;;"
    }

    /// One specification for each spelling; the spellings of what cannot repeat exclude each other.
    private static func zshOption(_ option: CommandOption) -> [String] {
        option.spellings.map { spelling in
            let prefix = option.isRepeatable ? "*" : "(\(option.spellings.joined(separator: " ")))"
            guard let placeholder = option.value.placeholder else {
                return "\(prefix)\(spelling)[\(zshEscape(option.brief))]"
            }
            let joined = spelling.hasPrefix("--") ? "=" : ""
            return "\(prefix)\(spelling)\(joined)[\(zshEscape(option.brief))]"
                + zshValue(placeholder, option.value.completion)
        }
    }

    private static func zshValue(_ placeholder: String, _ completion: ValueDescription.Completion) -> String {
        let action =
            switch completion {
            case .nothing: ""
            case .file: "_files"
            case .folder: "_files -/"
            case .hosts: "{_psrun_offer hosts}"
            case .runs: "{_psrun_offer runs}"
            case .sessions: "{_psrun_offer sessions}"
            case .words(let words): "(\(words.joined(separator: " ")))"
            }
        return ":\(zshEscape(placeholder)):\(action)"
    }

    private static func zshEscape(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            if "[]:\\".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
    }
}
