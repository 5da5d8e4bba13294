import CLIXML
import PSRP
import Testing
import WSMan
import WSManEnvelope

/// How targets end, exchange by exchange, at a server that says what the test wants.
@Suite struct EndingTests {
    /// A carriage with an open shell and one command, and the exchanges that are on their way.
    private struct Bench {
        var carriage = WSManClientCarriage(endpoint: .test, identifiers: MessageIdentifiers())
        var waiting: [Exchange] = []
        var events: [CarriageEvent] = []
        var bounded: [ExchangeID: Double] = [:]
        var abandoned: [ExchangeID] = []
        let pipeline = PSGuid(high: 1, low: 2)

        var target: CarriageTarget { .pipeline(pipeline) }

        init() throws {
            take(carriage.send([.open([1])]))
            try answer("Create", .created(shellID: "S"))
            take(carriage.send([.command(pipeline, [1])]))
            try answer("Command", .command(commandID: "C"))
            events = []
        }

        mutating func take(_ progress: WSManProgress) {
            events += progress.events
            for action in progress.actions {
                switch action {
                case .exchange(let exchange): waiting.append(exchange)
                case .abandon(let id):
                    abandoned.append(id)
                    waiting.removeAll { $0.id == id }
                case .bound(let id, let seconds): bounded[id] = seconds
                }
            }
        }

        func exchange(_ label: String) throws -> Exchange {
            try #require(waiting.first { $0.operation.label == label })
        }

        mutating func remove(_ label: String) throws -> Exchange {
            let exchange = try exchange(label)
            waiting.removeAll { $0.id == exchange.id }
            return exchange
        }

        mutating func answer(_ label: String, _ answer: WSManAnswer, _ kind: WSManServerCarriage.Kind = .windows) throws
        {
            let exchange = try remove(label)
            let answer = ServerAnswer(
                relatesTo: try ServerRequest(exchange.envelope).messageID,
                operation: exchange.operation,
                answer: answer
            )
            let body = answer.encoded(kind)
            take(
                carriage.heard(
                    exchange.id,
                    .answered(status: answer.status, contentType: "application/soap+xml", body: body)
                )
            )
        }
    }

    @Test("A stop and an answer to a host call are waited for only a little once their command is done")
    func doneMeanwhile() throws {
        for request in [
            CarriageRequest.signal(PSGuid(high: 1, low: 2)),
            .data(.pipeline(PSGuid(high: 1, low: 2)), .promptResponse, [1]),
        ] {
            var bench = try Bench()
            bench.take(bench.carriage.send([request]))
            let label = if case .signal = request { "Signal crtl_c" } else { "Send pr" }
            let id = try bench.exchange(label).id
            try bench.answer("Receive of a command", .received([], .done))
            #expect(bench.events == [.ended(bench.target)])
            #expect(bench.bounded[id] == 10)
            _ = try bench.remove(label)
            bench.take(bench.carriage.exchangeExpired(id))
            #expect(bench.carriage.failure == nil, "its command has ended without it")
            let kind: CarriageRequest.Kind = label == "Send pr" ? .data : .signal
            #expect(bench.events.last == .acknowledged(kind, bench.target))
            #expect(!bench.waiting.contains { $0.operation.label == "Receive of a command" })
        }
    }

    @Test("A Receive goes on while a stop waits for its answer, and until the command is done")
    func whileStopping() throws {
        var bench = try Bench()
        bench.take(bench.carriage.send([.signal(bench.pipeline), .close(bench.target)]))
        for _ in 0..<3 {
            try bench.answer("Receive of a command", .received([], .running))
            #expect(try bench.exchange("Signal crtl_c").lane == .control)
            #expect(bench.waiting.contains { $0.operation.label == "Receive of a command" })
        }
        #expect(!bench.waiting.contains { $0.operation.label == "Signal Terminate" }, "one after the other")
        try bench.answer("Signal crtl_c", .done)
        let receive = try bench.exchange("Receive of a command")
        try bench.answer("Signal Terminate", .done)
        #expect(bench.bounded[receive.id] == 10)
        try bench.answer("Receive of a command", .unknown, .omi)
        #expect(bench.carriage.failure == nil, "what is said of it is nobody's")
        #expect(bench.waiting.map(\.operation.label) == ["Receive"])
    }

    @Test("Output that comes behind Terminate is nobody's")
    func behindTerminate() throws {
        var bench = try Bench()
        bench.take(bench.carriage.send([.close(bench.target)]))
        try bench.answer("Receive of a command", .received([[1, 2, 3]], .done))
        #expect(bench.events == [])
        try bench.answer("Signal Terminate", .done)
        #expect(bench.events == [.acknowledged(.close, bench.target)])
    }

    @Test("A shell or a command that is gone ends the session by name", arguments: WSManServerCarriage.Kind.allCases)
    func gone(_ kind: WSManServerCarriage.Kind) throws {
        for label in ["Receive", "Receive of a command"] {
            var bench = try Bench()
            try bench.answer(label, .unknown, kind)
            #expect(bench.carriage.failure?.code == .shellLost)
            #expect(bench.carriage.failure?.host == "web01")
            guard case .broken(let error)? = bench.events.last else {
                Issue.record("the session was not told")
                return
            }
            #expect(error.code == .ended && error.message.hasPrefix("While waiting for output at web01: the session"))
            #expect(bench.carriage.send([.close(.pool)]) == WSManProgress(), "nothing goes on")
        }
    }

    @Test("A pool that the server ends is the session's end")
    func poolEnds() throws {
        var bench = try Bench()
        try bench.answer("Receive", .received([], .done))
        #expect(bench.carriage.failure?.code == .shellLost)
    }

    @Test("Delete is done whatever its answer is, and closes what still waits")
    func deleted() throws {
        let answers: [WSManAnswer?] = [.done, .unknown, nil]
        for answer in answers {
            var bench = try Bench()
            let receives = bench.waiting.map(\.id)
            bench.take(bench.carriage.send([.close(bench.target), .close(.pool)]))
            try bench.answer("Signal Terminate", .done)
            try bench.answer("Receive", .unknown)
            if let answer {
                try bench.answer("Delete", answer)
            } else {
                bench.take(bench.carriage.exchangeExpired(try bench.remove("Delete").id))
            }
            #expect(bench.carriage.failure == nil)
            #expect(bench.events == [.acknowledged(.close, bench.target), .acknowledged(.close, .pool)])
            #expect(bench.waiting.isEmpty)
            #expect(bench.abandoned == receives.filter { bench.abandoned.contains($0) } && bench.abandoned.count == 1)
        }
    }

    @Test("A Receive that is still being answered is asked for again, later and later, five times")
    func stillPending() throws {
        for code in [FaultCode.stillPending, .alreadyReceiving] {
            var bench = try Bench()
            let first = try bench.exchange("Receive of a command")
            var delays: [Double] = []
            for _ in 0..<5 {
                try bench.answer("Receive of a command", .fault(code, "Concurrency"))
                let again = try bench.exchange("Receive of a command")
                #expect(again.envelope == first.envelope && again.id != first.id)
                delays.append(again.delay)
            }
            #expect(delays == [0, 1, 2, 4, 8])
            try bench.answer("Receive of a command", .fault(code, "Concurrency"))
            #expect(bench.carriage.failure?.code == .connectionLost)
        }
    }

    @Test("A server that answers at once with nothing is asked ten times a second, and no more")
    func silence() throws {
        var bench = try Bench()
        var delays: [Double] = []
        for turn in 0..<6 {
            try bench.answer("Receive", turn % 2 == 0 ? .timedOut : .received([], .running))
            delays.append(try bench.exchange("Receive").delay)
        }
        #expect(delays == [0, 0, 0.1, 0.1, 0.1, 0.1])
        try bench.answer("Receive", .received([[1]], nil))
        #expect(try bench.exchange("Receive").delay == 0)
    }

    @Test("An answer to another request, or to none, is not taken for this one's")
    func otherRequest() throws {
        var bench = try Bench()
        let exchange = try bench.remove("Receive")
        let answer = ServerAnswer(relatesTo: .zero, operation: exchange.operation, answer: .received([[1]], nil))
        let outcome = ExchangeOutcome.answered(status: 200, contentType: "text/xml", body: answer.encoded(.omi))
        bench.take(bench.carriage.heard(exchange.id, outcome))
        #expect(bench.carriage.failure?.code == .malformed)
        #expect(bench.carriage.heard(ExchangeID(4711), outcome) == WSManProgress())
    }

    @Test(
        "A Command that the server cannot take ends the session with its reason",
        arguments: [
            (200, "text/html", "<html/>", .notWSMan), (500, "application/soap+xml", "", .notWSMan),
            (503, "text/html", "busy", .busy), (404, "text/html", "<p>", .notWSMan), (401, "", "", .accessDenied),
            (200, "application/soap+xml", "<s", .malformed), (500, "application/soap+xml", "<s", .notWSMan),
        ] as [(Int, String, String, WSManError.Code)]
    )
    func refused(_ status: Int, _ contentType: String, _ body: String, _ code: WSManError.Code) throws {
        var bench = try Bench()
        bench.take(bench.carriage.send([.close(bench.target), .command(PSGuid(high: 3, low: 4), [1])]))
        try bench.answer("Signal Terminate", .done)
        let exchange = try bench.remove("Command")
        let outcome = ExchangeOutcome.answered(status: status, contentType: contentType, body: Array(body.utf8))
        bench.take(bench.carriage.heard(exchange.id, outcome))
        #expect(bench.carriage.failure?.code == code)
        #expect(bench.carriage.failure?.message.hasPrefix("While starting a pipeline at web01: ") == true)
    }

    @Test("A Receive that meets a busy server is asked again")
    func busy() throws {
        var bench = try Bench()
        let exchange = try bench.remove("Receive")
        bench.take(bench.carriage.heard(exchange.id, .answered(status: 503, contentType: "text/html", body: [])))
        #expect(bench.carriage.failure == nil)
        #expect(try bench.exchange("Receive").envelope == exchange.envelope)
    }

    /// A whole object of this number, of one byte.
    private static func object(_ number: UInt8) -> [UInt8] {
        [0, 0, 0, 0, 0, 0, 0, number] + [0, 0, 0, 0, 0, 0, 0, 0] + [3, 0, 0, 0, 1, number]
    }

    @Test("After a loss, what another Receive may bring is waited for, and told in the order in which it came")
    func waitedFor() throws {
        var bench = try Bench()
        try bench.answer("Receive", .received([Self.object(1)], nil))
        bench.events = []
        bench.take(bench.carriage.heard(try bench.remove("Receive of a command").id, .unknownWhetherSent("reset")))
        try bench.answer("Receive of a command", .received([Self.object(3)], nil))
        #expect(bench.events == [])
        #expect(bench.waiting.map(\.operation.label) == ["Receive"], "who is ahead is not asked")
        try bench.answer("Receive", .received([Self.object(2), Self.object(5)], nil))
        #expect(bench.events == [], "and now each is ahead of the other")
        #expect(Set(bench.waiting.map(\.operation.label)) == ["Receive", "Receive of a command"])
        try bench.answer("Receive of a command", .received([Self.object(4)], .done))
        #expect(
            bench.events == [
                .data(bench.target, Self.object(3)), .data(.pool, Self.object(2)), .data(.pool, Self.object(5)),
                .data(bench.target, Self.object(4)), .ended(bench.target),
            ]
        )
        #expect(bench.carriage.failure == nil)
    }

    @Test("What nobody has brought is lost, and nothing that came behind it is told")
    func notBrought() throws {
        var bench = try Bench()
        bench.take(bench.carriage.heard(try bench.remove("Receive of a command").id, .unknownWhetherSent("reset")))
        try bench.answer("Receive of a command", .received([Self.object(2)], .done))
        try bench.answer("Receive", .timedOut)
        #expect(bench.carriage.failure?.code == .outputLost)
        #expect(bench.events.count == 1, "why it is broken")
    }

    @Test("Questions past the session that are refused leave it as it is")
    func questions() throws {
        var bench = try Bench()
        for question in [
            WSManQuestion.identify, .listShells, .listCommands(shellID: "S"), .disconnect(idleTimeout: nil, nil),
        ] {
            let asked = bench.carriage.ask(question)
            let exchange = try #require(asked.exchanges.first)
            let progress = bench.carriage.heard(exchange.id, .answered(status: 404, contentType: "text/html", body: []))
            guard case .refused(let error)? = progress.notices.first else {
                Issue.record("nobody was told")
                return
            }
            #expect(error.code == .notWSMan)
        }
        #expect(bench.carriage.failure == nil)
        #expect(bench.waiting.count == 2)
    }
}
