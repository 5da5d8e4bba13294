import Files
import Glibc
import PSRunTestSupport
import Processes
import Testing

@testable import ShellDriver

/// The shells that are driven, from Debian's packages.
enum TestedShell: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case dash, bash, busybox, mksh, ksh93
    /// bash by the name `sh`: in POSIX mode, as on Red Hat's systems.
    case posixBash

    private var path: String {
        switch self {
        case .posixBash: "/bin/bash"
        default: "/bin/\(rawValue)"
        }
    }

    /// Those that this machine has.
    static var installed: [TestedShell] { allCases.filter { access($0.path, X_OK) == 0 } }

    /// - Parameter folder: where a link may stand.
    func program(in folder: TemporaryFolder) -> String {
        switch self {
        case .busybox: return "/bin/busybox sh"
        case .posixBash:
            symlink(path, folder.path(of: "sh"))
            return folder.path(of: "sh")
        default: return path
        }
    }

    var testDescription: String { rawValue }
}

/// What came of a line.
struct LineResult: Equatable {
    var output = ""
    var errors = ""
    /// nil where the shell itself ended.
    var status: Int32?
    var end: ProcessEnd?
    var refusal: String?
}

/// A driven shell, its guard, and the poll loop that they need: both are children, whose pipes stand for two exec channels.
final class DrivenProcess {
    private final class Child {
        let process: Int32
        var input: FileDescriptor?
        let output: FileDescriptor
        let errors: FileDescriptor
        var openStreams: Set<DrivenShell.Stream> = [.output, .errors]
        var isAtEnd: Bool { openStreams.isEmpty }
        var unsent: [UInt8] = []

        /// - Parameter login: the login shell that reads the command line, as sshd starts it.
        init(_ login: String, _ command: String, folder: String, environment: [String]) throws {
            let (stdin, stdout, stderr) = (
                try FileDescriptor.makePipe(), try FileDescriptor.makePipe(), try FileDescriptor.makePipe()
            )
            process = try spawn(
                login,
                [login, "-c", command],
                environment: environment,
                descriptors: [stdin.reading.raw, stdout.writing.raw, stderr.writing.raw],
                leading: .session
            )
            (input, output, errors) = (stdin.writing, stdout.reading, stderr.reading)
            for descriptor in [stdin.writing, output, errors] { descriptor.setNonBlocking() }
        }

        func write() {
            while let input, !unsent.isEmpty {
                let count = unsent.withUnsafeBytes { Glibc.write(input.raw, $0.baseAddress, $0.count) }
                guard count > 0 else {
                    if count < 0 && errno == EPIPE { unsent = [] }
                    return
                }
                unsent.removeFirst(count)
            }
        }

        /// - Returns: nil where nothing can be read now.
        func read(_ stream: DrivenShell.Stream) -> [UInt8]? {
            guard openStreams.contains(stream) else { return nil }
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = Glibc.read(stream == .output ? output.raw : errors.raw, &bytes, bytes.count)
            if count < 0 && (errno == EAGAIN || errno == EINTR) { return nil }
            if count <= 0 {
                openStreams.remove(stream)
                return nil
            }
            return Array(bytes[..<count])
        }
    }

    private let folder: TemporaryFolder
    var shell: DrivenShell
    private let login: String
    private let environment: [String]
    private let child: Child
    private var guardian: Child?
    private var isTold = false
    private(set) var end: ProcessEnd?
    private(set) var noise = ""
    private(set) var greeting: ShellGreeting?
    private(set) var unusable: String?
    private var lastStatus: Int32 = 0

    static var variables: [String] { ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/", "LANG=C.UTF-8"] }

    /// Starts the shell, and its guard unless none is wanted, and waits until they serve.
    init(
        _ tested: TestedShell,
        login: String = "/bin/sh",
        program: String? = nil,
        isGuarded: Bool = true,
        environment: [String] = DrivenProcess.variables
    ) throws {
        signal(SIGPIPE, SIG_IGN)
        folder = try TemporaryFolder()
        self.login = login
        self.environment = environment
        shell = DrivenShell(
            nonce: (0..<4).map { _ in String(UInt32.random(in: 1 << 28 ... .max), radix: 16) }.joined(),
            program: program ?? tested.program(in: folder)
        )
        child = try Child(login, shell.startCommand, folder: "/", environment: environment)
        shell.begin(at: Self.now)
        while greeting == nil && unusable == nil && end == nil { _ = try turn() }
        guard isGuarded, greeting != nil else { return }
        guardian = try Child(login, shell.guardCommand, folder: "/", environment: environment)
        while !shell.isGuarded { _ = try turn() }
    }

    deinit {
        if end == nil { kill(-child.process, SIGKILL) }
        guardian?.input = nil
        if end == nil { waitForEnd(of: child.process) }
        if let guardian { waitForEnd(of: guardian.process) }
    }

    static var now: UInt64 { monotonicNanoseconds() / 1_000_000 }

    /// Closes this side's end of everything, as a connection that breaks does, and waits for the guard.
    func breakConnection() {
        child.input = nil
        guardian?.input = nil
        if let guardian {
            waitForEnd(of: guardian.process)
            self.guardian = nil
        }
    }

    /// Runs a line to its end.
    /// - Parameter during: called after each turn of the loop with what came so far.
    func run(
        _ text: String,
        isChecked: Bool = true,
        during: (_ soFar: LineResult) throws -> Void = { _ in }
    ) throws -> LineResult {
        shell.run(text, lookingAt: isChecked ? text : nil, status: lastStatus, at: Self.now)
        var result = LineResult()
        while result.status == nil && result.end == nil && result.refusal == nil {
            for event in try turn() {
                switch event {
                case .output(let bytes, .output): result.output += String(decoding: bytes, as: UTF8.self)
                case .output(let bytes, .errors): result.errors += String(decoding: bytes, as: UTF8.self)
                case .ended(let status): result.status = status
                case .refused(let message): result.refusal = message
                case .unusable(let reason): throw TestSupportError(reason)
                case .noise, .greeted, .guarded, .unguarded, .looked: Issue.record("not now: \(event)")
                }
            }
            if let end { result.end = end }
            try during(result)
        }
        lastStatus = result.status ?? 0
        result.errors = result.errors.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
            shell.cleaned(Array(line.utf8)).map { String(decoding: $0, as: UTF8.self) }
        }.joined(separator: "\n")
        return result
    }

    func look(_ text: String) throws -> (passed: Bool, message: String) {
        shell.look(text, at: Self.now)
        while true {
            for case .looked(let passed, let message) in try turn() { return (passed, message) }
        }
    }

    /// One turn of the loop. A shell that says nothing for 60 seconds fails the test.
    func turn() throws -> [DrivenShell.Event] {
        child.unsent += shell.bytesForShell()
        child.write()
        if let guardian {
            guardian.unsent += shell.bytesForGuard()
            guardian.write()
        }
        var waits: [pollfd] = []
        for member in [child, guardian].compactMap(\.self) {
            if member.openStreams.contains(.output) { waits.append(entry(member.output, POLLIN)) }
            if member.openStreams.contains(.errors) { waits.append(entry(member.errors, POLLIN)) }
            if let input = member.input, !member.unsent.isEmpty { waits.append(entry(input, POLLOUT)) }
        }
        let count = poll(&waits, nfds_t(waits.count), shell.deadline == nil ? 60_000 : 50)
        try #require(count > 0 || shell.deadline != nil, "the shell does not answer")
        for stream in [DrivenShell.Stream.output, .errors] {
            if let bytes = child.read(stream) { shell.receive(bytes, from: stream, at: Self.now) }
        }
        if let guardian {
            if let bytes = guardian.read(.output) { shell.receiveFromGuard(bytes, at: Self.now) }
            _ = guardian.read(.errors)
        }
        // As an SSH server does, the end of the shell is told although what it left may hold its streams.
        if end == nil, hasEnded(child.process) {
            for stream in [DrivenShell.Stream.output, .errors] {
                while let bytes = child.read(stream) { shell.receive(bytes, from: stream, at: Self.now) }
            }
            shell.receiveEnd()
            end = waitForEnd(of: child.process)
        }
        if let deadline = shell.deadline, Self.now >= deadline { shell.tick(at: Self.now) }
        return takeEvents()
    }

    private func takeEvents() -> [DrivenShell.Event] {
        var events: [DrivenShell.Event] = []
        while let event = shell.nextEvent() {
            switch event {
            case .noise(let bytes, _): noise += String(decoding: bytes, as: UTF8.self)
            case .greeted(let told): greeting = told
            case .guarded: break
            case .unusable(let reason):
                unusable = reason
                events.append(event)
            default: events.append(event)
            }
        }
        return events
    }

    private func entry(_ descriptor: FileDescriptor, _ events: Int32) -> pollfd {
        pollfd(fd: descriptor.raw, events: Int16(events), revents: 0)
    }

    private func hasEnded(_ process: Int32) -> Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0
            && information.si_signo == SIGCHLD
    }
}
