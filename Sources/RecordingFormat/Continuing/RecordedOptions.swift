/// How a run was asked for, so that it can be run once more: its options without secrets, as they are typed.
///
/// Not among them are those that name hosts, since the recording has the targets themselves, those that concern only what is
/// shown, and values that may be secrets.
package struct RecordedOptions: JSONRecord {
    /// What the targets are whose names alone are recorded.
    package enum Way: String, Sendable, Hashable {
        case local, ssh
        /// A process that ran already, and need not run any longer.
        case process
        /// A session that was kept open, and need not be any longer.
        case session
        case container
    }

    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// - Parameters:
    ///   - arguments: each an option with its value, `--fanout=8`; paths are absolute.
    ///   - withheld: names of options that were given, and whose values may be secrets.
    ///   - playbook: the file's absolute path; nil where it was not a file.
    ///   - kinds: what hosts have in place of `arguments` and `withheld`, where a configuration sets some for a part of them.
    package init(
        way: Way,
        arguments: [String],
        withheld: [String],
        playbook: String?,
        kinds: [RecordedKind] = []
    ) {
        var members: [JSONMember] = [
            JSONMember(.way, .string(way.rawValue)),
            JSONMember(.playbook, .optional(playbook)),
            JSONMember(.arguments, .strings(arguments)),
            JSONMember(.withheld, .strings(withheld)),
        ]
        if !kinds.isEmpty { members.append(JSONMember(.kinds, .array(kinds.map(\.json)))) }
        json = .object(members)
    }

    package var playbook: String? { json[.playbook]?.string }

    package var way: Way { json[.way]?.string.flatMap(Way.init) ?? .ssh }
    package var arguments: [String] { (json[.arguments]?.array ?? []).compactMap(\.string) }
    package var withheld: [String] { (json[.withheld]?.array ?? []).compactMap(\.string) }
    package var kinds: [RecordedKind] { (json[.kinds]?.array ?? []).map { RecordedKind($0) } }

    /// More than this is not kept: a manifest is small.
    package static let mostBytes = 64 << 10
}

/// How the hosts of one kind were asked for: they are in the same groups of a configuration.
package struct RecordedKind: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// As `RecordedOptions` has them.
    package init(arguments: [String], withheld: [String]) {
        json = .record([.arguments: .strings(arguments), .withheld: .strings(withheld)])
    }

    package var arguments: [String] { (json[.arguments]?.array ?? []).compactMap(\.string) }
    package var withheld: [String] { (json[.withheld]?.array ?? []).compactMap(\.string) }
}

extension JSONValue {
    fileprivate static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}

/// What it takes to reach a target whose name does not tell: an inventory's, most likely. The data of a `C` event.
package struct RecordedPlace: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// - Parameters:
    ///   - address: what is connected to; nil on this computer.
    ///   - container: nil where it is none, and so `machine` and `winRM`.
    ///   - label: what its prompt calls it.
    ///   - computerName: what warnings about prompts call it.
    ///   - kind: its number among `RecordedOptions.kinds`, from 1; 0 where it has what all hosts have.
    package init(
        address: String?,
        port: Int?,
        user: String?,
        keyFile: String?,
        container: RecordedContainer? = nil,
        machine: RecordedMachine? = nil,
        winRM: RecordedWinRM? = nil,
        label: String,
        computerName: String,
        kind: Int = 0
    ) {
        var members: [JSONMember] = [
            JSONMember(.address, .optional(address)),
            JSONMember(.port, .optional(port)),
            JSONMember(.user, .optional(user)),
            JSONMember(.keyFile, .optional(keyFile)),
        ]
        if let container { members.append(JSONMember(.container, container.json)) }
        if let machine { members.append(JSONMember(.machine, machine.json)) }
        if let winRM { members.append(JSONMember(.winrm, winRM.json)) }
        members += [JSONMember(.label, .string(label)), JSONMember(.computerName, .string(computerName))]
        if kind > 0 { members.append(JSONMember(.kind, .integer(Int64(kind)))) }
        json = .object(members)
    }

    package var address: String? { json[.address]?.string }
    package var port: UInt16? { json[.port]?.integer.flatMap(UInt16.init(exactly:)) }
    package var user: String? { json[.user]?.string }
    package var keyFile: String? { json[.keyFile]?.string }
    package var container: RecordedContainer? {
        json[.container].flatMap { $0 == .null ? nil : RecordedContainer($0) }
    }
    package var machine: RecordedMachine? { json[.machine].flatMap { $0 == .null ? nil : RecordedMachine($0) } }
    package var winRM: RecordedWinRM? { json[.winrm].flatMap { $0 == .null ? nil : RecordedWinRM($0) } }
    package var label: String? { json[.label]?.string }
    package var computerName: String? { json[.computerName]?.string }
    package var kind: Int { json[.kind]?.integer.flatMap(Int.init(exactly:)) ?? 0 }
}
