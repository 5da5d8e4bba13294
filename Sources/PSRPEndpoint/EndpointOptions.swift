/// How `psrun endpoint` serves.
package struct EndpointOptions: Sendable, Hashable {
    /// What it serves on.
    package enum Streams: Sendable, Hashable {
        /// One session on standard input and output.
        case standard
        /// Sessions one after the other on a virtual machine's channel; nil for the one of psrun's own name.
        case channel(String?)
    }

    /// The POSIX shell that runs each script line: a path, or a name to look up in PATH.
    package var shell: String
    /// Where its session begins; nil for the home folder.
    package var workingDirectory: String?
    package var streams = Streams.standard
    /// psrun's version, told to clients.
    package var version: String
    /// What becomes the guard of a shell (`ShellProgram.guardProgram`).
    package var guardProgram: String?

    package init(shell: String = "/bin/sh", workingDirectory: String? = nil, version: String = "") {
        self.shell = shell
        self.workingDirectory = workingDirectory
        self.version = version
    }
}
