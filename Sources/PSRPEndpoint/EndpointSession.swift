package import CLIXML
package import PSRP

/// A session served: what the client asks, turned into requests to shells, and what the shells do, turned into
/// messages. Sans-IO: bytes and shell events in, bytes and shell requests out.
///
/// Each runspace has a shell. What is handled at a time concerns one of them, the current one.
package struct EndpointSession {
    /// Bytes of one pipeline's input, as a real server bounds it.
    static let inputLimit = 50 << 20
    /// Bytes of texts that wait to be shown, for all pipelines together.
    static let textLimit = 8 << 20

    var session: ServerSession
    private var carriage: OutOfProcessServerCarriage
    let facts: EndpointFacts
    let clean: (Int, [UInt8]) -> [UInt8]?
    let now: () -> PSDateTime
    let workingDirectory: (Int) -> String
    let complete: (CompletionPoint, String) -> [CompletionMatch]
    let makeSpool: @Sendable () -> InputSpool?

    /// Whether a text is asked to run together with the question whether it is whole: a shell that is far away looks at it
    /// and runs it in one round trip, and a `checked` says that it did not run.
    package var runsAsItChecks = false
    var lineLimit = LineLimit.standard
    var waiting: [WaitingPipeline] = []
    var runspaces = Runspaces()
    /// The runspace that is spoken of.
    var current = 0
    private var requests: [(runspace: Int, request: ShellRequest)] = []
    var poolIsOpen = false
    var poolIsClosing = false

    /// - Parameters:
    ///   - clean: a line of a runspace's stderr as a person should see it; nil for what is not for persons.
    ///   - cryptography: for secure strings at protocol 2.3 and older.
    ///   - now: the time of day.
    ///   - workingDirectory: the folder that a runspace's shell is in.
    ///   - complete: what a word may become, in a folder.
    ///   - makeSpool: makes a place for input that waits and is not to be held in memory; nil where there is none.
    package init(
        facts: EndpointFacts,
        clean: @escaping (Int, [UInt8]) -> [UInt8]? = { $1 },
        cryptography: (any SessionKeyCryptography)? = nil,
        now: @escaping () -> PSDateTime,
        workingDirectory: @escaping (Int) -> String,
        complete: @escaping (CompletionPoint, String) -> [CompletionMatch] = { _, _ in [] },
        makeSpool: @escaping @Sendable () -> InputSpool? = { nil }
    ) {
        let configuration = ServerConfiguration()
        session = ServerSession(configuration: configuration, cryptography: cryptography)
        carriage = OutOfProcessServerCarriage(limits: configuration.limits)
        self.facts = facts
        self.clean = clean
        self.now = now
        self.workingDirectory = workingDirectory
        self.complete = complete
        self.makeSpool = makeSpool
    }

    /// A pipeline that is to run when a runspace is free: a pool of one runspace runs one at a time.
    struct WaitingPipeline {
        enum Work {
            case task(EndpointTask, hasInput: Bool)
            case metadata(CommandMetadataRequest)
        }

        let id: PipelineID
        let work: Work
        /// What came for it meanwhile, as a program reads it.
        let input: WaitingInput
        /// The same where it is only to be shown.
        var texts: [String] = []
        var inputBytes = 0
        var inputEnded = false
    }

    struct RunningPipeline {
        let id: PipelineID
        let task: EndpointTask
        let hasInput: Bool
        var output: LineSplitter
        var errors: LineSplitter
        let input: WaitingInput
        /// What came to be shown while it waited.
        var texts: [String] = []
        var inputEnded = false
        var inputBytes = 0
        var isChecked = false
        /// Whether the client was told already that this is not PowerShell.
        var isHinted = false
        /// Whether a line of stderr was told as an error record.
        var hasErrors = false
        var isStopping = false
        /// Why it is stopped, where the client did not ask for it.
        var failure: ErrorRecord?
    }
}

// MARK: Bytes
extension EndpointSession {
    /// Takes bytes of the client's, cut anywhere.
    /// - Throws: what ends the session, for the `__NamedPipeError__:` line.
    package mutating func receive(_ bytes: [UInt8]) throws(PSRPError) {
        var failure: PSRPError?
        carriage.receive(bytes)
        do throws(PSRPError) {
            while let request = try carriage.next() { try session.receive(request) }
        } catch {
            failure = error
        }
        while let event = session.nextEvent() { handle(event) }
        if let failure { throw failure }
    }

    /// Takes requests that came without bytes: the client is in this process.
    /// - Throws: what ends the session.
    package mutating func receive(_ requests: [CarriageRequest]) throws(PSRPError) {
        for request in requests { try session.receive(request) }
        while let event = session.nextEvent() { handle(event) }
    }

    /// What such a client is to hear.
    package mutating func eventsToSend(limit: Int = .max) -> [CarriageEvent] { session.eventsToSend(limit: limit) }

    /// - Parameter limit: about how many bytes are enough for now. What waits here of a pipeline's output is dropped
    ///   when the client stops the pipeline; what was taken is sent.
    package mutating func bytesToSend(limit: Int = .max) -> [UInt8] {
        carriage.write(session.eventsToSend(limit: limit))
        return carriage.bytesToSend()
    }

    /// About the bytes that wait to be sent.
    package var pendingByteCount: Int { session.pendingByteCount }

    /// What a runspace's shell is to do; nil for nothing more.
    package mutating func nextRequest() -> (runspace: Int, request: ShellRequest)? {
        requests.isEmpty ? nil : requests.removeFirst()
    }

    /// Asks the current runspace's shell.
    mutating func ask(_ request: ShellRequest) { requests.append((current, request)) }

    /// Whether what a runspace's shell writes is for nobody, since what runs there is being stopped.
    package func isStopping(_ runspace: Int) -> Bool {
        runspaces.members[runspace]?.pipeline?.isStopping == true
    }

    /// Whether the pool is open, and no pipeline is there that runs or waits.
    package var isIdle: Bool {
        poolIsOpen && waiting.isEmpty && runspaces.members.values.allSatisfy { $0.pipeline == nil }
    }

    /// The client closed the pool: the shells are to be ended, and then `finish` called.
    package var isClosing: Bool { poolIsClosing }

    /// Tells the client that all is torn down.
    package mutating func finish() { session.finishClose() }

    /// A runspace's shell could not be started, or cannot be driven any more. The only one takes the pool with it.
    package mutating func shellFailed(_ message: String, in runspace: Int = 0) {
        current = runspace
        runspaces.members[current]?.shellIsGone = message
        endRunning(.failed, .shellGone(message))
        if session.maxRunspaces > 1 && poolIsOpen {
            runspaces.remove(current)
            startNext()
        } else if poolIsOpen {
            session.breakPool(.shellGone(message))
        }
    }
}

// MARK: The current runspace
extension EndpointSession {
    var running: RunningPipeline? {
        get { runspaces.members[current]?.pipeline }
        set { runspaces.members[current]?.pipeline = newValue }
    }

    var lastStatus: Int32? {
        get { runspaces.members[current]?.lastStatus }
        set { runspaces.members[current]?.lastStatus = newValue }
    }

    var shellIsGone: String? { runspaces.members[current]?.shellIsGone }

    /// Makes the runspace that a pipeline runs in the current one.
    /// - Returns: false where it runs in none.
    mutating func select(_ pipeline: PipelineID) -> Bool {
        guard let number = runspaces.number(of: pipeline) else { return false }
        current = number
        return true
    }
}
