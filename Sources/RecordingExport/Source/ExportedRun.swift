package import RecordingFormat

/// What is said of the run whose sessions are exported; of a single session's file next to nothing is known.
package struct ExportedRun: Sendable, Hashable {
    /// The run's name, or the file's that stands for it.
    package var name: String
    /// The manifest's own members, or what JSON lines carry of them; empty where there is none.
    package var facts: ManifestMembers

    package init(name: String, facts: JSONValue = [:]) {
        self.name = name
        self.facts = ManifestMembers(facts)
    }

    package init(_ manifest: Manifest) {
        self.init(name: manifest.run, facts: (try? JSONValue(parsing: manifest.encoded)) ?? [:])
    }

    var playbookName: String? { facts.playbookName }
    /// Its name, and which shard it is.
    var title: String { facts.shard.map { "\(name), shard \($0.text)" } ?? name }
    var version: String? { facts.psrunVersion }
    var isRecovered: Bool { facts.isRecovered }
}

/// One target's session, before any of it is read.
package struct ExportedSession: Sendable, Hashable {
    /// From 1, as the recording numbers its targets.
    package var number: Int
    package var target: String

    package init(number: Int, target: String) {
        self.number = number
        self.target = target
    }
}

/// Makes one form of recorded sessions: takes their lines, as they are stored, and appends what comes of each.
///
/// The order of calls is `begin(run)`, then for each session `begin(session)`, `encode` for each line, `endSession`; and
/// `end`.
package protocol RecordingEncoder {
    /// Whether the session's lines have to be there; without them only `begin(session)` and `endSession` are called.
    func needsLines(of session: ExportedSession) -> Bool
    mutating func begin(_ run: ExportedRun, to bytes: inout [UInt8])
    mutating func begin(_ session: ExportedSession, to bytes: inout [UInt8])
    /// - Parameters:
    ///   - line: a line of an asciicast of version 2, with its line end where it has one.
    ///   - number: its number, from 1: the first is the header.
    /// - Throws: where the line is none that this form can hold.
    mutating func encode(_ line: ArraySlice<UInt8>, number: Int, to bytes: inout [UInt8]) throws(CastError)
    mutating func endSession(to bytes: inout [UInt8])
    mutating func end(to bytes: inout [UInt8])
}

extension RecordingEncoder {
    package func needsLines(of session: ExportedSession) -> Bool { true }
    package mutating func begin(_ run: ExportedRun, to bytes: inout [UInt8]) {}
    package mutating func begin(_ session: ExportedSession, to bytes: inout [UInt8]) {}
    package mutating func endSession(to bytes: inout [UInt8]) {}
    package mutating func end(to bytes: inout [UInt8]) {}
}
