package import Connections
package import EventLoops
package import PSRP

/// Reaches a host on which nothing speaks PSRP: a POSIX shell there is driven from here, and served by psrun's endpoint in
/// this process.
///
/// Whatever runs command lines there may carry it: SSH, or a container's engine.
package struct ShellTransport: SessionTransport {
    /// What is the same for every target.
    package struct Options: Sendable {
        /// psrun's version, which the endpoint tells.
        package var version: String
        /// The shell there, in words that any shell reads as they are.
        package var program = "/bin/sh"
        /// How long what the shell left may take to end.
        package var patience = Duration.seconds(3)
        /// What to do where there is no shell that is driven: a sentence.
        package var advice =
            "--shell needs a POSIX shell as /bin/sh there; where there is PowerShell or psrun, use --exec."
        /// Whether what runs command lines there tells a signal that ended one from an exit status of 128 and its number.
        package var tellsSignals = true
        /// Told what a user should know: a sentence without a line end.
        package var remark: @Sendable (String) -> Void

        package init(version: String, remark: @escaping @Sendable (String) -> Void) {
            self.version = version
            self.remark = remark
        }
    }

    private let target: String
    private let commands: any CommandTransport
    private let options: Options
    private let loop: EventLoop

    /// - Parameters:
    ///   - target: how messages name it.
    ///   - loop: what the shell is driven on.
    package init(_ target: String, over commands: any CommandTransport, options: Options, loop: EventLoop) {
        self.target = target
        self.commands = commands
        self.options = options
        self.loop = loop
    }

    package var carriage: CarriageTraits { .outOfProcess }

    package func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
        await commands.withTurn(body)
    }

    package func withSession<Result: Sendable>(
        limits: SessionLimits,
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any SessionConnection) async throws -> Result
    ) async throws -> Result {
        try await commands.withCommands(timeline: timeline, deadline: deadline) { commands in
            let session = DrivenSession(target, options: options, loop: loop)
            do {
                try await session.begin(on: commands, timeline: timeline, deadline: deadline)
                let result = try await body(session)
                await session.drop()
                return result
            } catch {
                await session.drop()
                throw error
            }
        }
    }
}
