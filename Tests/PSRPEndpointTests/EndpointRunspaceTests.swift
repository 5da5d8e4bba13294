import CLIXML
import Glibc
import PSRP
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

@Suite("A pool of several runspaces")
struct EndpointRunspaceTests {
    private static let (completed, stopped, failed): (Int32, Int32, Int32) = (4, 3, 5)

    @Test("Five lines at once run side by side, in shells of their own", arguments: TestedShell.allCases)
    func sideBySide(_ shell: TestedShell) throws {
        let client = try RunspacePoolClient(shell, most: 5)
        let temporary = try TemporaryFolder()
        let folder = try temporary.makeFolder("barrier")
        // Each waits for the others: one after the other, they would wait for ever.
        let line = "cd \(folder); : >$$; while set -- *; test $# -lt 5; do sleep 0.05; done; echo $$"
        let pipelines = (0..<5).map { _ in client.begin(line) }
        let results = try pipelines.map { try client.result(of: $0) }
        #expect(Set(results.flatMap(\.console)).count == 5 && results.allSatisfy { $0.state == Self.completed })
        #expect(try client.close() == 0)
    }

    @Test("One pipeline at a time meets one shell, and its state; a third of two waits")
    func state() throws {
        let client = try RunspacePoolClient(most: 2)
        _ = try client.line("x=5; (exit 3)")
        #expect(try client.line("echo $? $x").console == ["3 5"])
        let long = client.begin("echo on; sleep 1000")
        try client.pump { $0.results[long]?.console == ["on"] }
        #expect(try client.line("echo \"<$x>\" $?").console == ["<> 0"])
        let second = client.begin("echo on; sleep 1000")
        let third = client.begin("echo third $x")
        try client.pump { $0.results[second]?.console == ["on"] }
        #expect(client.results[third]?.state == nil)
        usleep(200_000)
        client.stop(long)
        #expect(try client.result(of: third).console == ["third 5"])
        #expect(client.results[long]?.state == Self.stopped && client.results[second]?.state == nil)
        #expect(try client.close() == 0)
    }

    @Test("A shell that exits or dies takes its runspace with it, and a fresh one takes its place")
    func freshShell() throws {
        let client = try RunspacePoolClient(most: 2)
        let gone = try client.line("x=5; exit 7")
        #expect(gone.exitCode == 7 && gone.state == Self.completed)
        #expect(try client.line("echo \"<$x>\"").console == ["<>"])
        let killed = try client.line("kill -9 $$")
        #expect(killed.state == Self.failed && killed.failure.contains("killed by signal 9"))
        #expect(try client.line("echo on").console == ["on"])
        #expect(try client.close() == 0)
    }

    @Test("All shells end with the session", arguments: [true, false])
    func end(_ isOrderly: Bool) throws {
        let client = try RunspacePoolClient(most: 3)
        let pipelines = (0..<3).map { _ in client.begin("echo $$; sleep 1000") }
        try client.pump { client in pipelines.allSatisfy { client.results[$0]?.console.count == 1 } }
        let sessions = pipelines.compactMap { client.results[$0]?.console.first }.compactMap { Int32($0) }
        #expect(sessions.count == 3)
        #expect(try isOrderly ? client.close() == 0 : client.hangUp() == 160)
        #expect(sessions.map(members) == [0, 0, 0])
    }

    @Test(
        "What runs gets no descriptor and no word of the endpoint's",
        arguments: ["/bin/dash", "/bin/bash", "/bin/busybox"]
    )
    func inheritance(_ shell: String) throws {
        let (endpoint, _) = try EndpointUnderTest.process(shell: shell)
        let list = try endpoint.opened().line("sh -c 'ls -l /proc/$$/fd'").console.filter { $0.contains("->") }
        #expect(list.count == 3, "\(list)")
        let words = try endpoint.line("env").console.filter { $0.hasPrefix("_=") }
        #expect(words.isEmpty || words == ["_=/usr/bin/env"], "\(words)")
        #expect(try endpoint.close() == 0)
    }

    @Test("The first line of stderr is an error record with its target, later ones are messages of it")
    func errorRecords() throws {
        let endpoint = try EndpointUnderTest().opened()
        let text = "ls: cannot access '/nonexistent': No such file or directory"
        let records = try endpoint.run(.probe(PSString("echo \"\(text)\" >&2; echo more >&2; echo >&2"))).errors
        #expect(records.map(\.message) == [text, "more", ""])
        let ids = ["NativeCommandError", "NativeCommandErrorMessage", "NativeCommandErrorMessage"]
        #expect(records.map(\.fullyQualifiedErrorID) == ids)
        #expect(records[0].value["TargetObject"]?.text == text && records[1].value["TargetObject"] == .null)
        #expect(records[0].value["ErrorCategory_TargetName"]?.text == text)
        #expect(records[0].value["ErrorCategory_TargetType"]?.text == "String")
        let message = "NotSpecified: (ls: cannot access '…h file or directory:String) [], RemoteException"
        #expect(records[0].value["ErrorCategory_Message"]?.text == message)
        #expect(records[1].value["ErrorCategory_Message"]?.text == "NotSpecified: (:) [], RemoteException")
        let short = try endpoint.run(.probe("echo short >&2")).errors
        #expect(short[0].value["ErrorCategory_Message"]?.text == "NotSpecified: (short:String) [], RemoteException")
    }
}
