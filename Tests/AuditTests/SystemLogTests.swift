import Audit
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

@Suite struct SystemLogTests {
    private static let event = ChainEvent(
        seconds: 0,
        kind: .run,
        run: "a",
        value: Chain.emptyHead,
        who: "alice(1000)",
        what: "seal"
    )

    @Test("The chain head reaches the system log in the form of syslog")
    func theHeadStandsInTheLogAsSyslogWouldPutIt() async throws {
        let folder = try TemporaryFolder()
        let socket = folder.path(of: "log")
        let log = try ChildProgram([
            "/usr/bin/python3", "-c",
            "import socket,sys; s=socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); "
                + "sys.stdout.write(s.recv(4096).decode())", socket,
        ])
        defer { log.signal(SIGKILL) }
        while access(socket, F_OK) != 0 { try await Task.sleep(for: .milliseconds(5)) }
        let head = try RunChain.append([Self.event], in: folder.path)
        try SystemLog(socketPath: socket).write(head, run: "20261122T020000Z-nightly-3fa91c")
        let line = try await log.outcome().output
        let end = " psrun[\(getpid())]: chain head \(head.hash) line 1 run 20261122T020000Z-nightly-3fa91c"
        #expect(line.hasPrefix("<13>") && line.hasSuffix(end), "\(line)")
        #expect(line.dropLast(end.count).wholeMatch(of: /<13>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}/) != nil, "\(line)")
    }

    @Test("A system log that is missing is an error that says so")
    func aLogThatIsNotThereIsSaid() throws {
        let folder = try TemporaryFolder()
        let head = try RunChain.append([Self.event], in: folder.path)
        let error = #expect(throws: RecordingError.self) {
            try SystemLog(socketPath: folder.path(of: "none")).write(head, run: "a")
        }
        #expect(error?.code == .witness)
        #expect(error?.message.contains(head.hash) == true && error?.message.contains("No such file") == true)
        let early = #expect(throws: RecordingError.self) {
            try SystemLog(socketPath: folder.path(of: "none")).tryOut()
        }
        #expect(early?.code == .witness && early?.message.contains("--head-to-syslog") == true)
    }
}
