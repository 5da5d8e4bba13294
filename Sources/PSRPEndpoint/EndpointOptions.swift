/// How `psrun endpoint` serves.
package struct EndpointOptions: Sendable, Hashable {
    /// The POSIX shell that runs each script line: a path, or a name to look up in PATH.
    package var shell: String
    /// psrun's version, told to clients.
    package var version: String

    package init(shell: String = "/bin/sh", version: String = "") {
        self.shell = shell
        self.version = version
    }
}
