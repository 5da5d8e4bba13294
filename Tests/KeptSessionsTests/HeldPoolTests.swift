import CLIXML
import KeptSessions
import PSRP
import Testing

/// A held pool between a server's session and visitors, all in memory; bytes pass `step` at a time.
private struct Stage {
    static let pool = PSGuid(high: 7, low: 7)

    var held = HeldPool(pool: Self.pool, identifiers: Numbers(next: 1 << 60))
    var server = ServerSession(configuration: ServerConfiguration())
    var serverCarriage = OutOfProcessServerCarriage(limits: SessionLimits())
    var visitor: Visitor?
    /// Pipelines that the server was asked to run, and those that were signalled.
    var created: [PipelineID] = []
    var signalled: [PipelineID] = []
    var closed: [PipelineID] = []
    var poolIDs: Set<PSGuid> = []
    let step: Int
    /// Whether the server promises to keep to the order.
    let promises: Bool

    init(step: Int = .max, promises: Bool = false) { (self.step, self.promises) = (step, promises) }

    struct Visitor {
        var client: ClientSession
        var carriage = OutOfProcessClientCarriage(limits: .ofClient)
        var events: [ClientEvent] = []
        var failure: PSRPError?

        init(version: PSVersionNumber = PSVersionNumber(2, 4), seed: UInt64) {
            client = ClientSession(
                configuration: ClientConfiguration(protocolVersion: version),
                carriage: .outOfProcess,
                identifiers: Numbers(next: seed << 32),
                cryptography: nil
            )
            client.open()
        }
    }

    struct Numbers: IdentifierSource {
        var next: UInt64
        mutating func nextIdentifier() -> PSGuid {
            next += 1
            return PSGuid(high: 1, low: next)
        }
    }

    private func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: min(step, max(bytes.count, 1))).map {
            Array(bytes[$0..<min(bytes.count, $0 + min(step, bytes.count))])
        }
    }

    mutating func enter(_ seed: UInt64, version: PSVersionNumber = PSVersionNumber(2, 4)) {
        held.visitorArrived()
        visitor = Visitor(version: version, seed: seed)
        settle()
    }

    /// Has the visitor ask for its prompt.
    @discardableResult
    mutating func ask() -> PipelineID? { visitor?.client.create(.prompt) }

    /// Passes bytes on until nobody has any.
    mutating func settle() {
        var isQuiet = false
        while !isQuiet {
            isQuiet = true
            let fromVisitor = OutOfProcessClientCarriage.bytes(of: visitor?.client.requestsToSend() ?? [])
            if !fromVisitor.isEmpty { isQuiet = false }
            for piece in pieces(fromVisitor) { held.receiveVisitor(piece) }
            let toHeld = held.takeForHeld()
            if !toHeld.isEmpty { isQuiet = false }
            for piece in pieces(toHeld) { serve(piece) }
            serverCarriage.write(server.eventsToSend())
            let fromHeld = serverCarriage.bytesToSend()
            if !fromHeld.isEmpty { isQuiet = false }
            for piece in pieces(fromHeld) { held.receiveHeld(piece) }
            let toVisitor = held.takeForVisitor()
            if !toVisitor.isEmpty { isQuiet = false }
            for piece in pieces(toVisitor) { hear(piece) }
        }
    }

    /// Passes on what visitor and held pool have for each other.
    mutating func talkToVisitor() {
        while let requests = visitor?.client.requestsToSend(), !requests.isEmpty {
            held.receiveVisitor(OutOfProcessClientCarriage.bytes(of: requests))
            hear(held.takeForVisitor())
        }
    }

    private mutating func serve(_ bytes: [UInt8]) {
        serverCarriage.receive(bytes)
        while let request = try? serverCarriage.next() { try? server.receive(request) }
        while let event = server.nextEvent() {
            switch event {
            case .opened:
                let order = promises ? [FarSideOrder.promise] : []
                server.openPool(privateData: [("PSVersionTable", .string("here"))] + order)
            case .createPipeline(let id, _): created.append(id)
            case .signal(let id):
                signalled.append(id)
                server.sendState(.stopped, of: id)
            case .closePipeline(let id):
                closed.append(id)
                server.sendState(.stopped, of: id)
            case .closePool: server.finishClose()
            default: break
            }
        }
    }

    private mutating func hear(_ bytes: [UInt8]) {
        guard visitor != nil else { return }
        let events = visitor?.carriage.receive(bytes) ?? []
        do throws(PSRPError) { try visitor?.client.receive(events) } catch { visitor?.failure = error }
        while let event = visitor?.client.nextEvent() { visitor?.events.append(event) }
    }
}

struct HeldPoolTests {
    private func stage(step: Int = .max) -> Stage {
        var stage = Stage(step: step)
        stage.settle()
        return stage
    }

    @Test("A held pool opens once, and each visitor is told what the far side said of itself", arguments: [1, 7, .max])
    func opens(step: Int) throws {
        var stage = stage(step: step)
        #expect(stage.held.state == .available)
        for seed in 1...3 as ClosedRange<UInt64> {
            stage.enter(seed)
            #expect(stage.held.state == .busy)
            let events = try #require(stage.visitor?.events)
            #expect(events.contains(.opened(PSVersionNumber(2, 4))))
            #expect(events.contains { if case .privateData = $0 { true } else { false } })
            stage.visitor?.client.close()
            stage.settle()
            #expect(stage.visitor?.events.last == .closed)
            #expect(stage.held.isVisitOver)
            stage.held.endVisit()
            #expect(stage.held.state == .available)
        }
    }

    @Test("A line of a visitor's runs in the held pool, and its output comes back", arguments: [1, 13, .max])
    func runs(step: Int) throws {
        var stage = stage(step: step)
        for seed in 1...2 as ClosedRange<UInt64> {
            stage.enter(seed)
            let asked = stage.ask()
            let id = try #require(asked)
            stage.settle()
            #expect(stage.created.count == Int(seed))
            let name = try #require(stage.created.last)
            let text = PSValue.string(PSString(String(repeating: "x", count: 100_000)))
            stage.server.sendOutput(text, of: name)
            stage.server.sendState(.completed, of: name)
            stage.settle()
            #expect(stage.visitor?.events.contains(.output(id, text)) == true)
            #expect(stage.visitor?.events.contains(.ended(id, .completed, nil)) == true)
            stage.visitor?.client.close()
            stage.settle()
            stage.held.endVisit()
        }
        #expect(stage.created.count == 2 && stage.signalled.isEmpty && stage.closed.isEmpty)
    }

    @Test("What a visitor leaves running is stopped before the next one is let in")
    func killed() throws {
        var stage = stage()
        stage.enter(1)
        stage.ask()
        stage.settle()
        let id = try #require(stage.created.first)
        stage.visitor = nil
        stage.held.visitorLeft()
        #expect(!stage.held.isVisitOver && stage.held.state == .busy)
        stage.settle()
        #expect(stage.signalled == [id] && stage.held.isVisitOver)
        stage.held.endVisit()
        stage.enter(2)
        #expect(stage.visitor?.events.contains(.opened(PSVersionNumber(2, 4))) == true)
    }

    @Test("A visitor of an older protocol is answered in its own")
    func older() {
        var stage = stage()
        stage.enter(1, version: PSVersionNumber(2, 3))
        #expect(stage.visitor?.events.contains(.opened(PSVersionNumber(2, 3))) == true)
    }

    @Test("A held side that ends tells the visitor that is in, and whoever comes later, why")
    func broken() throws {
        var stage = stage()
        stage.enter(1)
        stage.held.heldEnded()
        stage.settle()
        #expect(
            stage.visitor?.failure?.message.contains("the kept session is broken: its connection has ended") == true
        )
        #expect(stage.held.isVisitOver)
        stage.held.endVisit()
        stage.enter(2)
        #expect(stage.visitor?.failure?.message.contains("the kept session is broken") == true)
    }

    @Test("A visitor that does not speak PSRP is told so, and costs the held pool nothing")
    func junk() throws {
        var stage = stage()
        stage.held.visitorArrived()
        stage.settle()
        stage.held.receiveVisitor(Array("GET / HTTP/1.1\n".utf8))
        let words = String(decoding: stage.held.takeForVisitor(), as: UTF8.self)
        #expect(words.hasPrefix("__NamedPipeError__:"))
        #expect(stage.held.isVisitOver && stage.held.takeForHeld().isEmpty)
        stage.held.endVisit()
        stage.enter(1)
        #expect(stage.visitor?.events.contains(.opened(PSVersionNumber(2, 4))) == true)
    }

    @Test("A visitor's first Command, and the end of its visit, wait for no answer of the far side's")
    func noRoundTrips() {
        var stage = stage()
        for seed in 1...3 as ClosedRange<UInt64> {
            stage.held.visitorArrived()
            stage.visitor = Stage.Visitor(seed: seed)
            // Nothing is passed on to the far side here.
            stage.talkToVisitor()
            #expect(stage.visitor?.events.contains(.opened(PSVersionNumber(2, 4))) == true)
            stage.ask()
            let requests = stage.visitor?.client.requestsToSend() ?? []
            #expect(requests.contains { if case .data = $0 { true } else { false } })
            stage.held.receiveVisitor(OutOfProcessClientCarriage.bytes(of: requests))
            // What runs is closed without its end, and the visitor hears at once that its pool is closed.
            stage.held.receiveVisitor(OutOfProcessClientCarriage.bytes(of: [.close(.pool)]))
            let words = String(decoding: stage.held.takeForVisitor(), as: UTF8.self)
            #expect(words.contains("<CloseAck PSGuid='00000000-"))
            stage.visitor = nil
            stage.settle()
            let isOver = stage.held.isVisitOver
            #expect(isOver && stage.created.count == Int(seed))
            stage.held.endVisit()
            stage.settle()
        }
    }

    @Test(
        "A far side that answers otherwise than it promised is asked what it is asked, and no more",
        arguments: [PipelineState.failed, .completed]
    )
    func brokenPromise(end: PipelineState) throws {
        var stage = Stage(promises: true)
        stage.settle()
        let foreseen = try #require(stage.created.first)
        stage.enter(1)
        let asked = stage.ask()
        let id = try #require(asked)
        stage.settle()
        #expect(stage.created == [foreseen])
        stage.server.sendOutput(.string("early"), of: foreseen)
        stage.server.sendState(end, of: foreseen)
        stage.settle()
        #expect(stage.created.count == 2)
        let name = try #require(stage.created.last)
        stage.server.sendOutput(.string("late"), of: name)
        stage.server.sendState(.completed, of: name)
        stage.settle()
        #expect(stage.visitor?.events.contains(.output(id, .string("late"))) == true)
        #expect(stage.visitor?.events.contains(.output(id, .string("early"))) == false)
        stage.visitor?.client.close()
        stage.settle()
        #expect(stage.held.isVisitOver)
        stage.held.endVisit()
        stage.settle()
        #expect(stage.created.count == 2 && stage.closed.isEmpty && stage.signalled.isEmpty)
    }

    @Test("Questions about the pool itself are answered by the held one")
    func availability() {
        var stage = stage()
        stage.enter(1)
        stage.visitor?.client.askAvailability()
        stage.settle()
        #expect(stage.visitor?.events.contains(.availability) == true)
    }
}
