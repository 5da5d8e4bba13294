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
            completion: .nothing,
            help: "The session to open or to close; names are the same in any letter case."
        ),
        moreLimit: 1,
        options: [
            CommandOption(long: "id", .integer("N", in: 1...Int(Int32.max)), help: "Close the session of this id.") {
                $0.session.id = $1
            },
            CommandOption(long: "all", .flag, help: "Close all sessions.") { $0.session.closesAll = $1 },
            CommandOption(long: "format", .choice("FORMAT"), help: "List as text (the default) or json.") {
                $0.session.format = $1
            },
        ]
            + [RunOptions.target, RunOptions.ssh, RunOptions.secrets, RunOptions.time]
            .flatMap { $0.filter { isOfOpen($0) } },
        summary: "keep sessions open from one run to the next",
        help: """
            Opens a session that stays open when psrun ends, lists those that are open, and closes them. psrun PLAYBOOK \
            --name NAME enters one: variables, functions, the folder and `$?` are as the last visit left them. A process \
            of yours in the background, the broker, holds them; it ends when there are none left. Without any target, \
            the session is on this computer.
            """
    ) { (draft, action) throws(UsageError) in
        .session(try draft.session(action))
    }

    /// Of the options of a run, those that tell which target, and how it is reached.
    private static func isOfOpen(_ option: CommandOption) -> Bool {
        let others: Set = [
            "command", "fanout", "dry-run", "shard", "step-timeout", "target-timeout", "run-timeout", "grace",
        ]
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
        let name = more.first
        guard action == .list || session.format == nil else {
            throw UsageError(.unexpectedArgument, "--format goes with psrun session list.")
        }
        guard action == .close || session.id == nil && !session.closesAll else {
            throw UsageError(.unexpectedArgument, "--id and --all go with psrun session close.")
        }
        guard action == .open || given.allSatisfy({ ["id", "all", "format"].contains($0.option.long) }) else {
            throw UsageError(.unexpectedArgument, "A target goes with psrun session open.")
        }
        switch action {
        case .open:
            var draft = self
            // A run has one; of this one no line is sent.
            draft.lines = ["exit"]
            return .open(try nameToOpen(name), try draft.run(nil))
        case .list:
            guard name == nil else {
                throw UsageError(.unexpectedArgument, "psrun session list tells of all sessions, and takes no name.")
            }
            return .list(session.format ?? .text)
        case .close:
            switch (name, session.id, session.closesAll) {
            case (let name?, nil, false): return .close(.name(name))
            case (nil, let id?, false): return .close(.id(id))
            case (nil, nil, true): return .close(nil)
            case (nil, nil, false):
                throw UsageError(.missingArgument, "Which session is to be closed? Give its NAME, --id N or --all.")
            default:
                throw UsageError(.unexpectedArgument, "NAME, --id and --all each say what is to be closed; give one.")
            }
        }
    }

    private func nameToOpen(_ name: String?) throws(UsageError) -> String {
        guard let name, !name.isEmpty else {
            throw UsageError(.missingArgument, "NAME is missing: psrun session open NAME opens a session of that name.")
        }
        guard !hosts.sources.contains(.standardInput) else {
            throw UsageError(.invalidArgument, "--host - names a list on standard input; a kept session has one host.")
        }
        return name
    }
}
