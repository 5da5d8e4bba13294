import WinRMParameters

/// Reads the arguments that follow a verb, from left to right, by the verb's rows of the table.
struct Binder {
    /// An option that was given, by the spelling the person knows it by.
    struct Given {
        var option: CommandOption
        var spelling: String
        var text: String
    }

    let verb: VerbDefinition
    let lookup: OptionLookup
    private var draft = Draft()
    private(set) var given: [Given] = []
    private(set) var operands: [String] = []
    /// A verb's name that stands behind an option, where it can only be a playbook.
    private var lateVerb: Verb?

    init(_ verb: VerbDefinition) {
        self.verb = verb
        lookup = OptionLookup(verb.options)
    }

    mutating func read(_ arguments: ArraySlice<String>) throws(UsageError) {
        var rest = arguments
        while let argument = rest.popFirst() {
            if argument == "--" {
                operands += rest
                return
            }
            guard argument.hasPrefix("-"), argument != "-" else {
                if operands.isEmpty, !given.isEmpty { lateVerb = Verb(rawValue: argument) }
                operands.append(argument)
                continue
            }
            let spelled = SpelledOption(argument)
            let option = attachedNumber(spelled) ?? spelled
            try bind(option, to: try find(option), rest: &rest)
        }
    }

    /// Checks what was given together.
    func check(verbWasNamed: Bool) throws(UsageError) {
        try checkOperands(verbWasNamed: verbWasNamed)
        try checkParameterSet()
    }

    func finish() throws(UsageError) -> Invocation {
        var draft = draft
        draft.more = Array(operands.dropFirst())
        draft.given = given.map { ($0.option, $0.text) }
        return try verb.finish(draft, operands.first)
    }

    /// What it means for one host, as far as hosts differ.
    var choices: HostChoices {
        var run = draft.run
        run.connectingTimeout = draft.limitOfConnecting
        if run.cron { run.limits.target = run.limits.target ?? RunInvocation.cronTargetLimit }
        return HostChoices(ssh: draft.ssh, winRM: draft.winRM, run: run)
    }

    /// Takes a value that does not come from the command line.
    mutating func take(_ value: SettingValue) throws(UsageError) {
        guard let option = lookup.long(value.key) else { return }
        // A configured inventory is what a limit limits; alone it selects nothing.
        if option.long == "inventory" {
            guard draft.hosts.limit != nil, !draft.hosts.hasInventory else { return }
        }
        // The port that is configured is SSH's: WinRM has another one, and https yet another.
        let port = draft.winRM.port
        defer { draft.winRM.port = port }
        for text in value.texts {
            do throws(ValueError) {
                try option.store(&draft, text)
            } catch {
                throw error.usageError(for: "\(value.place): --\(value.key)", value: text)
            }
        }
    }

    /// A run of options alone: whoever asks has its playbook and its targets from elsewhere.
    func runWithoutTargets(isLocal: Bool) throws(UsageError) -> RunInvocation {
        var run = try draft.run(nil)
        var hosts = HostSelection()
        hosts.winRM = draft.winRM
        run.targets = isLocal ? .local : .ssh(hosts, draft.ssh)
        return run
    }

    // MARK: One option

    /// `-f5` as `-f:5`: a short option with a number right behind it.
    private func attachedNumber(_ spelled: SpelledOption) -> SpelledOption? {
        guard spelled.dialect == .powerShell, spelled.value == nil, let letter = spelled.name.first else { return nil }
        let digits = spelled.name.dropFirst()
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), lookup.short(letter)?.value.isSwitch == false else {
            return nil
        }
        return SpelledOption("-\(letter):\(digits)")
    }

    private func find(_ spelled: SpelledOption) throws(UsageError) -> CommandOption {
        switch spelled.dialect {
        case .short(let letter):
            if let option = lookup.short(letter) { return option }
        case .long, .powerShell:
            // PowerShell takes `--HostName` for `-HostName`; so do we, where it is not a Unix option.
            if spelled.dialect == .long, let option = lookup.long(spelled.name) { return option }
            switch lookup.parameter(spelled.name) {
            case .option(let option): return option
            case .ambiguous(let names): throw .ambiguous(spelled, names)
            case .none: break
            }
        }
        throw .unknown(spelled, verb: verb)
    }

    private mutating func bind(
        _ spelled: SpelledOption,
        to option: CommandOption,
        rest: inout ArraySlice<String>
    ) throws(UsageError) {
        guard option.availability != .inPipelineOnly else { throw .inPipelineOnly(option) }
        if !option.isRepeatable, !option.value.isSwitch, given.contains(where: { $0.option.isSame(as: option) }) {
            throw UsageError(.givenTwice, "\(spelled.spelling) is given twice; it takes one value.")
        }
        let text = try value(of: spelled, option, rest: &rest)
        do {
            try option.store(&draft, text)
        } catch {
            throw error.usageError(for: spelled.spelling, value: text)
        }
        given.append(Given(option: option, spelling: spelled.spelling, text: text))
    }

    private func value(
        of spelled: SpelledOption,
        _ option: CommandOption,
        rest: inout ArraySlice<String>
    ) throws(UsageError) -> String {
        if option.value.isSwitch {
            guard let value = spelled.value else { return "$true" }
            guard case .long = spelled.dialect else { return value.isEmpty ? rest.popFirst() ?? "" : value }
            throw UsageError(.unexpectedArgument, "\(spelled.spelling) takes no value.")
        }
        // PowerShell takes the next argument after `-Name:`; after `--name=` the value is empty.
        if let value = spelled.value, !(value.isEmpty && spelled.dialect == .powerShell) { return value }
        guard let next = rest.first, !SpelledOption.looksLikeOption(next) else {
            throw .missingValue(spelled, option, next: rest.first)
        }
        rest.removeFirst()
        return next
    }

    // MARK: All of them

    private func checkOperands(verbWasNamed: Bool) throws(UsageError) {
        if !verbWasNamed, let lateVerb { throw .verbComesFirst(lateVerb) }
        guard operands.count <= verb.mostOperands else {
            throw .tooMany(operands, verb: verb, verbWasNamed: verbWasNamed)
        }
        if let operand = verb.operand, operand.isRequired, draft.lines.isEmpty, operands.first.map(\.isEmpty) ?? true {
            throw .missingOperand(operand, verb: verb)
        }
    }

    private func checkParameterSet() throws(UsageError) {
        var chosen = given.filter { !$0.option.sets.isEmpty }
        // A kept session may be busy, so that the clock is of use there as well.
        if chosen.contains(where: { !$0.option.sets.allSatisfy { !$0.isKept } }) {
            chosen.removeAll { PowerShellDeviation.localParameters.contains($0.option.setName) }
        }
        switch ParameterSetResolution.resolve(chosen.map { ($0.option.selectingName, $0.option.sets) }) {
        case .local: break
        // PowerShell has the set without the address, and then asks for it.
        case .set(.uri) where !chosen.contains { $0.option.parameter == "ConnectionUri" }:
            throw .missing(["ConnectionUri"], in: .uri, alternatives: ["ComputerName"], given: chosen, of: chosen)
        case .set: break
        case .conflict(let first, let second):
            throw .conflict(first, second, given: chosen)
        case .missing(let missing, let set, let alternatives):
            throw .missing(missing, in: set, alternatives: alternatives, given: chosen, of: given)
        }
    }
}
