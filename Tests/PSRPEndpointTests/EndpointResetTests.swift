import CLIXML
import PSRunTestSupport
import Testing

@testable import PSRP
@testable import PSRPEndpoint

@Suite("A runspace that is reset is as it was at the beginning")
struct EndpointResetTests {
    /// RESET_RUNSPACE_STATE as the pool's Data; psrun's own client never sends it.
    private static func reset() -> [UInt8] {
        var fragmenter = MessageFragmenter(to: .server, runspacePoolID: PSGuid(high: 7, low: 7))
        let body = encodeCLIXML(.properties([("ci", .int64(1))]))
        var message = fragmenter.begin(.resetRunspaceState, body, pipeline: .zero)
        var fragment: [UInt8] = []
        message.appendNext(to: &fragment, largest: CarriageTraits.outOfProcess.largestFragment)
        var bytes: [UInt8] = []
        OutOfProcessElement(.data(.standard, fragment), .zero).write(to: &bytes)
        return bytes
    }

    @Test("Its shell is a fresh one in the home folder, also after exit", arguments: TestedShell.allCases)
    func fresh(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        let line = PSString("x=5; cd /usr; f() { echo; }; sleep 1000 & echo $$; (exit 3)")
        let old = try #require(Int32(try endpoint.run(.line(line)).console[0]))
        #expect(try endpoint.probe()[1] == .string("3"))
        endpoint.send(String(decoding: Self.reset(), as: UTF8.self))
        #expect(try endpoint.probe().prefix(2) == [.bool(true), .string("")])
        let fresh = try endpoint.line("echo \"<$x>\"; pwd; command -v f || echo none; echo $$").console
        #expect(fresh.prefix(3) == ["<>", "/", "none"] && fresh.last != "\(old)")
        #expect(members(of: old) == 0)
        #expect(try endpoint.line("exit 4").calls.last?.method == .setShouldExit)
        endpoint.send(String(decoding: Self.reset(), as: UTF8.self))
        #expect(try endpoint.line("echo alive").console == ["alive"])
        #expect(try endpoint.close() == 0)
    }

    @Test("While a line runs, nothing is reset")
    func busy() throws {
        var session = try EndpointSessionTests.opened()
        try session.receive(EndpointSessionTests.creation(of: .line("one"), PSGuid(high: 1, low: 1)))
        _ = session.nextRequest()
        try session.receive(Self.reset())
        #expect(session.nextRequest() == nil)
        session.handle(.checked(.complete))
        _ = session.nextRequest()
        session.handle(.ended(status: 0))
        try session.receive(Self.reset())
        #expect(session.nextRequest()?.request == .restart)
    }
}
