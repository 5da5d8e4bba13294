import PSRPEndpoint
import PSRunCommandLine
import PSRunVersion
import SessionCryptography

/// `psrun endpoint`
enum EndpointCommand {
    /// Serves one session on standard input and output.
    static func run(_ invocation: EndpointInvocation) -> Int32 {
        runEndpoint(
            EndpointOptions(
                shell: invocation.shell,
                workingDirectory: invocation.workingDirectory,
                version: Version.current
            ),
            cryptography: OpenSSLSessionKeyCryptography()
        )
    }
}
