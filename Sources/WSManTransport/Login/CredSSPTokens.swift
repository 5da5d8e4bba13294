import CredSSP
import EventLoops
import GSSWorker
import MessageSeal
import WinRMAuth

/// Tokens of CredSSP, whose TLS seals messages then. Confined to its connection's loop.
actor CredSSPTokens: WinRMTokens {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    nonisolated let waitsFor: String
    private nonisolated let loop: EventLoop
    private let client: CredSSPClient
    private var records: CredSSPSealer?

    init(_ client: sending CredSSPClient, waitsFor: String, on loop: EventLoop) {
        self.client = client
        self.waitsFor = waitsFor
        self.loop = loop
    }

    func next(_ input: [UInt8]?) async -> TokenResult {
        do {
            let (output, isComplete) = try await client.step(input)
            return .token(output, isComplete: isComplete, mayEnd: isComplete)
        } catch let failure as CredSSPFailure {
            return .failed(failure.message, code: failure.code.rawValue)
        } catch let failure as GSSFailure {
            return .failed(failure.message)
        } catch {
            return .failed("The token was given up.")
        }
    }

    nonisolated func sealer() -> any MessageSealer { CredSSPMessages(tokens: self) }

    fileprivate func seal(_ plain: [UInt8]) throws -> [SealedPiece] {
        // A record holds so much, and a part one record.
        let chunk = CredSSPSealer.chunkBytes
        return try held().seal(plain).enumerated().map { index, part in
            SealedPiece(header: part.header, data: part.data, plainLength: min(chunk, plain.count - index * chunk))
        }
    }

    fileprivate func open(_ header: [UInt8]?, _ data: [UInt8]) throws -> [UInt8] { try held().open(header, data) }

    private func held() throws -> CredSSPSealer {
        if let records { return records }
        guard let sealer = client.sealer else {
            throw CredSSPFailure(.malformed, "CredSSP has not handed the credentials over yet.")
        }
        records = sealer
        return sealer
    }
}

/// The messages of CredSSP's TLS, on its connection's loop.
private struct CredSSPMessages: MessageSealer {
    let tokens: CredSSPTokens

    func seal(_ plain: [UInt8]) throws -> [SealedPiece] { try tokens.assumeIsolated { try $0.seal(plain) } }

    func open(header: [UInt8]?, data: [UInt8]) throws -> [UInt8] {
        try tokens.assumeIsolated { try $0.open(header, data) }
    }

    func length(ofPieceAt bytes: ArraySlice<UInt8>, plainLength: Int) -> Int? { CredSSPSealer.recordBytes(bytes) }
}

/// The login within CredSSP: SPNEGO, without channel bindings.
struct CredSSPInnerLogin: CredSSPInnerContext {
    let context: GSSSecurityContext
    let loop: EventLoop

    func step(_ input: [UInt8]?) async throws -> (output: [UInt8]?, complete: Bool) {
        let step = try await context.step(input, within: GSSDeadline(on: loop, nil) { _ in CancellationError() })
        return (step.output, step.isComplete)
    }

    func wrap(_ plain: [UInt8]) throws -> [UInt8] { try context.wrap(plain) }
    func unwrap(_ sealed: [UInt8]) throws -> [UInt8] { try context.unwrap(sealed) }
}
