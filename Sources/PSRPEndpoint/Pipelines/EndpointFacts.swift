package import CLIXML

/// What the endpoint knows of the machine that it serves; its records and its prompt are made of it.
package struct EndpointFacts: Sendable {
    package var user: String
    package var computer: String
    package var processID: UInt32
    /// Whether the user is root.
    package var isPrivileged: Bool
    /// The shell's name: `sh`.
    package var shell: String
    /// What os-release calls the system.
    package var operatingSystem: String
    /// psrun's version.
    package var version: String

    package init(
        user: String,
        computer: String,
        processID: UInt32,
        isPrivileged: Bool,
        shell: String,
        operatingSystem: String,
        version: String
    ) {
        self.user = user
        self.computer = computer
        self.processID = processID
        self.isPrivileged = isPrivileged
        self.shell = shell
        self.operatingSystem = operatingSystem
        self.version = version
    }

    /// The prompt's text: `sh /home/op> `, with `#` before the end for root. A line editor that sees `> ` at the end of a
    /// prompt can redraw it as it was.
    package func prompt(workingDirectory: String) -> String {
        "\(shell) \(workingDirectory)\(isPrivileged ? "#" : "")> "
    }

    /// ApplicationPrivateData: a PSVersionTable with the members that clients look for, which names psrun and the
    /// language of its lines.
    package var privateData: [(String, PSValue)] {
        [("PSVersionTable", Self.dictionary(versions, PSTypeNames.primitiveDictionary))]
    }

    /// A line of stderr as an information record, in the shape of Write-Host's (server/streams).
    package func informationRecord(stderr line: String, at time: PSDateTime) -> PSValue {
        let tags = PSObject(
            typeNames: ["System.Collections.Generic.List`1[[System.String]]", "System.Object"],
            base: .list([.string("stderr")])
        )
        return .properties([
            ("MessageData", .string(line)),
            ("Source", .string(shell)),
            ("TimeGenerated", .dateTime(time)),
            ("Tags", .object(tags)),
            ("User", .string(user)),
            ("Computer", .string(computer)),
            ("ProcessId", .uint32(processID)),
            ("NativeThreadId", .uint32(processID)),
            ("ManagedThreadId", .uint32(1)),
        ])
    }
}

// MARK: $PSVersionTable
extension EndpointFacts {
    private static let versionNames = [
        "PSVersion", "PSEdition", "Language", "Shell", "GitCommitId", "OS", "Platform", "PSCompatibleVersions",
        "PSRemotingProtocolVersion", "SerializationVersion", "WSManStackVersion",
    ]

    /// Whether `$PSVersionTable` has such a member, letter case aside.
    static func isVersion(_ name: String) -> Bool { versionNames.contains { $0.lowercased() == name } }

    /// What `$PSVersionTable` is, or its member, whose name is in lower case; empty for all of it.
    func versions(member: String) -> PSValue {
        if let found = versions.first(where: { $0.0.lowercased() == member }) { return found.1 }
        let type = ["System.Management.Automation.PSVersionHashTable", "System.Collections.Hashtable", "System.Object"]
        return Self.dictionary(versions, type)
    }

    /// The same as a console shows it.
    func versionLines(member: String) -> [String] {
        guard member.isEmpty else { return [Self.text(of: versions(member: member))] }
        let width = 30
        func row(_ name: String, _ value: String) -> String {
            name + String(repeating: " ", count: max(1, width + 1 - name.count)) + value
        }
        return ["", row("Name", "Value"), row("----", "-----")] + versions.map { row($0.0, Self.text(of: $0.1)) } + [""]
    }

    private var versions: [(String, PSValue)] {
        let compatible = [PSVersionNumber(1, 0), PSVersionNumber(2, 0), PSVersionNumber(3, 0), PSVersionNumber(4, 0)]
        let list = PSObject(
            typeNames: ["System.Version[]", "System.Array", "System.Object"],
            base: .list(compatible.map { .version($0) })
        )
        let values: [PSValue] = [
            .version(PSVersionNumber(7, 4, 0)), .string("psrun"), .string("sh"), .string(shell),
            .string("psrun \(version)"), .string(operatingSystem), .string("Unix"), .object(list),
            .version(PSVersionNumber(2, 4)), .version(PSVersionNumber(1, 1, 0, 1)), .version(PSVersionNumber(3, 0)),
        ]
        return Array(zip(Self.versionNames, values))
    }

    private static func dictionary(_ entries: [(String, PSValue)], _ type: [String]) -> PSValue {
        .object(PSObject(typeNames: type, base: .dictionary(entries.map { PSEntry(.string($0.0), $0.1) })))
    }

    private static func text(of value: PSValue) -> String {
        guard let elements = value.elements else { return value.programText ?? "" }
        return "{" + elements.map { $0.programText ?? "" }.joined(separator: ", ") + "}"
    }
}
