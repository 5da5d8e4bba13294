import Configuration
import Files
import PSRunCommandLine

extension HostSettings {
    /// What a recording keeps of how a run was asked for: its command line, and what files and the environment said besides.
    func kept(with arguments: [String]) -> KeptOptions {
        KeptOptions(of: arguments, configured: general.flatMap(\.typed), in: FilePaths.resolved(".") ?? ".")
    }
}
