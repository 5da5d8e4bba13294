import CGSSAPI
package import MessageSeal
import Synchronization
package import WinRMAuth

/// One security context: the steps by which client and server prove themselves, and what seals their messages then.
///
/// Steps are made in a lane, by whoever awaits them; a step that was given up ends the context. Sealing and opening are
/// computation, done where they are asked for.
package final class GSSSecurityContext: Sendable {
    /// What a step brings.
    package struct Step: Sendable, Hashable {
        /// For the far side; nil where nothing is left to tell it.
        package let output: [UInt8]?
        package let isComplete: Bool
    }

    private enum State {
        case open(GSSContextHandle)
        /// A step is under way in the lane, and has the handle.
        case stepping
        case ended
    }

    /// What it is for: shown in errors.
    package let service: ServicePrincipal
    private let credential: GSSCredential
    private let state: Mutex<State>

    /// - Parameters:
    ///   - credential: who logs in.
    ///   - channelBinding: what ties the context to the TLS connection that carries it (RFC 5929, section 4):
    ///     `tls-server-end-point:` and the hash of the server's certificate; nil where none carries it.
    package init(_ credential: GSSCredential, for service: ServicePrincipal, channelBinding: [UInt8]?) {
        self.credential = credential
        self.service = service
        let handle = GSSContextHandle(credential, service: service, channelBinding: channelBinding)
        state = Mutex(.open(handle))
    }

    /// Makes the next token.
    /// - Parameter input: the far side's; nil for the first step.
    /// - Throws: GSSFailure; the limit's error; CancellationError. The context is of no use then.
    package func step(_ input: [UInt8]?, within limit: GSSDeadline) async throws -> Step {
        let handle = try begin()
        do {
            // All of its steps are made with one.
            if handle.credential == nil { handle.credential = try await credential.handle(within: limit) }
            let step = try await limit.call("asking for a ticket for \(service) (\(credential.told))") {
                try handle.step(input)
            }
            state.withLock { $0 = .open(handle) }
            return step
        } catch {
            state.withLock { $0 = .ended }
            throw error
        }
    }

    private func begin() throws(GSSFailure) -> GSSContextHandle {
        try state.withLock { state throws(GSSFailure) in
            guard case .open(let handle) = state else { throw Self.ended }
            state = .stepping
            return handle
        }
    }

    private func with<Result: Sendable>(
        _ body: (GSSContextHandle) throws(GSSFailure) -> Result
    ) throws(GSSFailure) -> Result {
        try state.withLock { state throws(GSSFailure) in
            guard case .open(let handle) = state else { throw Self.ended }
            return try body(handle)
        }
    }

    private static var ended: GSSFailure {
        GSSFailure(.contextRefused, "A security context was used after its end, or while a step of it was under way.")
    }

    /// Which mechanism the two sides agreed on; nil before they did.
    package var mechanism: SecurityMechanism? {
        state.withLock { if case .open(let handle) = $0 { handle.mechanism } else { nil } }
    }

    /// Seals a message as GSSAPI has it, in one piece: for what is not WinRM's own.
    /// - Throws: GSSFailure.
    package func wrap(_ plain: [UInt8]) throws(GSSFailure) -> [UInt8] {
        try with { handle throws(GSSFailure) in try handle.wrap(plain) }
    }

    /// Opens what the far side has sealed, in whatever way.
    /// - Throws: GSSFailure.
    package func unwrap(_ sealed: [UInt8]) throws(GSSFailure) -> [UInt8] {
        try with { handle throws(GSSFailure) in try handle.unwrap(sealed) }
    }
}

extension GSSSecurityContext: MessageSealer {
    /// - Throws: GSSFailure.
    package func seal(_ plain: [UInt8]) throws -> [SealedPiece] {
        [try with { handle throws(GSSFailure) in try handle.seal(plain) }]
    }

    /// - Throws: GSSFailure.
    package func open(header: [UInt8]?, data: [UInt8]) throws -> [UInt8] { try unwrap((header ?? []) + data) }
}
