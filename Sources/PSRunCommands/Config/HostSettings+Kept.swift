import Configuration
import Files
import PSRunCommandLine

extension HostSettings {
    /// What a recording keeps of how a run was asked for: its command line, and what files and the environment said besides.
    /// - Returns: nil where hosts have settings of their own: those that count later may be others.
    func kept(with arguments: [String]) -> KeptOptions? {
        guard !hasGroups else { return nil }
        let configured = general.flatMap { value in
            value.texts.filter { $0 != "false" }.map { $0 == "true" ? "--\(value.key)" : "--\(value.key)=\($0)" }
        }
        return KeptOptions(of: arguments + configured, in: FilePaths.resolved(".") ?? ".")
    }
}
