import Connections
import MessageSeal
import SessionCryptography
import WinRMAuth

/// The bounds of WinRM's logins, and of what is sealed behind them.
enum WinRMLoginBounds {
    static let cases: [String: BoundCase] = [
        "requests of one login": BoundCase(limit: "\(WinRMAuthentication.mostLegs)") {
            var machine = try Self.machine(.negotiate)
            var step = machine.begin()
            for leg in 1...WinRMAuthentication.mostLegs + 1 {
                step = machine.token(.token([1], isComplete: false, mayEnd: true))
                guard leg <= WinRMAuthentication.mostLegs else { break }
                guard case .send = step else { return "" }
                step = machine.answered(status: 401, challenges: ["Negotiate AQ=="])
            }
            return code(step)
        },
        "a token of a server's": BoundCase(limit: "\(WinRMAuthentication.longestToken >> 10) KiB") {
            guard code(try answer(letters: WinRMAuthentication.longestToken / 3 * 4)).isEmpty else { return "" }
            return code(try answer(letters: WinRMAuthentication.longestToken / 3 * 4 + 4))
        },
        "nonces in a row that a server calls too old": BoundCase(limit: "\(WinRMAuthentication.mostStaleAnswers)") {
            var machine = try Self.machine(.digest)
            _ = machine.begin()
            var step = machine.answered(status: 401, challenges: ["Digest realm=r, nonce=n, qop=auth"])
            for _ in 0...WinRMAuthentication.mostStaleAnswers {
                guard case .send = step else { return "" }
                step = machine.answered(status: 401, challenges: ["Digest realm=r, nonce=n, qop=auth, stale=true"])
            }
            return code(step)
        },
        "lines of the head of a sealed part": BoundCase(limit: "\(SealedMessage.mostHeadLines)") {
            // The line that says what was sealed is one of them.
            guard fault(lines: SealedMessage.mostHeadLines - 1, of: 1).isEmpty else { return "" }
            return fault(lines: SealedMessage.mostHeadLines, of: 1)
        },
        "a line of that head": BoundCase(limit: "\(SealedMessage.longestHeadLine) bytes") {
            guard fault(lines: 1, of: SealedMessage.longestHeadLine - 1).isEmpty else { return "" }
            return fault(lines: 1, of: SealedMessage.longestHeadLine)
        },
    ]

    private static func machine(_ asked: AskedAuthentication) throws -> WinRMAuthentication {
        let credential = WinRMCredential(user: "alice", password: { [0x61] })
        let plan = try AuthenticationPlan(asked, credential: credential, isTLS: true)
        let means = WinRMAuthentication.DigestMeans(
            target: "/",
            random: { Array(repeating: 1, count: $0) },
            hashes: OpenSSLDigestHashes()
        )
        return WinRMAuthentication(plan, digest: means)
    }

    private static func answer(letters: Int) throws -> AuthenticationStep {
        var machine = try Self.machine(.negotiate)
        _ = machine.begin()
        _ = machine.token(.token([1], isComplete: false, mayEnd: true))
        return machine.answered(status: 401, challenges: ["Negotiate \(String(repeating: "A", count: letters))"])
    }

    private static func code(_ step: AuthenticationStep) -> String {
        if case .failed = step { "`\(TransportError.Code.authenticationFailed.rawValue)`" } else { "" }
    }

    /// What is said to a message whose first head has so many more lines of so many bytes, their ends not counted.
    private static func fault(lines: Int, of bytes: Int) -> String {
        let filling = Array(repeating: String(repeating: "x", count: bytes) + "\n", count: lines).joined()
        let body =
            "--b\r\n\(filling)OriginalContent: type=text/xml;Length=1\r\n--b\r\n"
            + "Content-Type: application/octet-stream\r\n\0\0\0\0x--b--\r\n"
        var sealer = OpenSealer()
        do {
            _ = try SealedMessage.decode(
                contentType: "multipart/encrypted;boundary=b",
                body: Array(body.utf8),
                with: &sealer
            )
            return ""
        } catch is SealFault {
            return "`\(SealFault.name)`"
        } catch {
            return "\(error)"
        }
    }

    /// Seals nothing.
    private struct OpenSealer: MessageSealer {
        mutating func seal(_ plain: [UInt8]) -> [SealedPiece] { [] }
        mutating func open(header: [UInt8]?, data: [UInt8]) -> [UInt8] { data }
    }
}
