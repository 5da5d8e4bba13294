import Configuration
import ConfigurationFiles
import PSRunTestSupport
import Testing

/// The bounds of a configuration file, as `psrun config show` meets them. All of them are wrong usage.
enum ConfigurationBounds {
    static let cases: [String: BoundCase] = [
        "a configuration file": BoundCase(limit: "\(LoadedConfiguration.mostBytes >> 20) MiB") {
            try await pass(LoadedConfiguration.mostBytes) { String(repeating: "#", count: $0 - 1) + "\n" }
        },
        "settings of a configuration file": BoundCase(limit: "\(ConfigurationReader.mostValues)") {
            try await pass(ConfigurationReader.mostValues) { count in
                "hosts:\n" + (1...count).map { "  h\($0): {user: op}\n" }.joined()
            }
        },
        "host patterns in one line": BoundCase(limit: "\(HostPatterns.most)") {
            try await pass(HostPatterns.most) { count in
                // YAML takes more than 1,024 characters for a key only behind a question mark (1.1, 7.4.2).
                "hosts:\n  ? '\((1...count).map { "h\($0)" }.joined(separator: ","))'\n  : {user: op}\n"
            }
        },
    ]

    /// Shows the settings of a file that holds as much as it may, and of one that holds one more.
    private static func pass(_ limit: Int, _ text: (Int) -> String) async throws -> String {
        let folder = try TemporaryFolder()
        try folder.makeFolder("psrun")
        func show(_ count: Int) async throws -> ProgramOutcome {
            try folder.write(text(count), to: "psrun/config.yaml", mode: 0o600)
            return try await Workplace().psrun(["config", "show"], environment: ["XDG_CONFIG_HOME": folder.path])
        }
        let most = try await show(limit)
        #expect(most.ending == .exited(0), "\(most.ending) \(most.errors)")
        let one = try await show(limit + 1)
        return one.ending == .exited(2) ? "wrong usage (2)" : "\(one.ending) \(one.errors)"
    }
}
