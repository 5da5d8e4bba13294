import Connections
import Glibc
package import PSRP
import TLS
import WSMan
package import WinRMAuth

/// What the sessions over WS-Management of one run share, whatever loops they are on.
package final class WSManEnvironment: Sendable {
    let admission = Admission()
    let credentials = SharedCredentials()
    /// The TLS within CredSSP.
    let innerTLS = SharedTLS { try TLSContext(.withinCredSSP()) }
    /// `psrun/1.0`, as requests say who asks.
    let userAgent: String
    private let hashes: any DigestHashing
    private let identifiers: @Sendable () -> any IdentifierSource

    /// - Parameters:
    ///   - hashes: for Digest.
    ///   - identifiers: of one session's messages, which nobody else has.
    package init(
        userAgent: String,
        hashes: any DigestHashing,
        identifiers: @escaping @Sendable () -> any IdentifierSource
    ) {
        self.userAgent = userAgent
        self.hashes = hashes
        self.identifiers = identifiers
    }

    /// A carriage for one shell.
    func carriage(to place: WinRMPlace) -> WSManClientCarriage {
        WSManClientCarriage(endpoint: place.endpoint, identifiers: identifiers())
    }

    func digestMeans(for place: WinRMPlace) -> WinRMAuthentication.DigestMeans {
        WinRMAuthentication.DigestMeans(target: place.target, random: Self.random, hashes: hashes)
    }

    /// So many bytes that nobody can guess; at most 256.
    private static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        if getentropy(&bytes, count) != 0 {
            var generator = SystemRandomNumberGenerator()
            for index in bytes.indices { bytes[index] = UInt8.random(in: .min ... .max, using: &generator) }
        }
        return bytes
    }
}
