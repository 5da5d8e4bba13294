import CLIXML
import Files
import Glibc
import PSRP
import PSRunTestSupport
import Processes
import Synchronization
import Testing

@testable import PSRPEndpoint

/// What came of a pipeline.
struct PipelineResult {
    /// What a console would show, line by line.
    var console: [String] = []
    var output: [PSValue] = []
    var errors: [ErrorRecord] = []
    var records: [PSValue] = []
    var calls: [HostCall] = []
    var state: PipelineState?
    var failure: ErrorRecord?

    var text: [String] { output.compactMap(\.text) }
}

/// The endpoint on a thread of its own, and psrun's client at the other end of a socket.
final class EndpointUnderTest {
    var client = OutOfProcessClient(
        configuration: ClientConfiguration(),
        identifiers: CountingIdentifiers(),
        cryptography: nil
    )
    private(set) var results: [PipelineID: PipelineResult] = [:]
    private(set) var privateData: PSValue?
    private(set) var isOpen = false
    private(set) var isClosed = false
    private(set) var availabilityAnswers = 0
    private let socket: FileDescriptor
    private let serving: any Serving

    init(_ shell: TestedShell = .dash, program: ShellProgram? = nil) throws {
        signal(SIGPIPE, SIG_IGN)
        let ends = try socketPair()
        socket = ends.near
        serving = try ServingThread(on: ends.far, program ?? shell.program)
    }

    /// An endpoint at the other end of a descriptor.
    init(over near: FileDescriptor, _ serving: any Serving) {
        signal(SIGPIPE, SIG_IGN)
        (socket, self.serving) = (near, serving)
    }

    /// The built psrun's endpoint, as a process that `ServingProcess` names.
    init(process: (FileDescriptor) throws -> ServingProcess) throws {
        signal(SIGPIPE, SIG_IGN)
        let ends = try socketPair()
        socket = ends.near
        serving = try process(ends.far)
    }

    /// The built psrun's endpoint, as a process.
    static func process(
        shell: String = "/bin/sh",
        program: String = BuiltProgram.path,
        prefix: [String] = []
    ) throws -> (EndpointUnderTest, ServingProcess) {
        var process: ServingProcess?
        let endpoint = try EndpointUnderTest(process: { descriptor in
            let started = try ServingProcess(on: descriptor, shell: shell, program: program, prefix: prefix)
            process = started
            return started
        })
        return (endpoint, try #require(process))
    }

    /// Opens the pool.
    func opened() throws -> EndpointUnderTest {
        client.open()
        try pump { $0.isOpen }
        return self
    }

    /// Runs one line as a playbook's is run.
    @discardableResult
    func line(_ text: String) throws -> PipelineResult {
        try run(.line(PSString(text)))
    }

    func run(_ request: PipelineRequest) throws -> PipelineResult {
        try result(of: client.create(request))
    }

    func result(of pipeline: PipelineID) throws -> PipelineResult {
        try pump { $0.results[pipeline]?.state != nil }
        return try #require(results[pipeline])
    }

    /// What the probe brings: `$?`, the last status and the prompt.
    func probe() throws -> [PSValue] {
        try run(.probe(PSString(EndpointTask.probe))).output
    }

    /// Closes the pool in order.
    /// - Returns: the endpoint's exit status.
    func close() throws -> Int32 {
        client.close()
        try pump { $0.isClosed }
        return try hangUp()
    }

    /// Goes away without a word.
    func hangUp() throws -> Int32 {
        shutdown(socket.raw, Int32(SHUT_WR))
        return try serving.status()
    }

    /// Closes the pool, and stays.
    func closePool() throws {
        client.close()
        try pump { $0.isClosed }
    }

    /// Bytes that are not a message of the client's.
    func send(_ text: String) {
        _ = socket.write(Array(text.utf8)[...])
    }

    /// What the endpoint sends to its end, once the session is over.
    func rest() -> String {
        var bytes: [UInt8] = []
        while let more = socket.read(limit: 1 << 16), !more.isEmpty { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }

    var endpointStatus: Int32 { get throws { try serving.status() } }

    /// Carries bytes both ways until `isDone`. 30 seconds of silence fail the test.
    func pump(until isDone: (EndpointUnderTest) -> Bool) throws {
        while !isDone(self) {
            var bytes = client.bytesToSend()[...]
            while !bytes.isEmpty { bytes = bytes.dropFirst(try #require(socket.write(bytes))) }
            var wait = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
            try #require(poll(&wait, 1, 30_000) > 0, "the endpoint does not answer")
            let received = try #require(socket.read(limit: 1 << 16))
            try #require(!received.isEmpty, "the endpoint went away")
            let outcome = Result { try client.receive(received) }
            while let event = client.nextEvent() { handle(event) }
            try outcome.get()
        }
        let bytes = client.bytesToSend()
        if !bytes.isEmpty { _ = socket.write(bytes[...]) }
    }

    private func handle(_ event: ClientEvent) {
        switch event {
        case .privateData(let value): privateData = value
        case .opened: isOpen = true
        case .output(let id, let value): results[id, default: PipelineResult()].output.append(value)
        case .error(let id, let record): results[id, default: PipelineResult()].errors.append(record)
        case .record(let id, _, let value): results[id, default: PipelineResult()].records.append(value)
        case .hostCall(let call):
            guard let id = call.pipeline else { return }
            results[id, default: PipelineResult()].calls.append(call)
            if call.method == .writeLine2, let text = call.parameters.first?.text {
                results[id, default: PipelineResult()].console.append(text)
            }
        case .ended(let id, let state, let record):
            results[id, default: PipelineResult()].state = state
            results[id, default: PipelineResult()].failure = record
        case .availability: availabilityAnswers += 1
        case .closed: isClosed = true
        case .noise, .foreign, .other: break
        }
    }
}

/// Two connected sockets, neither of them inherited by programs that are started.
func socketPair() throws -> (near: FileDescriptor, far: FileDescriptor) {
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (FileDescriptor(owning: ends[0]), FileDescriptor(owning: ends[1]))
}

/// Whatever serves.
protocol Serving {
    /// The exit status, once there is one.
    func status() throws -> Int32
}

/// An endpoint that serves as a process of its own.
final class ServingProcess: Serving {
    let identifier: pid_t

    /// - Parameters:
    ///   - program: a copy of the built one.
    ///   - prefix: a program and its arguments that run it.
    init(
        on descriptor: FileDescriptor,
        shell: String,
        program: String = BuiltProgram.path,
        prefix: [String] = []
    ) throws {
        let command = prefix + [program, "endpoint", "--shell", shell]
        identifier = try spawn(
            command[0],
            command,
            environment: ShellUnderTest.variables,
            descriptors: [descriptor.raw, descriptor.raw, STDERR_FILENO],
            leading: .nothing
        )
    }

    func status() throws -> Int32 {
        switch try #require(waitForEnd(of: identifier)) {
        case .exited(let code): code
        case .killed(let signal): -signal
        }
    }

    /// Whether it has not ended.
    var isAlive: Bool { kill(identifier, 0) == 0 && waitpid(identifier, nil, WNOHANG) == 0 }

    /// The most memory that it ever held, in KiB.
    var peakMemory: Int? {
        guard let file = fopen("/proc/\(identifier)/status", "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 13)
        let text = String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) }
    }
}

/// An endpoint that serves on a thread.
final class ServingThread: Serving, Sendable {
    private let result = Mutex<Int32?>(nil)

    init(on descriptor: consuming FileDescriptor, _ program: ShellProgram) throws {
        let number = dup(descriptor.raw)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        var thread = pthread_t()
        let work = Unmanaged.passRetained(
            Work { [self] in
                let environment = ShellUnderTest.variables
                let status = serve(on: (number, number), program, folder: "/", environment: environment, version: "0")
                result.withLock { $0 = status }
                Glibc.close(number)
            }
        )
        let created = pthread_create(
            &thread,
            nil,
            { work in
                work.map { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().body() }
                return nil
            },
            work.toOpaque()
        )
        try #require(created == 0)
        pthread_detach(thread)
    }

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// The exit status, once there is one.
    func status() throws -> Int32 {
        for _ in 0..<6_000 {
            if let status = result.withLock({ $0 }) { return status }
            usleep(5_000)
        }
        return try #require(nil, "the endpoint does not end")
    }
}

/// Identifiers in order.
struct CountingIdentifiers: IdentifierSource {
    private var last: UInt64 = 0

    mutating func nextIdentifier() -> PSGuid {
        last += 1
        return PSGuid(high: 0x7073_7275_6e00_0000, low: last)
    }
}
