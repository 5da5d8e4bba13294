import KeptSessions
import Testing

struct ControlMessageTests {
    private let session = KeptSession(
        id: 4,
        name: "a\tb\\n\n",
        instanceID: "01234567-89ab-cdef-0123-456789abcdef",
        target: "op@web01",
        state: .busy,
        idleSince: nil,
        reason: "line\r\nline",
        visitor: KeptSession.Visitor(process: 77, since: 1_800_000_000)
    )
    private let left = KeptSession(
        id: 5,
        name: "b",
        instanceID: "01234567-89ab-cdef-0123-456789abcdef",
        target: "t",
        state: .available,
        idleSince: 1_800_000_000
    )

    private func roundTrip(_ fields: [String]) -> [String] {
        var reader = ControlReader()
        return ControlLine.encode(fields).flatMap { reader.receive([$0]) }.first ?? []
    }

    @Test("Every request comes back as it was, one byte at a time")
    func requests() {
        let all: [ControlRequest] = [
            .word("-c"), .word(""), .variable("A=b\tc"), .since(.max),
            .open(name: "web\n1", folder: "/tmp", hasPerson: true),
            .answer(nil), .answer(""),
            .answer("p\\t\tw"), .list, .close(.name("x")), .close(.id(3)), .close(.instanceID("i")), .close(.any("y")),
            .closeAll,
        ]
        for request in all { #expect(ControlRequest(roundTrip(request.fields)) == request) }
    }

    @Test("Every reply comes back as it was, one byte at a time")
    func replies() {
        let all: [ControlReply] = [
            .ask("Password: ", isSecret: true), .ask("yes?", isSecret: false), .remark("r"), .taken,
            .session(session), .session(left), .connected(target: "t", milliseconds: nil),
            .connected(target: "t", milliseconds: 9),
            .connected(target: "t", milliseconds: nil, firstWord: .init(phase: "create", late: "too\tlate")),
            .done, .failed(exitCode: 4, "no\nway"),
        ]
        for reply in all { #expect(ControlReply(roundTrip(reply.fields)) == reply) }
    }

    @Test("A line that is none of these is nothing")
    func unknown() {
        for fields in [
            [], [""], ["open"], ["close", "id", "x"], ["since", "-1"], ["failed", "x", "y"], ["session", "1"],
            ["close", "id", "-1"], ["close", "id", "0"], ["close", "id", "+1"], ["close", "id", "01"],
        ] {
            #expect(ControlRequest(fields) == nil && ControlReply(fields) == nil)
        }
    }

    @Test("A backslash that stands for nothing makes a line that says nothing")
    func escapes() {
        for text in [#"close\tname\ta\qb"#, #"list\"#, #"\list"#, "list\\", #"close\u0009all"#] {
            var reader = ControlReader()
            let lines = reader.receive(Array((text + "\n").utf8))
            #expect(lines == [[]] && lines.allSatisfy { ControlRequest($0) == nil }, "\(text)")
        }
        #expect(ControlLine.decode(Array(#"a\t\n\r\\"#.utf8)) == ["a\t\n\r\\"])
    }

    @Test("A session that a broker of an older psrun tells of is one that says nothing of its visitor")
    func older() {
        #expect(ControlReply(Array(ControlReply.session(left).fields.prefix(8))) == .session(left))
        #expect(ControlReply(Array(ControlReply.session(left).fields.prefix(9))) == nil)
    }

    @Test("A line that does not end, and a client that does not stop, are bounded")
    func bounds() {
        var reader = ControlReader()
        _ = reader.receive([UInt8](repeating: 65, count: KeptSessionLimits.lineBytes + 1))
        #expect(reader.isTooMuch)
        var other = ControlReader()
        let line = [UInt8](repeating: 65, count: 1 << 19) + [10]
        for _ in 0..<17 { _ = other.receive(line) }
        #expect(other.isTooMuch && other.receive(line).isEmpty)
    }
}
