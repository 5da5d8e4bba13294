/// Which kept session is meant, as Enter-PSSession has it: one, exactly.
package enum KeptSessionChoice: Sendable, Hashable {
    /// `-Name`: in any letter case, and whole; signs of a pattern stand for themselves.
    case name(String)
    /// `-Id`
    case id(Int)
    /// `-InstanceId`, as `KeptSession` has it.
    case instanceID(String)
    /// `-Session`: the instance id, the id or the name of one.
    case any(String)

    /// What results, messages and recordings call it.
    package var label: String {
        switch self {
        case .name(let text), .any(let text): "session:\(text)"
        case .id(let id): "session:\(id)"
        case .instanceID(let text): "session:\(text)"
        }
    }

    /// - Throws: KeptSessionError: there is none, or more than one.
    package func session(of sessions: [KeptSession]) throws(KeptSessionError) -> KeptSession {
        let found: [KeptSession]
        switch self {
        case .name(let name): found = Self.named(name, in: sessions)
        case .id(let id): found = sessions.filter { $0.id == id }
        case .instanceID(let id): found = sessions.filter { $0.instanceID == id.lowercased() }
        case .any(let text):
            let byInstance = sessions.filter { $0.instanceID == text.lowercased() }
            let byID = sessions.filter { "\($0.id)" == text }
            found = [byInstance, byID, Self.named(text, in: sessions)].first { !$0.isEmpty } ?? []
        }
        guard let first = found.first else { throw .none(self, among: sessions) }
        guard found.count == 1 else { throw .several(self, found) }
        return first
    }

    private static func named(_ name: String, in sessions: [KeptSession]) -> [KeptSession] {
        sessions.filter { $0.name.lowercased() == name.lowercased() }
    }

    fileprivate var words: String {
        switch self {
        case .name(let name): "the name \(name)"
        case .id(let id): "the id \(id)"
        case .instanceID(let id): "the instance id \(id)"
        case .any(let text): "the name or id \(text)"
        }
    }
}

/// Why a kept session is not there.
package struct KeptSessionError: Error, Sendable, Hashable {
    /// Whole sentences for a person.
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    static func none(_ choice: KeptSessionChoice, among sessions: [KeptSession]) -> KeptSessionError {
        let known = sessions.prefix(5).map(\.name).joined(separator: ", ") + (sessions.count > 5 ? ", …" : "")
        let byID = sessions.first { if case .name(let name) = choice { "\($0.id)" == name } else { false } }
        return KeptSessionError(
            "there is no kept session of \(choice.words). "
                + (byID.map { "The one whose id that is, \($0.name), is named by --id \($0.id). " } ?? "")
                + (sessions.isEmpty
                    ? "None is open: `psrun session open NAME` opens one."
                    : "Those that are open: \(known); `psrun session list` tells more.")
        )
    }

    static func several(_ choice: KeptSessionChoice, _ found: [KeptSession]) -> KeptSessionError {
        let which = found.map { "\($0.name) (id \($0.id), on \($0.target))" }.joined(separator: " and ")
        return KeptSessionError("\(choice.words) fits several kept sessions: \(which). Give -Id.")
    }
}

/// The name of a kept session.
package enum KeptSessionName {
    /// What is wrong with a name, for the end of a sentence; nil for a good one.
    package static func fault(in name: String) -> String? {
        if name.isEmpty { return "it is empty" }
        if name.utf8.count > KeptSessionLimits.nameBytes {
            return "it has more than \(KeptSessionLimits.nameBytes) bytes"
        }
        let isPrintable = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        return isPrintable ? nil : "it has a control character"
    }
}
