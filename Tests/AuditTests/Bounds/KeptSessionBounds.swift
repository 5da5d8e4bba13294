import Connections
import Files
import Glibc
import KeptSessions
import PSRunTestSupport
import Testing

@testable import SessionBroker

/// The bounds of kept sessions.
enum KeptSessionBounds {
    static let cases: [String: BoundCase] = [
        "sessions of one broker": BoundCase(limit: "\(KeptSessionLimits.sessions)") { try await oneSessionMore() },
        "a session's name": BoundCase(limit: "\(KeptSessionLimits.nameBytes) bytes") {
            let name = String(repeating: "n", count: KeptSessionLimits.nameBytes)
            guard KeptSessionName.fault(in: name) == nil, KeptSessionName.fault(in: name + "n") != nil else {
                return ""
            }
            return "wrong usage (2)"
        },
        "visitors that wait for one session": BoundCase(limit: "\(KeptSessionLimits.visitors)") {
            try oneVisitorMore()
        },
        "a visitor that opens no pool": BoundCase(limit: "\(KeptSessionLimits.visitorSeconds) s") {
            try silentVisitor()
        },
        "clients of the control socket at one time": BoundCase(
            limit: "\(KeptSessionLimits.controls)"
        ) {
            try await oneClientMore()
        },
        "a client of the control socket that asks nothing": BoundCase(limit: "\(KeptSessionLimits.requestSeconds) s") {
            try putOut { _ in } == ["failed", "1", "Nothing was asked within 5 s."] ? "it is put out (1)" : ""
        },
        "a person's answer while a session is opened": BoundCase(limit: "\(KeptSessionLimits.questionSeconds) s") {
            let said = try putOut { control in
                _ = control.asks()
                control.tell(.ask("Password: ", isSecret: true))
            }
            return said == ["failed", "1", "Nobody has answered for 600 s."] ? "the session is not opened (1)" : ""
        },
        "the broker's first word": BoundCase(limit: "\(KeptSessionLimits.answerSeconds) s") {
            let almost = ContinuousClock.now - .seconds(KeptSessionLimits.answerSeconds) + .milliseconds(300)
            let time = CallTime(nil, at: BrokerPlace(folder: "/"), clock: RunClock(start: almost))
            let began = ContinuousClock.now
            let error = await #expect(throws: BrokerError.self) {
                try await time.bound { _ in try await Task.sleep(for: .seconds(60)) }
            }
            #expect(ContinuousClock.now - began >= .milliseconds(290))
            return error?.message.contains("does not answer") == true ? "it is said that it does not answer (1)" : ""
        },
        "a line of the control protocol": BoundCase(limit: "\(KeptSessionLimits.lineBytes >> 20) MiB") {
            refusal(behind: [UInt8](repeating: 0x61, count: KeptSessionLimits.lineBytes), of: [0x61])
        },
        "all lines of one request": BoundCase(limit: "\(KeptSessionLimits.requestBytes >> 20) MiB") {
            let line = [UInt8](repeating: 0x61, count: 1023) + [0x0A]
            let lines = [[UInt8]](repeating: line, count: KeptSessionLimits.requestBytes / line.count)
            return refusal(behind: lines.flatMap(\.self), of: [0x61])
        },
    ]

    /// What is said to what comes behind as much as is taken.
    private static func refusal(behind taken: [UInt8], of more: [UInt8]) -> String {
        var reader = ControlReader()
        _ = reader.receive(taken)
        guard !reader.isTooMuch else { return "" }
        _ = reader.receive(more)
        return reader.isTooMuch ? "the request is refused (2)" : ""
    }

    /// As many sessions as there may be, and one more.
    private static func oneSessionMore() async throws -> String {
        _ = DescriptorRoom.make(for: 8 * KeptSessionLimits.sessions)
        let broker = try BrokerUnderTest()
        defer { broker.end() }
        for number in 1...KeptSessionLimits.sessions {
            let client = try broker.connect()
            client.say(["open", "s\(number)", "/", "nobody"])
            guard client.reads("done") else { return "session \(number) is not opened: \(client.heard)" }
        }
        let client = try broker.connect()
        client.say(["open", "one more", "/", "nobody"])
        return client.reads("failed") && client.heard.last?.last?.contains("256 sessions are kept") == true
            ? "the session is not opened" : ""
    }

    /// As many clients as there may be, none of which asks anything, and one more, until one of them leaves.
    private static func oneClientMore() async throws -> String {
        _ = DescriptorRoom.make(for: 8 * KeptSessionLimits.controls)
        let broker = try BrokerUnderTest()
        defer { broker.end() }
        var clients: [BrokerUnderTest.Client] = []
        for _ in 0..<KeptSessionLimits.controls { clients.append(try broker.connect()) }
        let waiting = try broker.connect()
        waiting.say(["list"])
        guard !waiting.reads("done", within: 500) else { return "one more is served" }
        clients.removeLast()
        return waiting.reads("done") ? "the others wait before it" : "nobody is served any more"
    }

    /// As many as may wait for one that is in, and one more, until one of them leaves.
    private static func oneVisitorMore() throws -> String {
        let kept = try SessionUnderTest()
        // The first one is in.
        var visitors: [FileDescriptor] = []
        for _ in 0..<(1 + KeptSessionLimits.visitors) { visitors.append(try kept.visit()) }
        kept.settle()
        guard kept.session.visitorsOutside == KeptSessionLimits.visitors else { return "too few wait" }
        let last = try kept.visit()
        kept.settle()
        guard kept.session.visitorsOutside == KeptSessionLimits.visitors else { return "one more waits" }
        visitors.removeLast()
        kept.settle()
        defer { withExtendedLifetime(last) {} }
        return kept.session.visitorsOutside == KeptSessionLimits.visitors ? "the others wait before its socket" : ""
    }

    /// One that says nothing until its time is over.
    private static func silentVisitor() throws -> String {
        let kept = try SessionUnderTest()
        let visitor = BrokerPort(try kept.visit())
        kept.settle()
        let until = try #require(kept.session.deadline)
        _ = kept.session.serve([], at: kept.place, now: until - 1)
        guard visitor.receive() == nil else { return "it is put out too early" }
        _ = kept.session.serve([], at: kept.place, now: until)
        let words = visitor.receive().map { String(decoding: $0, as: UTF8.self) }
        guard kept.session.description.state == .available else { return "it is in still" }
        return words == "__NamedPipeError__:Nothing was opened within 10 s.\n" ? "it is told so, and put out" : ""
    }

    /// What a client hears whose time is over.
    private static func putOut(_ change: (BrokerControl) -> Void) throws -> [String] {
        let (own, clients) = try FileDescriptor.makeSocketPair()
        let control = BrokerControl(own)
        change(control)
        let deadline = try #require(control.deadline)
        control.look(at: deadline - 1)
        try #require(!control.isOver)
        control.look(at: deadline)
        try #require(control.isOver)
        var reader = ControlReader()
        return BrokerPort(clients).receive().flatMap { reader.receive($0).last } ?? []
    }
}
