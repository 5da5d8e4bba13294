/// How `psrun endpoint` serves.
package struct EndpointOptions: Sendable, Hashable {
    /// The POSIX shell that runs each script line: a path, or a name to look up in PATH.
    package var shell: String

    package init(shell: String = "/bin/sh") {
        self.shell = shell
    }
}
