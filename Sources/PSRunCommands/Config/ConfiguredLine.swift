import Configuration
import ConfigurationFiles
import Glibc
import PSRunCommandLine
import Preparation

/// A command line with what the configuration says of it.
struct ConfiguredLine: Sendable {
    let invocation: Invocation
    let settings: HostSettings

    /// Reads the configuration, no longer than the run may take, and not for ever.
    /// - Throws: CommandFailure: a file or a variable cannot be used, or was not read in time.
    init(_ reading: CommandLineReading, environment: [String: String]) async throws(CommandFailure) {
        let (most, limit) = (Duration.seconds(60), reading.runTimeout)
        let loaded = try await InTime.run(
            min(limit ?? most, most),
            of: limit == nil ? "waiting for configuration files" : "--run-timeout"
        ) { () throws(CommandFailure) in
            try LoadedConfiguration(ConfigurationPlaces(environment: environment))
        }
        for warning in loaded.warnings { Complaint.write(warning) }
        let settings = HostSettings(
            loaded.settings,
            reading,
            isInteractive: isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0
        )
        do throws(UsageError) {
            invocation = try reading.finish(with: settings.general.map(\.forReading))
        } catch {
            throw CommandFailure(.usage, error.message)
        }
        self.settings = settings
    }
}
