import Files
import Glibc

/// Which program serves a session on this computer.
package struct LocalEndpoint: Sendable, Hashable {
    package let executable: String
    package let arguments: [String]

    /// Chooses it: pwsh where PATH has it, else psrun's own endpoint.
    ///
    /// - Parameters:
    ///   - environment: of the process; its PATH counts.
    ///   - isExecutable: whether there is a program at a path; the file system's answer unless a test gives another.
    package static func choose(
        environment: [String: String],
        isExecutable: (String) -> Bool = { access($0, X_OK) == 0 }
    ) -> LocalEndpoint {
        if let pwsh = ProgramSearch.find("pwsh", in: environment["PATH"] ?? "", isExecutable: isExecutable) {
            return LocalEndpoint(executable: pwsh, arguments: ["-sshs", "-NoLogo", "-NoProfile"])
        }
        return LocalEndpoint(executable: "/proc/self/exe", arguments: ["endpoint"])
    }
}
