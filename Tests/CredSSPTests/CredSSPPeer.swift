import Files
import Glibc
import PSRunTestSupport
import Synchronization

@testable import CredSSP

/// One conversation with pyspnego's side of CredSSP (Tests/Peers/credssp_peer.py).
final class CredSSPPeer: Sendable {
    static let user = "operator"
    static let password = "p\u{e4}ss \u{1f511} word"

    /// The process, which serves every test of a run.
    private final class Process: Sendable {
        static let shared = Task { try await Process() }

        let port: UInt16
        private let folder: TemporaryFolder
        private let program: ChildProgram

        private init() async throws {
            folder = try TemporaryFolder()
            let file = folder.path(of: "port")
            program = try ChildProgram(Peers.command("credssp_peer.py", [file]))
            for _ in 0..<1500 where !FileContents.exists(file) { try await Task.sleep(for: .milliseconds(20)) }
            guard let port = UInt16((try? text(of: file)) ?? "") else {
                throw TestSupportError("credssp_peer.py: \(try program.errorsSoFar())")
            }
            self.port = port
        }

        deinit {
            program.signal(SIGTERM)
            _ = try? program.wait(seconds: 5)
        }
    }

    /// Why it could not do as it was asked.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    private let process: Process
    private let stream: LoopbackStream
    private let turn = Mutex(())

    /// - Parameter how: `honest`, `wrong-proof` or `wrong-password`.
    init(version: Int = 6, tls: String = "1.2", how: String = "honest") async throws {
        process = try await Process.shared.value
        stream = try LoopbackStream(port: process.port, seconds: 60)
        _ = try ask("begin", ["\(version)", tls, how])
    }

    /// - Returns: the values of the answer, in hexadecimal digits or as words.
    private func ask(_ word: String, _ values: [String]) throws -> [String] {
        try turn.withLock { _ in
            try stream.send(Array(([word] + values).joined(separator: " ").utf8) + [0x0A])
            var line: [UInt8] = []
            while line.last != 0x0A {
                let bytes = try stream.receive()
                guard !bytes.isEmpty else { throw TestSupportError("the peer is gone") }
                line += bytes
            }
            let text = String(decoding: line.dropLast(), as: UTF8.self)
            guard text.hasPrefix("ok") else { throw Refusal(description: text) }
            return text.dropFirst(3).split(separator: " ").map(String.init)
        }
    }

    func call(_ word: String, _ values: [UInt8]...) throws -> [[UInt8]] {
        try ask(word, values.map(Self.digits)).map(Self.bytes)
    }

    /// The host's answer to a token, and whether it has the credentials.
    func accept(_ token: [UInt8]) throws -> (answer: [UInt8], hasCredentials: Bool) {
        let values = try ask("accept", [Self.digits(token)])
        return (Self.bytes(values[0]), values[1] == "complete")
    }

    private static func digits(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "-" }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func bytes(_ text: String) -> [UInt8] {
        guard text != "-" else { return [] }
        func value(_ digit: UInt8) -> UInt8 { digit <= 0x39 ? digit - 0x30 : digit - 0x57 }
        let digits = Array(text.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).map { value(digits[$0]) << 4 | value(digits[$0 + 1]) }
    }
}

extension CredSSPPeer: CredSSPInnerContext {
    func step(_ input: [UInt8]?) async throws -> (output: [UInt8]?, complete: Bool) {
        let values = try ask("step", [Self.digits(input ?? [])])
        let output = Self.bytes(values[0])
        return (output.isEmpty ? nil : output, values[1] == "complete")
    }

    func wrap(_ plain: [UInt8]) throws -> [UInt8] { try call("wrap", plain)[0] }
    func unwrap(_ sealed: [UInt8]) throws -> [UInt8] { try call("unwrap", sealed)[0] }
}
