import Connections
import Glibc
import PSRunTestSupport
import Testing

@testable import PipeTransport

struct PipeTransportTests {
    private func transport(_ path: String) throws -> PipeTransport {
        PipeTransport(.path(path), folders: [], loop: try TestLoops.next())
    }

    private func failure(at path: String) async throws -> TransportError? {
        await #expect(throws: TransportError.self) {
            try await transport(path).withConnection(timeline: ConnectionTimeline(), deadline: nil) { _ in }
        }
    }

    @Test("A pipe passes the conformance kit of every way in")
    func conforms() async throws {
        var servers: [FarProgram: PipeServer] = [:]
        for program in FarProgram.allCases {
            servers[program] = try await PipeServer(["/bin/sh", "-c", program.rawValue])
        }
        let paths = servers.mapValues(\.path)
        let conformance = TransportConformance(carriesDiagnostics: false, tellsStatus: false) { program in
            try transport(paths[program] ?? "")
        }
        try await conformance.echoesMessages()
        try await conformance.tellsStreamsAndStatus()
        try await conformance.echoesMegabytes()
        try await conformance.keepsWhatWaits()
        try await conformance.bodyMayThrow()
        withExtendedLifetime(servers) {}
    }

    @Test("A cancelled session leaves its process to itself")
    func cancelled() async throws {
        let server = try await PipeServer(["/bin/sh", "-c", FarProgram.deaf.rawValue])
        let conformance = TransportConformance(carriesDiagnostics: false) { _ in try transport(server.path) }
        try await conformance.cancellationEndsIt()
    }

    @Test("A client behind a client has its turn, once the socket file is made anew")
    func twice() async throws {
        let server = try await PipeServer(["/bin/cat"])
        let conformance = TransportConformance(carriesDiagnostics: false) { _ in try transport(server.path) }
        for _ in 0..<3 {
            try await conformance.echoesMessages()
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    @Test("What is not a pipe of one's own is told, each by its name")
    func unusable() async throws {
        let folder = try TemporaryFolder()
        #expect(try await failure(at: folder.path(of: "none"))?.message.contains("there is no pipe") == true)
        let file = try folder.write("", to: "file")
        #expect(try await failure(at: file)?.message.contains("is not a pipe that a PowerShell listens on") == true)
        let server = try await PipeServer(["/bin/cat"])
        let link = folder.path(of: "link")
        #expect(symlink(server.path, link) == 0)
        #expect(try await failure(at: link)?.code == .pipeUnusable)
        try #require(getuid() == 0, "the owner of a file is changed")
        #expect(chown(server.path, 1, 1) == 0)
        let foreign = try await failure(at: server.path)
        #expect(foreign?.phase == .pipe)
        #expect(foreign?.message.contains("not to you") == true, "\(foreign as Any)")
    }

    @Test("A socket that nobody listens on any more is told as stale")
    func stale() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "CoreFxPipe_gone")
        do {
            let server = try await PipeServer(["/bin/cat"])
            #expect(rename(server.path, path) == 0)
        }
        #expect(try await failure(at: path)?.message.contains("nobody listens on the pipe") == true)
    }

    @Test("Processes are found by their pipes, and one that does not listen is told")
    func processes() async throws {
        let id = getpid()
        let server = try await PipeServer(["/bin/cat"], named: "CoreFxPipe_PSHost.DC9A4F1E.\(id).None.pwsh")
        let folders = [server.folderPath]
        #expect(HostProcess.all(in: folders).map(\.id) == [id])
        #expect(try HostProcess.pipe(of: .process(id), folders: folders) == server.path)
        // Its own folder for temporary files comes first.
        let own = getenv("TMPDIR").map { [String(cString: $0)] } ?? []
        #expect(throws: PipeFailure.notListening(id, looked: own + ["/nonexistent"])) {
            try HostProcess.pipe(of: .process(id), folders: ["/nonexistent"])
        }
        #expect(throws: PipeFailure.noProcess(Int32.max)) { try HostProcess.pipe(of: .process(.max), folders: []) }
        #expect(throws: PipeFailure.noPipe("nosuch", looked: folders)) {
            try HostProcess.pipe(of: .name("nosuch"), folders: folders)
        }
    }
}
