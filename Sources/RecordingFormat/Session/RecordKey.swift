/// Every name of a member in psrun's JSON: in the files of a recording, in the texts of its events, and in the
/// machine-readable results. It stands here and nowhere else.
///
/// Format 1 is frozen: a name that recordings have is never changed.
package enum RecordKey: String, Sendable, Hashable, CaseIterable {
    // MARK: A run
    case format, version, run, playbook, psrun, started, ended, recovered, entries, outcomes, recording
    case name, sha256, title, target, targets
    case startedSeconds = "started_seconds"
    case endedSeconds = "ended_seconds"
    case durationMicroseconds = "duration_us"
    case exitCode = "exit_code"

    // MARK: manifest.json, tombstone.json
    case archive, bytes, previous, pruned, by, reason
    case indexHash = "index_sha256"
    case sumsHash = "sums_sha256"
    case manifestHash = "manifest_sha256"
    case merkleRoot = "merkle_root"
    case journalHead = "journal_head"
    case chainHead = "chain_head"
    case retainUntil = "retain_until"

    // MARK: The journal, and an entry's header
    case retainUntilSeconds = "retain_until_seconds"
    case columns, rows, width, height, timestamp, entry

    // MARK: A shard, and what shards were put together
    case shard, shards, index, selection, merged, position, positions

    // MARK: How to run it once more, and which run it continues
    case options, arguments, withheld, way, places, label, continues, starts, ran, repeated, kind, kinds
    case keyFile = "key_file"
    case container, engine, machine, hypervisor, winrm, parameters, proxy
    case isID = "is_id"
    case configurationName = "configuration_name"
    case computerName = "computer_name"
    case doubt = "unknown"
    case earlierRun = "earlier_run"

    // MARK: A step, a target, an error
    case text, outcome, succeeded, output, phase, error, steps, truncated
    case code, message, category
    case firstLine = "first_line"
    case lastLine = "last_line"
    case lastExitCode = "last_exit_code"
    case startedMicroseconds = "started_us"
    case phasesMicroseconds = "phases_us"
    case errorID = "error_id"
    case wasAlreadyFalse = "was_already_false"
    case linesNotSent = "lines_not_sent"
    case blocks, well

    // MARK: A dry run, list and show
    case lines, recordings, runs, state, signed
    case targetCount = "target_count"
    case archiveBytes = "archive_bytes"
    case archiveHash = "archive_sha256"

    // MARK: targets
    case fold, address, port, user, groups, variables, uri, authentication

    // MARK: processes
    case processes, pipe
    case processID = "id"

    // MARK: session list
    case sessions
    case instanceID = "instance_id"
    case idleSince = "idle_since"
    case visitorProcess = "visitor_pid"
    case visitorSince = "visitor_since"

    // MARK: config
    case settings, values, layer, path, column, variable, hosts, files, host

    // MARK: search and diff
    case step, stream, at, matches, damaged
    case timeMicroseconds = "time_us"
    case classes, count, example, diff, older, newer, unchanged, changed, from, to, appeared, vanished

    // MARK: verify
    case proved, consistent, chain, head, signature, findings, counts, principal, key, level, member
    case allowedSigners = "allowed_signers"
    case goodEntries = "entries_good"

    // MARK: export --as jsonl
    case header, time, data, line
    case lineBase64 = "line_base64"

    /// Numbers of a step's and a target's result that the far side chose; all others psrun counted or measured.
    package static let farNumbers: Set<RecordKey> = [.exitCode, .lastExitCode]

    /// Appends `"name":`, as it stands before a member's value.
    package func append(to bytes: inout [UInt8]) {
        bytes.append(0x22)
        bytes += rawValue.utf8
        bytes.append(0x22)
        bytes.append(0x3A)
    }
}

extension JSONValue {
    /// An object with members of psrun's own, in this order.
    package static func record(_ members: KeyValuePairs<RecordKey, JSONValue>) -> JSONValue {
        .object(members.map { JSONMember($0.key, $0.value) })
    }

    /// The first member of that name, or nil where this is not an object or has none.
    package subscript(key: RecordKey) -> JSONValue? { self[key.rawValue] }

    /// A string, or null.
    package static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// A number, or null. It must fit in 64 bits with a sign.
    package static func optional(_ number: (some BinaryInteger)?) -> JSONValue {
        number.map { .integer(Int64($0)) } ?? .null
    }

    /// How many there are of each name, sorted by name.
    package static func counts(_ counts: [String: Int]) -> JSONValue {
        .object(counts.sorted { $0.key < $1.key }.map { JSONMember(key: $0.key, value: .integer(Int64($0.value))) })
    }
}

extension JSONMember {
    package init(_ key: RecordKey, _ value: JSONValue) {
        self.init(key: key.rawValue, value: value)
    }
}
