import Files
import Glibc

/// Which program serves a session on this computer.
package struct LocalEndpoint: Sendable, Hashable {
    package let executable: String
    package let arguments: [String]
    /// Whether it is psrun's own.
    package var isOwn: Bool { executable == Self.ownProgram }

    private static let ownProgram = "/proc/self/exe"

    /// Chooses it: pwsh where PATH has it, else psrun's own endpoint.
    ///
    /// - Parameters:
    ///   - environment: of the process; its PATH counts.
    ///   - folder: where sessions begin; nil for where they begin by themselves, the home folder.
    ///   - isExecutable: whether there is a program at a path; the file system's answer unless a test gives another.
    package static func choose(
        environment: [String: String],
        folder: String? = FilePaths.workingFolder,
        isExecutable: (String) -> Bool = { access($0, X_OK) == 0 }
    ) -> LocalEndpoint {
        if let pwsh = ProgramSearch.find("pwsh", in: environment["PATH"] ?? "", isExecutable: isExecutable) {
            // In a server for SSH (-sshs) -WorkingDirectory has no effect; this is how Start-Job starts one.
            let place = folder.map { ["-s", "-NoLogo", "-NoProfile", "-WorkingDirectory", $0] }
            return LocalEndpoint(executable: pwsh, arguments: place ?? ["-sshs", "-NoLogo", "-NoProfile"])
        }
        let place = folder.map { ["--working-directory", $0] } ?? []
        return LocalEndpoint(executable: ownProgram, arguments: ["endpoint"] + place)
    }
}
