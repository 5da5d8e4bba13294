import Files
import NodeSets
import SSHTransport

/// The hosts that a shell offers when somebody presses Tab.
package enum HostCandidates {
    private static let most = 10_000

    /// Those of ssh_config, then those of group files; each once, and none that a shell would read as more than a word. No
    /// command runs for it, and what cannot be read is left out. Blocks for as long as the files take.
    package static func all(environment: [String: String]) -> [String] {
        var seen: Set<String> = []
        var names = SSHHostNames.configured()
        // A shell's `~` is HOME, whatever ssh's is.
        if let home = environment["HOME"] {
            var facts = SSHEnvironment.Facts.ofThisProcess()
            facts.home = home
            names += SSHHostNames.configured(facts)
        }
        return (names + groupHosts(environment))
            .filter { isPlain($0) && seen.insert($0).inserted }.prefix(most).map(\.self)
    }

    private static func groupHosts(_ environment: [String: String]) -> [String] {
        let home = environment["HOME"] ?? UserAccount.ofThisProcess?.home
        let folders = GroupConfiguration.folders(home: home, environment: environment)
        guard let groups = try? GroupConfiguration.resolver(folders: folders, system: LocalGroupSystem()) else {
            return []
        }
        var reader = NodeSetReader(groups: groups)
        return reader.nodesOfFileGroups.names
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.hasPrefix("-")
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._-:@%+".utf8.contains(byte)
            }
    }
}
