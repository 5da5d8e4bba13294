import PSRPEndpoint
import PSRunCommandLine
import PSRunVersion
import SessionCryptography

/// `psrun endpoint`
enum EndpointCommand {
    static func run(_ invocation: EndpointInvocation) -> Int32 {
        var options = EndpointOptions(
            shell: invocation.shell,
            workingDirectory: invocation.workingDirectory,
            version: Version.current
        )
        if invocation.servesChannel || invocation.channelPath != nil {
            options.streams = .channel(invocation.channelPath)
        }
        return runEndpoint(options, cryptography: OpenSSLSessionKeyCryptography())
    }
}
