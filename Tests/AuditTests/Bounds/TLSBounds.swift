import Files
import PSRunTestSupport
import Testing

@testable import Certificates
@testable import CredSSP
@testable import TLS

/// The bounds of TLS, of the certificates' folder and of CredSSP.
enum TLSBounds {
    static let cases: [String: BoundCase] = [
        "a file of authorities": BoundCase(limit: "\(Trust.fileBytes >> 20) MiB") {
            let folder = try TemporaryFolder()
            let authority = try contents(of: try await TestCertificates.path("authority.pem"))
            func read(_ bytes: Int) throws -> String {
                let padding = [UInt8](repeating: 0x0A, count: bytes - authority.count)
                let file = try folder.write(authority + padding, to: "authorities.pem")
                return code {
                    _ = try TLSContext(TLSSettings(trust: .authorities(files: [file], folder: nil, lists: nil)))
                }
            }
            #expect(try read(Trust.fileBytes).isEmpty)
            return try read(Trust.fileBytes + 1)
        },
        "files in a folder of authorities": BoundCase(limit: "\(Trust.mostFiles)") {
            let folder = try TemporaryFolder()
            for number in 0..<Trust.mostFiles { try folder.write("", to: "\(number)") }
            let settings = TLSSettings(trust: .authorities(files: [], folder: folder.path, lists: nil))
            #expect(code { _ = try TLSContext(settings) }.isEmpty)
            try folder.write("", to: "more")
            return code { _ = try TLSContext(settings) }
        },
        "TLS handshakes after the first, on one connection": BoundCase(limit: "\(TLSEngine.mostRenegotiations)") {
            var settings = TLSSettings(trust: .anyone)
            settings.newest = .tls12
            let server = try OpenSSLServer(.init(identity: try await TestCertificates.path("host.pem")))
            let client = try TLSEngine(TLSContext(settings), host: nil)
            func settle(_ first: TLSProgress) throws {
                _ = try server.feed(first.toSend)
                while case let bytes = server.takeOutput(), !bytes.isEmpty {
                    _ = try server.feed(client.feed(bytes).toSend)
                }
            }
            try settle(try client.start())
            return code {
                for number in 0...TLSEngine.mostRenegotiations {
                    try server.renegotiate()
                    try settle(try client.feed(server.takeOutput()))
                    #expect(number < TLSEngine.mostRenegotiations)
                }
            }
        },
        "files in a folder of client certificates": BoundCase(limit: "\(CertificateStore.mostFiles)") {
            let folder = try TemporaryFolder()
            for number in 0..<CertificateStore.mostFiles { try folder.write("", to: "\(number)") }
            #expect(try await lookUp(in: folder) == "`CertificateNotFound`")
            try folder.write("", to: "more")
            return try await lookUp(in: folder)
        },
        "a file with a client certificate": BoundCase(limit: "\(StoredFile.mostBytes >> 20) MiB") {
            let folder = try TemporaryFolder()
            try folder.write([UInt8](repeating: 0x0A, count: StoredFile.mostBytes), to: "client.pem", mode: 0o600)
            #expect(try await lookUp(in: folder) == "`CertificateNotFound`")
            try folder.write([UInt8](repeating: 0x0A, count: StoredFile.mostBytes + 1), to: "client.pem", mode: 0o600)
            return try await lookUp(in: folder)
        },
        "a message of CredSSP": BoundCase(limit: "\(TSRequest.mostBytes >> 10) KiB") {
            let rest = TSRequest(negoToken: [UInt8](repeating: 0, count: 1 << 17)).encoded().count - (1 << 17)
            let most = TSRequest(negoToken: [UInt8](repeating: 0, count: TSRequest.mostBytes - rest)).encoded()
            #expect(most.count == TSRequest.mostBytes)
            #expect(code { _ = try TSRequest(decoding: most) }.isEmpty)
            let more = TSRequest(negoToken: [UInt8](repeating: 0, count: TSRequest.mostBytes - rest + 1)).encoded()
            return code { _ = try TSRequest(decoding: more) }
        },
        "rounds of the authentication within CredSSP": BoundCase(limit: "\(CredSSPClient.mostLegs)") {
            try await endlessCredSSP()
        },
    ]

    /// The code that a body fails with, in backquotes; empty where it does not.
    private static func code(_ body: () throws -> Void) -> String {
        do {
            try body()
            return ""
        } catch let failure as TLSFailure {
            return "`\(failure.code.rawValue)`"
        } catch let failure as CredSSPFailure {
            return "`\(failure.code.rawValue)`"
        } catch {
            return "\(error)"
        }
    }

    private static func lookUp(in folder: TemporaryFolder) async throws -> String {
        let thumbprint = try Thumbprint(String(repeating: "AB", count: 20))
        do {
            _ = try await CertificateStore(folder.path).certificate(thumbprint, now: 0) { _ in nil }
            return ""
        } catch let failure as CertificateStoreFailure {
            return "`\(failure.code.rawValue)`"
        }
    }

    /// Always has something to say.
    private struct Endless: CredSSPInnerContext {
        func step(_ input: [UInt8]?) async throws -> (output: [UInt8]?, complete: Bool) { ([1], false) }
        func wrap(_ plain: [UInt8]) throws -> [UInt8] { plain }
        func unwrap(_ sealed: [UInt8]) throws -> [UInt8] { sealed }
    }

    private static func endlessCredSSP() async throws -> String {
        let server = try OpenSSLServer(.init(identity: try await TestCertificates.path("host.pem")))
        let identity = CredSSPIdentity(domain: "", user: "op", password: Secret("secret"))
        let client = try CredSSPClient(TLSContext(.withinCredSSP()), inner: Endless(), identity: identity)
        var input: [UInt8]?
        var rounds = 0
        do {
            // Two tokens are TLS's own.
            while rounds < CredSSPClient.mostLegs + 10 {
                let said = try server.feed(try await client.step(input).output ?? [])
                if !said.isEmpty {
                    rounds += 1
                    try server.write(TSRequest(negoToken: [2]).encoded())
                }
                input = server.takeOutput()
            }
            return ""
        } catch let failure as CredSSPFailure {
            #expect(rounds == CredSSPClient.mostLegs)
            return "`\(failure.code.rawValue)`"
        }
    }
}
