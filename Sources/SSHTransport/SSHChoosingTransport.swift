package import Connections
package import EventLoops
package import PSRP
import Synchronization

/// Reaches what speaks PSRP on an SSH server; where that has no such subsystem and no PowerShell, whatever is had over command
/// lines alone, on the same connection. Nothing has been sent by then.
package struct SSHChoosingTransport: SessionTransport {
    private let reach: SSHReach
    private let shell: @Sendable (any CommandTransport) -> any SessionTransport

    /// - Parameters:
    ///   - loop: what the target's connection lives on, with the proxy process that carries it.
    ///   - shell: how a session is had over command lines.
    package init(
        target: SSHTarget,
        environment: SSHEnvironment,
        loop: EventLoop,
        shell: @escaping @Sendable (any CommandTransport) -> any SessionTransport
    ) {
        reach = SSHReach(target: target, environment: environment, loop: loop)
        self.shell = shell
    }

    package var carriage: CarriageTraits { .outOfProcess }

    package func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
        await reach.withTurn(body)
    }

    package func withSession<Result: Sendable>(
        limits: SessionLimits,
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any SessionConnection) async throws -> Result
    ) async throws -> Result {
        try await reach.withLink(
            timeline: timeline,
            deadline: deadline,
            opening: { [reach] in try await Self.open(reach.options.service, on: $0, timeline) },
            { opened in
                switch opened {
                case .service(let connection):
                    return try await body(OutOfProcessConnection(connection, limits: limits))
                case .commands(let commands):
                    return try await shell(OpenCommands(commands: commands))
                        .withSession(limits: limits, timeline: timeline, deadline: deadline, body)
                }
            }
        )
    }

    private enum Opened: Sendable {
        case service(any TransportConnection)
        case commands(any CommandConnection)
    }

    private static func open(
        _ service: SSHService,
        on link: SSHLink,
        _ timeline: ConnectionTimeline
    ) async throws -> Opened {
        do {
            return .service(try await link.connection(to: service))
        } catch let refusal as TransportError where refusal.code == .subsystemMissing {
            let commands = LateCommands(link.commands)
            guard try await PowerShellQuestion().isAnsweredNo(by: commands) else { throw refusal }
            timeline.note(
                "the host has neither the subsystem \"\(service.name)\" nor PowerShell: its own shell is driven from here, as "
                    + "--shell says from the outset"
            )
            return .commands(commands)
        }
    }
}

/// Command lines on a connection that had another channel just before: a server that takes one at a time (MaxSessions 1) may
/// count that for a moment still.
private final class LateCommands: CommandConnection {
    private static let patience = 3
    private static let pause = Duration.milliseconds(50)

    private let commands: any CommandConnection
    /// How many lines may find another channel there: the question, and the first one behind it.
    private let early = Mutex(2)

    init(_ commands: any CommandConnection) {
        self.commands = commands
    }

    func start(_ line: String) async throws -> any TransportConnection {
        let isEarly = early.withLock { left in
            left -= 1
            return left >= 0
        }
        for _ in 0..<(isEarly ? Self.patience : 0) {
            do {
                return try await commands.start(line)
            } catch let error as TransportError where error.code == .commandRefused {
                try await Task.sleep(for: Self.pause)
            }
        }
        return try await commands.start(line)
    }

    func isReady() async { await commands.isReady() }
}

/// Command lines of a connection that stands.
private struct OpenCommands: CommandTransport {
    let commands: any CommandConnection

    func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result { await body() }

    func withCommands<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any CommandConnection) async throws -> Result
    ) async throws -> Result {
        try await body(commands)
    }
}

/// Asks a host with a POSIX shell whether its PATH has a PowerShell.
struct PowerShellQuestion: Sendable {
    /// In bytes: start-up files may print something.
    static let longestAnswer = 64 << 10

    /// No line that start-up files print by chance begins so.
    private let token = String(UInt64.random(in: .min ... .max), radix: 16)

    /// Any login shell reads it as it is.
    private var line: String {
        "exec /bin/sh -c 'command -v pwsh >/dev/null 2>&1 && echo \(token):yes || echo \(token):no'"
    }

    /// - Returns: false where it has one, or does not say.
    /// - Throws: what ends the connection.
    func isAnsweredNo(by commands: any CommandConnection) async throws -> Bool {
        let connection: any TransportConnection
        do {
            connection = try await commands.start(line)
        } catch let error as TransportError where error.code == .commandRefused {
            return false
        }
        var said: [UInt8] = []
        while said.count <= Self.longestAnswer {
            switch try await connection.receive() {
            case .output(let bytes): said += bytes
            case .diagnostics: break
            case .end: return Self.lines(said).contains("\(token):no")
            }
        }
        return false
    }

    private static func lines(_ bytes: [UInt8]) -> [Substring] {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    }
}
