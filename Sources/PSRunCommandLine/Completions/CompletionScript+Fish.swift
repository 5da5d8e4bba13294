extension CompletionScript {
    static func fish() -> String {
        """
        # fish completion for psrun; load it with: psrun completions fish | source
        function __psrun_is --description 'Whether the verb is this one'
            set -l given (commandline -opc)
            set -l verb run
            if set -q given[2]; and contains -- $given[2] \(namedVerbs.joined(separator: " "))
                set verb $given[2]
            end
            test $verb = $argv[1]
        end
        function __psrun_first --description 'Whether this is the first word'
            test (count (commandline -opc)) -eq 1
        end
        function __psrun_at --description 'Whether so many words stand before this one, and the third of them is that'
            set -l given (commandline -opc)
            test (count $given) -eq $argv[1]; or return 1
            set -q argv[2]; or return 0
            test $given[3] = $argv[2]
        end
        function __psrun_offer --description 'What psrun knows of hosts, runs or sessions'
            set -l token (string replace -r -- '^--[a-z-]+=' '' (commandline -ct))
            set -l front
            # A list has commas; what stands before the last one is done.
            test $argv[1] = hosts; and set front (string match -r -- '^.*,' $token)
            test $argv[1] = runs; and echo last
            for word in (psrun completions $argv[1] 2>/dev/null)
                printf '%s\\n' "$front$word"
            end
        end
        complete -c psrun -n 'not __psrun_is run' -f
        \(VerbDefinition.all.map(fishVerb).joined(separator: "\n"))
        \(VerbDefinition.all.flatMap(fishVerbArguments).joined(separator: "\n"))

        """
    }

    private static func fishVerb(_ verb: VerbDefinition) -> String {
        "complete -c psrun -n __psrun_first -a \(verb.verb.rawValue) -d \(fishQuoted(verb.summary))"
    }

    private static func fishVerbArguments(of verb: VerbDefinition) -> [String] {
        let condition = "complete -c psrun -n '__psrun_is \(verb.verb.rawValue)'"
        var lines = verb.usableOptions.map { option in
            "\(condition)\(fishSpellings(option))\(fishValue(option.value)) -d \(fishQuoted(option.brief))"
        }
        guard let (operand, more, behind) = verb.operandsByPlace else {
            return lines + fishOperand(condition, verb.offeredOperand?.completion)
        }
        let name = verb.verb.rawValue
        lines += fishOperand("complete -c psrun -n '__psrun_is \(name); and __psrun_at 2'", operand.completion)
        lines += fishOperand("complete -c psrun -n '__psrun_is \(name); and __psrun_at 3 \(behind)'", more.completion)
        return lines
    }

    private static func fishOperand(_ condition: String, _ completion: ValueDescription.Completion?) -> [String] {
        switch completion {
        case .words(let words): ["\(condition) -a \(fishQuoted(words.joined(separator: " ")))"]
        case .runs: ["\(condition) -a '(__psrun_offer runs)'"]
        case .sessions: ["\(condition) -a '(__psrun_offer sessions)'"]
        case .nothing, .file, .folder, .hosts, nil: []
        }
    }

    private static func fishSpellings(_ option: CommandOption) -> String {
        [option.short.map { " -s \($0)" }, option.long.map { " -l \($0)" }, option.parameter.map { " -o \($0)" }]
            .compactMap(\.self).joined()
    }

    private static func fishValue(_ value: ValueDescription) -> String {
        guard !value.isSwitch else { return "" }
        return switch value.completion {
        case .nothing: " -x"
        case .file: " -r -F"
        case .folder: " -x -a '(__fish_complete_directories)'"
        case .hosts: " -x -a '(__psrun_offer hosts)'"
        case .runs: " -x -a '(__psrun_offer runs)'"
        case .sessions: " -x -a '(__psrun_offer sessions)'"
        case .words(let words): " -x -a \(fishQuoted(words.joined(separator: " ")))"
        }
    }

    private static func fishQuoted(_ text: String) -> String {
        let escaped = text.reduce(into: "") { escaped, character in
            if character == "'" || character == "\\" { escaped.append("\\") }
            escaped.append(character)
        }
        return "'\(escaped)'"
    }
}
