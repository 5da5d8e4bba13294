import CLIXML
import PSRP
import PSRunTestSupport
import Testing
import WSMan
import WSManEnvelope

/// Connections that break at each point of each operation: nothing runs twice, and what is not known is said.
@Suite struct LossTests {
    typealias Kind = WSManServerCarriage.Kind

    /// A session of two lines with a prompt and a close, in which the exchange of this label and turn is disturbed.
    private func play(
        _ kind: Kind,
        seed: UInt64 = 1,
        _ label: String,
        turn: Int = 0,
        _ disturbance: WSManPair.Disturbance
    ) -> (pair: WSManPair, error: PSRPError?) {
        var pair = WSManPair(kind, seed: seed)
        var turns = turn
        pair.disturb = { exchange in
            guard exchange.operation.label == label else { return .none }
            defer { turns -= 1 }
            return turns == 0 ? disturbance : .none
        }
        pair.serve = { server, event in
            if case .createPipeline(let pipeline, let request) = event, request.statements[0][0].text == "ask" {
                server.callHost(.readLine, [], pipeline: pipeline)
            } else {
                SessionPair.echo(&server, event)
            }
        }
        var lines = ["ask", "1", "2"][...]
        pair.react = { client, event throws(PSRPError) in
            switch event {
            case .opened, .ended:
                if let line = lines.popFirst() { _ = client.create(.line(PSString(line))) } else { client.close() }
            case .hostCall(let call) where call.method == .readLine: try client.reply(.result(.string("yes")), to: call)
            default: break
            }
        }
        pair.client.open()
        do { try pair.pump() } catch let error as PSRPError { return (pair, error) } catch { Issue.record(error) }
        return (pair, nil)
    }

    private static let operations = ["Create", "Command", "Send pr", "Signal Terminate", "Delete"]

    @Test("A request of which nothing left is sent again on a new connection", arguments: operations, Kind.allCases)
    func notSent(_ operation: String, _ kind: Kind) {
        let (pair, error) = play(kind, operation, .notSent)
        #expect(error == nil)
        #expect(pair.clientEvents.last == .closed)
        #expect(pair.clientEvents.writtenLines == ["1", "2"])
        #expect(pair.serverCarriage.breaches == [])
    }

    @Test(
        "A request of which a byte may have left is never sent again",
        arguments: operations,
        [WSManPair.Disturbance.lostBefore, .lostAfter, .expires]
    )
    func neverTwice(_ operation: String, _ disturbance: WSManPair.Disturbance) {
        for kind in Kind.allCases {
            let (pair, error) = play(kind, operation, disturbance)
            let envelopes = pair.exchanges.filter { $0.operation.label == operation }.map(\.envelope)
            #expect(Set(envelopes).count == envelopes.count, "each of its own MessageID, once")
            if ["Create", "Command", "Send pr"].contains(operation) {
                #expect(error?.code == .ended)
                #expect(error?.message.contains("may have done it or not") == true)
                #expect(error?.message.contains("at web01") == true)
                #expect(pair.exchanges.filter { $0.operation.label == operation }.count == 1)
            } else {
                #expect(error == nil)
                #expect(pair.clientEvents.last == .closed, "what ends a thing need not be answered")
                #expect(pair.clientEvents.endings == [.completed, .completed, .completed])
            }
            #expect(!pair.serverCarriage.breaches.contains { $0.hasSuffix("twice") })
        }
    }

    @Test(
        "A Receive is sent again, byte for byte, and on a server that repeats its answer nothing is lost",
        arguments: ["Receive", "Receive of a command"],
        [WSManPair.Disturbance.notSent, .lostBefore, .lostAfter, .expires]
    )
    func receives(_ label: String, _ disturbance: WSManPair.Disturbance) {
        for turn in 0..<3 {
            for seed in 1...4 as ClosedRange<UInt64> {
                let (pair, error) = play(.windows, seed: seed, label, turn: turn, disturbance)
                guard pair.isDisturbed else { continue }
                #expect(error == nil)
                #expect(pair.clientEvents.last == .closed)
                #expect(pair.clientEvents.writtenLines == ["1", "2"])
                let again = pair.exchanges.filter { $0.operation.label == label }.map(\.envelope)
                // The last one of all is for nobody any more where its answer is lost.
                #expect(Set(again).count < again.count || again.count == turn + 1, "the same envelope")
                #expect(pair.serverCarriage.breaches == [])
            }
        }
    }

    @Test("On a server that does not repeat it, a lost answer is reported, and nothing goes on", arguments: 0..<6)
    func gaps(_ turn: Int) {
        for label in ["Receive", "Receive of a command"] {
            for seed in 1...4 as ClosedRange<UInt64> {
                var (pair, error) = play(.omi, seed: seed, label, turn: turn, .lostAfter)
                if error == nil, !pair.clientEvents.contains(where: { if case .opened = $0 { true } else { false } }) {
                    // That the pool is open was lost: the time for connecting ends the wait, and no line was sent.
                    #expect(!pair.exchanges.contains { $0.operation.label == "Command" })
                    continue
                }
                if error == nil, pair.clientEvents.last != .closed {
                    // A question was lost, and both sides wait. The next word of the pool's has a number too many, and
                    // the command's Receive, when its time lapses, has not brought what is missing.
                    pair.client.askAvailability()
                    error = #expect(throws: PSRPError.self) {
                        try pair.pump()
                        try pair.lapse()
                    }
                }
                guard let error else {
                    // Only an answer without anything was lost.
                    #expect(pair.clientEvents.writtenLines == ["1", "2"])
                    #expect(pair.clientEvents.endings == [.completed, .completed, .completed])
                    continue
                }
                #expect(error.code == .malformedFragment)
                #expect(error.message.contains("part of the output was lost"))
                let commands = pair.exchanges.filter { $0.operation.label == "Command" }
                #expect(Set(commands.map(\.operation)).count == commands.count)
            }
        }
    }

    @Test("A Receive is sent again five times, after longer and longer, and then the session is lost by name")
    func bounded() {
        var pair = WSManPair(.windows)
        pair.disturb = { exchange in
            if case .receive = exchange.operation { return .lostBefore }
            return .none
        }
        pair.client.open()
        let error = #expect(throws: PSRPError.self) { try pair.pump() }
        #expect(error?.code == .ended)
        #expect(error?.message.contains("5 attempts") == true)
        #expect(pair.exchanges.filter { $0.operation.label == "Receive" }.map(\.delay) == [0, 0, 1, 2, 4, 8])
    }

    @Test("A request that is never sent is tried three times")
    func neverSent() {
        var pair = WSManPair(.windows)
        pair.disturb = { _ in .notSent }
        pair.client.open()
        let error = #expect(throws: PSRPError.self) { try pair.pump() }
        #expect(error?.message.contains("no connection: refused") == true)
        #expect(pair.exchanges.map(\.delay) == [0, 1, 2])
    }

    @Test("Every exchange has a bound, and Delete's is seconds")
    func bounds() {
        let (pair, _) = play(.omi, "none", .none)
        #expect(pair.exchanges.allSatisfy { $0.answerWithin > 0 && $0.answerWithin <= 190 })
        let deletes = pair.exchanges.filter { $0.operation.label == "Delete" }
        #expect(deletes.map(\.answerWithin) == [5])
        #expect(pair.exchanges.allSatisfy { $0.isRepeatable == $0.operation.label.hasPrefix("Receive") })
    }

    @Test("Leaving deletes the shell, and tells nothing more")
    func leaving() throws {
        var carriage = WSManClientCarriage(endpoint: .test, identifiers: MessageIdentifiers())
        let opening = try #require(carriage.send([.open([1])]).exchanges.first)
        let created = ServerAnswer(
            relatesTo: try ServerRequest(opening.envelope).messageID,
            operation: opening.operation,
            answer: .created(shellID: "S")
        )
        let receive = try #require(
            carriage.heard(opening.id, .answered(status: 200, contentType: "text/xml", body: created.encoded(.omi)))
                .exchanges.first
        )
        let actions = carriage.leave()
        #expect(actions.contains(.abandon(receive.id)))
        let delete = try #require(
            actions.compactMap { if case .exchange(let exchange) = $0 { exchange } else { nil } }.first
        )
        #expect(delete.operation == .delete)
        #expect(try ServerRequest(delete.envelope).shellID == "S")
        #expect(carriage.heard(delete.id, .unknownWhetherSent("reset")) == WSManProgress())
        #expect(carriage.leave().isEmpty)
    }
}

extension LossTests {
    @Test("A shell that may be there is deleted by the name it was asked for, and one that cannot be is not")
    func perhaps() throws {
        let refused = ServerAnswer(relatesTo: .zero, operation: .delete, answer: .unknown)
        let outcomes: [(ExchangeOutcome, mayBeThere: Bool)] = [
            (.unknownWhetherSent("reset"), true), (.notSent("refused"), false),
            (.answered(status: 500, contentType: "text/xml", body: refused.encoded(.omi)), false),
        ]
        for (outcome, mayBeThere) in outcomes {
            var carriage = WSManClientCarriage(endpoint: .test, identifiers: MessageIdentifiers())
            var creates = carriage.send([.open([UInt8](repeating: 7, count: 64))]).exchanges
            let asked = try #require(creates.first).operation
            for _ in 0..<3 {
                guard let create = creates.first else { break }
                guard case .answered(let status, let contentType, let body) = outcome else {
                    creates = carriage.heard(create.id, outcome).exchanges
                    continue
                }
                let id = try ServerRequest(create.envelope).messageID.description.uppercased()
                let own = String(decoding: body, as: UTF8.self)
                    .replacing(PSGuid.zero.description, with: id)
                let answer = ExchangeOutcome.answered(status: status, contentType: contentType, body: Array(own.utf8))
                creates = carriage.heard(create.id, answer).exchanges
            }
            #expect(carriage.failure != nil)
            var deletes: [Exchange] = []
            for case .exchange(let exchange) in carriage.leave() { deletes.append(exchange) }
            #expect(deletes.map(\.operation) == (mayBeThere ? [.delete] : []))
            guard mayBeThere, case .create(let name, _) = asked else { continue }
            #expect(try ServerRequest(deletes[0].envelope).shellID == name)
        }
    }
}

extension WSManProgress {
    var exchanges: [Exchange] {
        actions.compactMap { if case .exchange(let exchange) = $0 { exchange } else { nil } }
    }
}
