import Connections
import EventLoops
import Glibc
import PSRunTestSupport
import ProcessTransport
import Testing

struct LocalProcessTransportTests {
    private let loop: EventLoop
    private let conformance: TransportConformance

    init() throws {
        let loop = try TestLoops.next()
        self.loop = loop
        conformance = TransportConformance { program in
            LocalProcessTransport(executable: "/bin/sh", arguments: ["-c", program.rawValue], loop: loop)
        }
    }

    @Test("Messages come back from a process that echoes them")
    func echoesMessages() async throws { try await conformance.echoesMessages() }
    @Test("Megabytes come back from a process that echoes them")
    func echoesMegabytes() async throws { try await conformance.echoesMegabytes() }
    @Test("Output, diagnostics and exit status are told apart")
    func tellsStreamsAndStatus() async throws { try await conformance.tellsStreamsAndStatus() }
    @Test("What was written before the end is received before the end")
    func keepsWhatWaits() async throws { try await conformance.keepsWhatWaits() }
    @Test("An error of the body ends the process and is passed on")
    func bodyMayThrow() async throws { try await conformance.bodyMayThrow() }
    @Test("Cancellation ends the process")
    func cancellationEndsIt() async throws { try await conformance.cancellationEndsIt() }

    @Test("The signal that ended a process is told")
    func aSignalEndsTheProcess() async throws {
        try await conformance.run(.killed) { connection in
            let input = try await connection.receive()
            #expect(input == .end(.signal("TERM")))
        }
    }

    @Test("Neither processes nor descriptors are left behind")
    func nothingIsLeftBehind() async throws {
        let transport = LocalProcessTransport(
            executable: "/bin/sh",
            arguments: ["-c", "sleep 1000 & echo $$ $!; trap '' TERM; cat >&-; sleep 1000"],
            loop: loop
        )
        let pids = try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) { connection in
            var line: [UInt8] = []
            while line.last != UInt8(ascii: "\n") {
                guard case .output(let bytes) = try await connection.receive() else { break }
                line += bytes
            }
            return String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
        }
        #expect(pids.count == 2)
        for pid in pids { #expect(!isRunning(pid)) }
    }

    @Test("A child has its standard descriptors and no others")
    func theChildHasItsStandardDescriptorsAlone() async throws {
        let transport = LocalProcessTransport(
            executable: "sh",
            arguments: ["-c", "echo $PSRUN_PROBE; ls /proc/$$/fd | tr '\\n' ' '"],
            environment: ["PSRUN_PROBE": "set"],
            loop: loop
        )
        try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) { connection in
            let all = try await connection.receiveAll()
            #expect(String(decoding: all.output, as: UTF8.self).hasPrefix("set\n0 1 2 "))
            #expect(all.diagnostics.isEmpty)
        }
    }

    @Test("A program that does not exist is named")
    func aMissingProgramIsNamed() async throws {
        let transport = LocalProcessTransport(executable: "/nonexistent/endpoint", arguments: [], loop: loop)
        let error = await #expect(throws: TransportError.self) {
            try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) { _ in }
        }
        #expect(error?.code == .processFailed)
        #expect(error?.phase == .subsystem)
        #expect(error?.message == "cannot start /nonexistent/endpoint: No such file or directory.")
    }

    @Test("Sending to a process that has ended fails")
    func sendingToAnEndedProcessFails() async throws {
        let transport = LocalProcessTransport(executable: "/bin/true", arguments: [], loop: loop)
        try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) { connection in
            let input = try await connection.receive()
            #expect(input == .end(.code(0)))
            await #expect(throws: TransportError.self) {
                for _ in 0..<100 {
                    try await connection.send([UInt8](repeating: 65, count: 300_000))
                }
            }
        }
    }

    @Test("The local endpoint is pwsh where there is one, else psrun's own")
    func theLocalEndpointIsChosen() {
        let path = ["PATH": "/bin:/opt/ps"]
        let withPwsh = LocalEndpoint.choose(environment: path, folder: nil) { $0 == "/opt/ps/pwsh" }
        #expect(withPwsh.executable == "/opt/ps/pwsh")
        #expect(withPwsh.arguments == ["-sshs", "-NoLogo", "-NoProfile"])
        let without = LocalEndpoint.choose(environment: ["PATH": "/bin"], folder: nil) { _ in false }
        #expect(without == .choose(environment: [:], folder: nil) { _ in true })
        #expect(without.executable == "/proc/self/exe")
        #expect(without.arguments == ["endpoint"])
    }

    @Test("A local session begins in the folder that psrun was called in")
    func theFolderIsTold() throws {
        let here = try #require(realpath(".", nil).map { String(cString: $0) })
        #expect(LocalEndpoint.choose(environment: [:]) { _ in false }.arguments.last == here)
        let withPwsh = LocalEndpoint.choose(environment: ["PATH": "/opt/ps"], folder: "/srv/a b") { _ in true }
        #expect(withPwsh.arguments == ["-s", "-NoLogo", "-NoProfile", "-WorkingDirectory", "/srv/a b"])
        let without = LocalEndpoint.choose(environment: [:], folder: "/srv/a b") { _ in true }
        #expect(without.arguments == ["endpoint", "--working-directory", "/srv/a b"])
    }
}

/// Whether a process is there and no zombie.
private func isRunning(_ pid: Int32) -> Bool {
    guard let stream = fopen("/proc/\(pid)/stat", "r") else { return false }
    defer { fclose(stream) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, 512, stream) != nil else { return false }
    let text = line.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { String(cString: $0) } ?? "" }
    return text.split(separator: ")").last.map { !$0.hasPrefix(" Z") } ?? false
}
