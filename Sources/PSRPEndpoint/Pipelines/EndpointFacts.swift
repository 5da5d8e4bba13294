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

    /// The prompt's text: `sh /home/op$ `.
    package func prompt(workingDirectory: String) -> String {
        "\(shell) \(workingDirectory)\(isPrivileged ? "#" : "$") "
    }

    /// ApplicationPrivateData: a PSVersionTable with the members that clients look for, which names psrun and the
    /// language of its lines.
    package var privateData: [(String, PSValue)] {
        let compatible = [PSVersionNumber(1, 0), PSVersionNumber(2, 0), PSVersionNumber(3, 0), PSVersionNumber(4, 0)]
        let versions = PSObject(
            typeNames: ["System.Version[]", "System.Array", "System.Object"],
            base: .list(compatible.map { .version($0) })
        )
        let table: [(String, PSValue)] = [
            ("PSVersion", .version(PSVersionNumber(7, 4, 0))),
            ("PSEdition", .string("psrun")),
            ("Language", .string("sh")),
            ("Shell", .string(shell)),
            ("GitCommitId", .string("psrun \(version)")),
            ("OS", .string(operatingSystem)),
            ("Platform", .string("Unix")),
            ("PSCompatibleVersions", .object(versions)),
            ("PSRemotingProtocolVersion", .version(PSVersionNumber(2, 4))),
            ("SerializationVersion", .version(PSVersionNumber(1, 1, 0, 1))),
            ("WSManStackVersion", .version(PSVersionNumber(3, 0))),
        ]
        let dictionary = PSObject(
            typeNames: PSTypeNames.primitiveDictionary,
            base: .dictionary(table.map { PSEntry(.string($0.0), $0.1) })
        )
        return [("PSVersionTable", .object(dictionary))]
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
