/// A POSIX shell of the far side, driven from this side. Sans-IO: bytes of its two streams in, bytes for its standard input
/// and for its guard's out, and events.
///
/// To host one, whatever carries it (an SSH exec channel, a container's exec, a child process):
///
/// 1. Run `startCommand` as the far side's command line, or, where the far side starts `program` itself with the arguments
///    `-i -s`, just that. Its standard input, output and error must come apart; it needs no terminal, and must have none.
/// 2. Call `begin`, write what `bytesForShell` returns, and pass in what comes: `receive`, and `receiveEnd` at the end.
/// 3. Once `greeted` was told, run `guardCommand` beside it, write what `bytesForGuard` returns to that, and pass in what it
///    writes to its standard output (`receiveFromGuard`, `guardEnded`). Without a guard nothing can be stopped, and what the
///    shell runs outlasts a connection that breaks.
/// 4. From `guarded` (or `unguarded`) on, ask one thing at a time: `look`, or `run`, which also looks first where it has to.
///    `looked`, `refused`, `ended` or `gone` answers. `stop` may come in between.
/// 5. After each call take `nextEvent`, `bytesForShell` and `bytesForGuard` until they are empty, and call `tick` at
///    `deadline`. As long as `takesInput` is false, leave what comes in its pipe.
/// 6. `leave` ends it in order: the shell's EXIT trap runs, and the guard ends what is left. Its standard input's end does
///    the same, also where this side was killed.
package struct DrivenShell: Sendable {
    package enum Stream: Sendable, Hashable {
        case output, errors
    }

    package enum Event: Sendable, Hashable {
        /// What start-up files wrote before the first word of the shell's.
        case noise([UInt8], Stream)
        case greeted(ShellGreeting)
        case guarded
        /// There is no guard, or not any more, for this reason.
        case unguarded(String)
        /// What `look` asked for: whether the shell finds nothing wrong, and what it says of it.
        case looked(passed: Bool, message: String)
        /// The text to run was looked at first, and did not run: what the shell says of it.
        case refused(message: String)
        case output([UInt8], Stream)
        /// What ran has ended, and all its output was told.
        case ended(status: Int32)
        /// It cannot be driven, or not any more, for this reason.
        case unusable(String)
    }

    /// Lines of one pipe that come while nothing runs wait here; after so many bytes the rest waits in the pipe.
    static let mostHeld = 64 << 10

    enum Phase: Hashable {
        case fresh
        case greeting
        case idle
        case busy
        case gone
    }

    /// What was asked of the shell and is not answered.
    struct Job {
        enum Work {
            case look(String)
            case line(String, lookingAt: String?, status: Int32)
        }

        let work: Work
        /// The number that it was sent with.
        var number: Int
        /// Only marks of this number or a later one end it.
        var awaited: Int
        var outputMark: (status: Int32, begun: Int?)?
        var hasErrorMark = false
        var status: Int32?
        var lookStatus: Int32?
        var isTellingLook = false
        var lookWords: [UInt8] = []
        var attempts = 1
    }

    var commands: ShellCommands
    var phase = Phase.fresh
    var number = 0
    var job: Job?
    var greeting = ShellGreeting()
    /// `$-` at the last mark.
    var flags = ""
    package internal(set) var workingDirectory = ""

    var output: MarkScanner
    var errors: MarkScanner
    /// What came while nothing ran: the next line's.
    var held: [(bytes: [UInt8], stream: Stream)] = []
    var heldBytes = 0
    var greetingMarks: Set<Stream> = []
    var startedStreams: Set<Stream> = []
    /// What the shell itself wrote before its greeting (busybox has a banner, bash misses a terminal): of use where no
    /// greeting comes.
    package internal(set) var chatter: [UInt8] = []
    var events: [Event] = []
    private var forShell: [UInt8] = []

    var watch = ShellGuardWatch()
    var stopping: ShellStop?
    /// Since when nothing came, in milliseconds, and how long that may last before the shell is asked.
    var quietSince: UInt64 = 0
    var patience = Self.firstPatience
    var startedAt: UInt64 = 0

    static let mostChatter = 4 << 10
    static let firstPatience: UInt64 = 1_000
    static let longestPatience: UInt64 = 300_000

    /// - Parameters:
    ///   - nonce: 32 hexadecimal digits that nobody can guess.
    ///   - program: the shell there, in words that any shell reads as they are.
    package init(nonce: String, program: String = "/bin/sh") {
        commands = ShellCommands(nonce: nonce, program: program)
        output = MarkScanner(nonce: nonce)
        errors = MarkScanner(nonce: nonce)
    }

    /// What an exec channel runs as the driven shell.
    package var startCommand: String { commands.start }
    /// What another one runs as its guard.
    package var guardCommand: String { "exec \(commands.program)" }

    /// A line of what runs' stderr as a person should see it; nil for what is not for persons.
    package func cleaned(_ line: [UInt8]) -> [UInt8]? {
        commands.dialect.cleaned(line, shell: commands.name)
    }

    package mutating func nextEvent() -> Event? { events.isEmpty ? nil : events.removeFirst() }

    package mutating func bytesForShell() -> [UInt8] {
        defer { forShell = [] }
        return forShell
    }

    package mutating func bytesForGuard() -> [UInt8] { watch.takeBytes() }

    /// Whether the shell has ended, or is not driven any more.
    package var isGone: Bool { phase == .gone }

    mutating func write(_ text: String, at now: UInt64) {
        forShell += text.utf8
        quietSince = now
    }

    mutating func nextNumber() -> Int {
        number += 1
        return number
    }

    /// Whether what comes can be taken now.
    package var takesInput: Bool { phase != .idle || heldBytes < Self.mostHeld }
}

// MARK: What is asked
extension DrivenShell {
    /// Greets the shell; what its start-up files print comes before its answer.
    /// - Parameter now: milliseconds of a clock that never goes back, as in all calls.
    package mutating func begin(at now: UInt64) {
        phase = .greeting
        write(commands.greeting(nextNumber()), at: now)
    }

    /// Has the shell look at a text, and run nothing: `looked` answers.
    package mutating func look(_ text: String, at now: UInt64) {
        guard !text.utf8.contains(0) else {
            events.append(.looked(passed: false, message: Self.zeroByte))
            return
        }
        begin(.look(text), at: now)
    }

    /// Runs a text: `ended` or `refused` answers.
    /// - Parameters:
    ///   - syntax: what the shell is to look at first, in the same round trip; nil for nothing.
    ///   - status: what `$?` is to be.
    package mutating func run(_ text: String, lookingAt syntax: String?, status: Int32, at now: UInt64) {
        guard !text.utf8.contains(0) else {
            events.append(.refused(message: Self.zeroByte))
            return
        }
        begin(.line(text, lookingAt: syntax, status: status), at: now)
    }

    /// Stops what runs: SIGINT, and worse when that does not help. Without a guard it ends when it ends.
    package mutating func stop(at now: UInt64) {
        guard stopping == nil, job != nil, isGuarded else { return }
        // Only an answer to a question that was asked behind the signal proves that the shell is past it.
        job?.awaited = .max
        job?.outputMark = nil
        job?.hasErrorMark = false
        stopping = ShellStop(began: now)
        watch.interrupt()
    }

    /// Ends the shell in order, and what is left of its session.
    package mutating func leave() {
        guard phase != .gone else { return watch.leave() }
        forShell += "\\exit\n".utf8
    }

    /// The guard is to end what is left.
    package mutating func endRest() { watch.leave() }

    private static let zeroByte = "A text with a zero byte cannot be sent to a shell."

    private mutating func begin(_ work: Job.Work, at now: UInt64) {
        phase = .busy
        let number = nextNumber()
        job = Job(work: work, number: number, awaited: number)
        startedAt = now
        patience = Self.firstPatience
        send(work, number, at: now)
        if case .line = work { tellHeld() }
    }

    mutating func send(_ work: Job.Work, _ number: Int, at now: UInt64) {
        switch work {
        case .look(let text): write(commands.look(number, text), at: now)
        case .line(let text, let syntax, let status):
            let isTraced = flags.contains("x")
            let line = commands.line(number, text, lookingAt: syntax, status: status, isTraced: isTraced)
            write(line, at: now)
        }
    }

    private mutating func tellHeld() {
        for piece in held { events.append(.output(piece.bytes, piece.stream)) }
        (held, heldBytes) = ([], 0)
    }
}

// MARK: Time
extension DrivenShell {
    /// When `tick` is to be called even if nothing came, in milliseconds; nil for never.
    package var deadline: UInt64? {
        if phase == .greeting { return quietSince + patience }
        guard job != nil else { return nil }
        guard let stopping else { return quietSince + patience }
        return stopping.deadline
    }

    package mutating func tick(at now: UInt64) {
        if stopping != nil { return press(at: now) }
        guard phase == .greeting || job != nil, now >= quietSince + patience else { return }
        patience = min(patience * 2, Self.longestPatience)
        if phase == .greeting {
            // What a start-up file has read of its standard input was meant for the shell.
            write(commands.greeting(number), at: now)
        } else {
            write(commands.ask(nextNumber()), at: now)
        }
    }
}
