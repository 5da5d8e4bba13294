import Glibc
import PSRPTransports
import PSRunCommandLine

/// How a run's targets are reached; what they share is made once.
struct Transports: Sendable {
    private let local: LocalProcessTransport

    init(_ invocation: RunInvocation, environment: [String: String], credentials: CredentialSource) {
        let endpoint = LocalEndpoint.choose(environment: environment)
        local = LocalProcessTransport(executable: endpoint.executable, arguments: endpoint.arguments)
    }

    func transport(to target: RunTarget) -> any SessionTransport {
        local
    }
}
