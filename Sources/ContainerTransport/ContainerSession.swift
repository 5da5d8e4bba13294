import Connections
import EventLoops
import Glibc
import ProcessTransport
import Processes
import Synchronization

/// The two programs of one session in a container: what speaks PSRP, and the guard that ends what is left of it.
///
/// Nothing stays behind, whoever is killed: both programs end with their input, and that ends with psrun and with the
/// engine's client. What the first one has started is ended by the second.
final class ContainerSession: Sendable {
    private let place: ContainerPlace
    private let found: ContainerSearch.Found
    private let main: LocalProcess
    private let guardian: LocalProcess
    /// No line that a program prints by chance begins so.
    private let token = ContainerSession.makeToken()
    /// What came before the session, for whoever receives.
    private let early = Mutex<[TransportInput]>([])
    /// Whether there is anything to guard: before that, the first program waits for a word and ends with its input.
    private let isGuarding = Atomic(false)
    /// What the first program said of itself.
    private let announced = Mutex<Announcement?>(nil)
    /// How it ended, once that is known.
    private let ending = Mutex<ExitStatus?>(nil)
    private let loop: EventLoop

    /// How long the guard has; after that it goes on in the container by itself.
    private static let guardPatience = Duration.seconds(3)
    /// How long the engine has to say whether what has ended is gone.
    private static let questionPatience = Duration.seconds(5)
    /// Bytes of one stream before a program's first word.
    static let longestPreamble = 64 << 10

    init(_ place: ContainerPlace, _ found: ContainerSearch.Found, loop: EventLoop) {
        self.place = place
        self.found = found
        self.loop = loop
        main = LocalProcess(loop: loop)
        guardian = LocalProcess(loop: loop)
    }

    // MARK: Its beginning

    /// Starts both, which wait then for a word.
    /// - Throws: ContainerFailure; TransportError where they have not said what they should by the deadline.
    func open(_ deadline: ConnectingDeadline?) async throws {
        async let begun: Void = start(guardian, FarPrograms.guardian(token: token), deadline)
        try await start(main, FarPrograms.main(token: token, configurationName: place.configurationName), deadline)
        let announcement = try await announcement()
        try await begun
        if let name = place.configurationName, announcement.endpoint != .powerShell {
            throw ContainerFailure.noConfiguration(name)
        }
        try await hear("up")
        announced.withLock { $0 = announcement }
    }

    /// Whether nothing but a shell is there, which is driven from this side.
    var hasShellAlone: Bool { announced.withLock { $0?.endpoint } == .shell }

    /// Has what speaks PSRP begin, once it is guarded.
    /// - Throws: as `open`.
    func startEndpoint() async throws {
        guard let announcement = announced.withLock({ $0 }) else { return }
        try await guardian.outbox.send(Array("\(announcement.process) \(announcement.session)\n".utf8))
        try await hear("ok")
        isGuarding.store(true, ordering: .relaxed)
        try await main.outbox.send(Array("\(announcement.endpoint.rawValue)\n".utf8))
        await isReady()
    }

    /// Has the first program run a command line, without a line's end in it.
    func startShell(_ line: String) async throws -> any TransportConnection {
        try await main.outbox.send(Array("\(Announcement.Endpoint.shell.rawValue)\n\(line)\n".utf8))
        return CommandStreams(session: self, token: token)
    }

    /// Has the second one become a command line, which is the guard then.
    func startBeside(_ line: String) async throws -> any TransportConnection {
        isGuarding.store(true, ordering: .relaxed)
        try await guardian.outbox.send(Array("run\n\(line)\n".utf8))
        return LocalStreams(process: guardian)
    }

    /// All has begun that is to begin.
    func isReady() async {
        for process in [main, guardian] { await process.bound(by: nil) }
    }

    private func start(_ process: LocalProcess, _ command: [String], _ deadline: ConnectingDeadline?) async throws {
        let arguments = ContainerEngine.execution(in: found.container.id, as: place.user, command)
        let plan = ChildProcessPlan(executable: found.engine.program, arguments: arguments)
        try await process.start(plan, in: .exec, deadline: deadline)
        await process.bound(by: deadline, of: place.label, in: .exec)
    }

    /// Waits for the first program's word on itself. What an engine's client writes besides is diagnostics.
    private func announcement() async throws -> Announcement {
        var heard: [UInt8] = []
        var kept = 0
        while true {
            switch try await main.inbox.receive() {
            case .diagnostics(let bytes): heard += bytes
            case .output(let bytes):
                kept += bytes.count
                early.withLock { $0.append(.output(bytes)) }
            case .end: throw ContainerFailure.notStarted(words: Words.of(heard))
            }
            let lines = heard.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let word = lines.dropLast().lazy.compactMap { [token] line in
                Announcement(String(decoding: line, as: UTF8.self), token: token).map { (line, $0) }
            }.first
            // What is not its word, and cannot be the beginning of that.
            let begun = word?.0.count ?? lines.last.map { $0.count < Announcement.longest ? $0.count : 0 } ?? 0
            guard kept + heard.count - begun - (word == nil ? 0 : 1) <= Self.longestPreamble else {
                throw ContainerFailure.notStarted(words: "it says too much before its first word.")
            }
            guard let (line, announcement) = word else { continue }
            let others = heard[..<line.startIndex] + heard[(line.endIndex + 1)...]
            if !others.isEmpty { early.withLock { $0.append(.diagnostics(Array(others))) } }
            return announcement
        }
    }

    /// Waits for a word of the guard's.
    private func hear(_ word: String) async throws {
        var (heard, errors): ([UInt8], [UInt8]) = ([], [])
        let expected = Array("\(token) \(word)\n".utf8)
        while heard.count < expected.count, errors.count <= Self.longestPreamble {
            switch try await guardian.inbox.receive() {
            case .output(let bytes): heard += bytes
            case .diagnostics(let bytes): errors += bytes
            case .end: throw ContainerFailure.notStarted(words: Words.of(errors))
            }
            if heard == expected { return }
        }
        throw ContainerFailure.notStarted(words: "its guard's word is not understood.")
    }

    private static func makeToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    // MARK: Its end

    /// Ends both.
    /// - Parameter patience: how long what speaks PSRP has to end by itself; nil where its word is not needed any more.
    func end(within patience: Duration?) async {
        if let patience { await main.end(by: .orderly(within: patience)) } else { await main.closeInput() }
        let mayTake = isGuarding.load(ordering: .relaxed) ? Self.guardPatience : .zero
        await guardian.end(
            by: Teardown([Teardown.Step(after: mayTake, send: SIGTERM)], killAfter: .milliseconds(100))
        )
        await main.end(by: .hasty)
    }
}

extension ContainerSession: TransportConnection {
    func receive() async throws -> TransportInput {
        let input = try await receiveOfMain()
        guard case .end(let status) = input else { return input }
        if let known = ending.withLock({ $0 }) { return .end(known) }
        let proved = await isGone() ? status : .unknown
        ending.withLock { $0 = proved }
        return .end(proved)
    }

    /// What comes of the first program, whose end says what the engine's client ended with.
    fileprivate func receiveOfMain() async throws -> TransportInput {
        if let first = early.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return first }
        return try await main.inbox.receive()
    }

    /// Whether what speaks PSRP has ended. The status of the engine's client is no proof: one that was told to end says 0,
    /// and what it had started lives on.
    private func isGone() async -> Bool {
        let command = FarPrograms.question(token: token, process: announced.withLock { $0?.process } ?? 0)
        let call = EngineCall(
            program: found.engine.program,
            arguments: ContainerEngine.execution(in: found.container.id, as: place.user, command)
        )
        let deadline = ConnectingDeadline(Self.questionPatience, on: RunClock())
        let answer = try? await call.answer(on: loop, deadline, for: place.label)
        return answer?.output == "\(token) gone\n"
    }

    func send(_ bytes: [UInt8]) async throws {
        try await main.outbox.send(bytes)
    }
}

/// The streams of a command line that the first program runs: how it ended is what that says, and not what the engine's
/// client ends with, which may have been told to end, or killed, and its command line with it.
private final class CommandStreams: TransportConnection {
    private let session: ContainerSession
    private let word: Mutex<LastWord>

    init(session: ContainerSession, token: String) {
        self.session = session
        word = Mutex(LastWord(token: token))
    }

    func receive() async throws -> TransportInput {
        while true {
            switch try await session.receiveOfMain() {
            case .output(let bytes): return .output(bytes)
            case .diagnostics(let bytes):
                let others = word.withLock { $0.take(bytes) }
                if !others.isEmpty { return .diagnostics(others) }
            case .end:
                let (rest, status) = word.withLock { ($0.finish(), $0.status) }
                if !rest.isEmpty { return .diagnostics(rest) }
                return .end(status.map { .code($0) } ?? .unknown)
            }
        }
    }

    func send(_ bytes: [UInt8]) async throws { try await session.send(bytes) }
}

/// The streams of the second program.
private struct LocalStreams: TransportConnection {
    let process: LocalProcess

    func receive() async throws -> TransportInput { try await process.inbox.receive() }

    func send(_ bytes: [UInt8]) async throws { try await process.outbox.send(bytes) }
}
