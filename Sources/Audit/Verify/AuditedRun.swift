/// What `verify` found out about one run.
package struct AuditedRun: Sendable, Hashable {
    package enum State: String, Sendable, Hashable {
        case sealed, recovered, pruned, running, killed, damaged, unreadable, missing
        /// One entry of it, in a file of its own.
        case proof
    }

    /// The name of its folder.
    package let run: String
    package internal(set) var state: State
    /// Of its manifest; nil where nobody signed that.
    package internal(set) var signature: SignatureStatus?
    /// Entries that its manifest tells of, and those whose every byte is what was sealed; nil where that cannot be told.
    package internal(set) var entries: Int?
    package internal(set) var goodEntries: Int?
    /// The name of the run that its manifest says it continues; nil where it continues none.
    package internal(set) var continuedRun: String?
    package internal(set) var findings: [Finding] = []

    init(_ run: String, _ state: State) {
        self.run = run
        self.state = state
    }

    /// Whether it is what was sealed, as far as can be told; nothing was yet of a run that is under way.
    package var isProved: Bool { state != .running && isUnsuspected }
    /// Whether nothing speaks against it.
    package var isUnsuspected: Bool { !findings.contains { $0.level != .note } }
    /// Whether its manifest, and its tombstone where it has one, are signed by somebody whose signature counts.
    package var isSigned: Bool {
        signature?.isTrusted == true && !findings.contains { [.unsigned, .signerUnknown].contains($0.code) }
    }

    mutating func add(
        _ code: Finding.Code,
        _ level: Finding.Level = .problem,
        _ member: String? = nil,
        _ message: String
    ) {
        findings.append(Finding(code, level, run: run, member: member, message))
    }
}
