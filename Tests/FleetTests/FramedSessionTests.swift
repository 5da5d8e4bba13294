import CLIXML
import Connections
import PSRP
import Synchronization
import Testing

@testable import Fleet

/// Sessions that break, as the bytes of out-of-process framing.
struct FramedSessionTests {
    /// Says these, one after the other, and then nothing more.
    private final class Scripted: SessionConnection {
        private let inputs: Mutex<[SessionInput]>

        init(_ inputs: [SessionInput]) {
            self.inputs = Mutex(inputs)
        }

        func receive() async throws -> SessionInput {
            if let next = inputs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return next }
            try await Task.sleep(for: .seconds(60))
            throw CancellationError()
        }

        func send(_ requests: [CarriageRequest]) async throws {}
    }

    static let ends: [CarriageEvent] = [.broken(PSRPError(.farSide, "The shell is gone.")), .ended(.pool)]

    @Test(
        "A session that breaks passes on what came before, and throws the reason each time from then on",
        arguments: ends
    )
    func breaks(_ end: CarriageEvent) async throws {
        let events: [CarriageEvent] = [.acknowledged(.data, .pool), end, .acknowledged(.data, .pool)]
        for traits in [
            CarriageTraits.outOfProcess, CarriageTraits(largestFragment: 100, commands: .carryFirstFragment),
        ] {
            let framed = FramedSession(Scripted([.events(events)]), traits)
            guard case .output(let bytes) = try await framed.receive() else {
                Issue.record("something else came")
                continue
            }
            #expect(String(decoding: bytes, as: UTF8.self).count(of: "DataAck") == 1)
            for _ in 0..<2 {
                let error = await #expect(throws: PSRPError.self) { try await framed.receive() }
                #expect(
                    error?.message == (end == .ended(.pool) ? "The far side ended the session." : "The shell is gone.")
                )
            }
        }
    }

    @Test("A pipeline's end is no session's, where the pipeline's own state says how it went")
    func pipelineEnds() async throws {
        let pipeline = PSGuid(high: 1, low: 2)
        let inputs: [SessionInput] = [.events([.ended(.pipeline(pipeline))]), .end(.code(3))]
        let framed = FramedSession(Scripted(inputs), .outOfProcess)
        #expect(try await framed.receive() == .end(.code(3)))
    }
}

extension String {
    fileprivate func count(of word: String) -> Int { ranges(of: word).count }
}
