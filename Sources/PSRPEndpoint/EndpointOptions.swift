/// How `psrun endpoint` serves.
package struct EndpointOptions: Sendable, Hashable {
    /// The POSIX shell that runs each script line: a path, or a name to look up in PATH.
    package var shell: String
    /// Where its session begins; nil for the home folder.
    package var workingDirectory: String?
    /// psrun's version, told to clients.
    package var version: String

    package init(shell: String = "/bin/sh", workingDirectory: String? = nil, version: String = "") {
        self.shell = shell
        self.workingDirectory = workingDirectory
        self.version = version
    }
}
