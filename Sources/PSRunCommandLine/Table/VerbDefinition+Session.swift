extension VerbDefinition {
    static let session = VerbDefinition(
        verb: .session,
        operand: Operand(
            placeholder: "ACTION",
            isRequired: true,
            completion: .words(SessionInvocation.Action.allCases.map(\.rawValue)),
            help: "open, list or close."
        ),
        more: Operand(
            placeholder: "NAME",
            isRequired: false,
            completion: .sessions,
            help: "The session to open or to close; names are the same in any letter case."
        ),
        moreLimit: 1,
        options: which
            + [
                RunOptions.places, RunOptions.ssh, RunOptions.winRM, RunOptions.machines, RunOptions.secrets,
                RunOptions.ofComputers, RunOptions.time,
            ]
            .flatMap { $0.filter { isOfOpen($0) } },
        summary: "keep sessions open from one run to the next",
        help: """
            Opens a session that stays open when psrun ends, lists those that are open, and closes them. psrun PLAYBOOK \
            --name NAME enters one: variables, functions, the folder and `$?` are as the last visit left them. A process \
            of yours in the background, the broker, holds them; it ends when there are none left. Without any target, \
            the session is on this computer. open takes a target and how it is reached; list and close take the options \
            that come first, and -ConnectingTimeout, which bounds all of them.
            """
    ) { (draft, action) throws(UsageError) in
        .session(try draft.session(action))
    }

    /// Which session is meant, and how it is told of.
    private static let which: [CommandOption] = [
        CommandOption(
            "Name",
            long: "name",
            .text("NAME", completes: .sessions),
            in: .kept,
            help: "The same as NAME, as PowerShell has it."
        ) { $0.session.choices.append(.name($1)) },
        CommandOption(
            "Id",
            long: "id",
            .sessionID,
            in: .kept,
            help: "Close the session of this id."
        ) { $0.session.choices.append(.id($1)) },
        CommandOption(
            "InstanceId",
            long: "instance-id",
            .guid,
            in: .kept,
            help: "Close the session of this instance id."
        ) { $0.session.choices.append(.instanceID($1)) },
        CommandOption(long: "all", .flag, in: .kept, help: "Close all sessions.") { $0.session.closesAll = $1 },
        CommandOption(
            long: "format",
            .choice("FORMAT"),
            in: .kept,
            help: "Tell of what is listed, or was opened, as text (the default) or json."
        ) { $0.session.format = $1 },
    ]

    /// Of the options of a run, those that tell which target, and how it is reached.
    private static func isOfOpen(_ option: CommandOption) -> Bool {
        let others: Set = ["shard", "step-timeout", "target-timeout", "run-timeout", "grace"]
        return !others.contains(option.long ?? "")
    }
}

extension Draft {
    fileprivate func session(_ word: String?) throws(UsageError) -> SessionInvocation {
        let names = SessionInvocation.Action.allCases.map(\.rawValue)
        guard let action = word.flatMap(SessionInvocation.Action.init) else {
            throw UsageError(
                .invalidArgument,
                "'psrun session' has no '\(printable(word ?? ""))'; it has \(listed(names))."
            )
        }
        guard action != .close || session.format == nil else {
            throw UsageError(.unexpectedArgument, "--format goes with psrun session list and open.")
        }
        guard action == .close || !session.closesAll else {
            throw UsageError(.unexpectedArgument, "--id and --all go with psrun session close.")
        }
        let own: Set = ["Name", "Id", "InstanceId", "all", "format", "ConnectingTimeout"]
        guard action == .open || given.allSatisfy({ own.contains($0.option.setName) }) else {
            throw UsageError(.unexpectedArgument, "A target goes with psrun session open.")
        }
        // As -Name is read; where a session is opened, a name that is missing is told as that.
        if let name = more.first, action == .close {
            do { _ = try ValueType<String>.text("NAME").parse(name) } catch {
                throw error.usageError(for: "'psrun session close'", value: name)
            }
        }
        let choices = more.prefix(1).map { KeptSessionOption.name($0) } + session.choices
        let limit = connectingTimeout ?? nil
        switch action {
        case .open:
            var draft = self
            // A run has one; of this one no line is sent.
            draft.lines = ["exit"]
            return .open(try nameToOpen(choices), try draft.run(nil), session.format ?? .text)
        case .list:
            guard choices.isEmpty else {
                throw UsageError(.unexpectedArgument, "psrun session list tells of all sessions, and takes no name.")
            }
            return .list(session.format ?? .text, within: limit)
        case .close:
            guard choices.count + (session.closesAll ? 1 : 0) <= 1 else {
                throw UsageError(
                    .unexpectedArgument,
                    "NAME, --id, --instance-id and --all each say what is to be closed; give one."
                )
            }
            guard session.closesAll || !choices.isEmpty else {
                throw UsageError(.missingArgument, "Which session is to be closed? Give its NAME, --id N or --all.")
            }
            return .close(choices.first, within: limit)
        }
    }

    private func nameToOpen(_ choices: [KeptSessionOption]) throws(UsageError) -> String {
        guard !hosts.sources.contains(.standardInput) else {
            throw UsageError(.invalidArgument, "--host - names a list on standard input; a kept session has one host.")
        }
        guard choices.allSatisfy({ if case .name = $0 { true } else { false } }) else {
            throw UsageError(
                .unexpectedArgument,
                "--id and --instance-id go with psrun session close: a session that is opened is given its ids."
            )
        }
        guard choices.count < 2 else { throw UsageError(.givenTwice, "A session has one name, and two are given.") }
        guard case .name(let name)? = choices.first, !name.isEmpty else {
            throw UsageError(.missingArgument, "NAME is missing: psrun session open NAME opens a session of that name.")
        }
        return name
    }
}
