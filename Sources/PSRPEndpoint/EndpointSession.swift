package import CLIXML
package import PSRP

/// A session served: what the client asks, turned into requests to a shell, and what the shell does, turned into
/// messages. Sans-IO: bytes and shell events in, bytes and shell requests out.
package struct EndpointSession {
    /// Bytes of one pipeline's input, as a real server bounds it.
    static let inputLimit = 50 << 20

    var session: ServerSession
    private var carriage: OutOfProcessServerCarriage
    let facts: EndpointFacts
    let script: ShellScript
    let now: () -> PSDateTime
    let workingDirectory: () -> String

    var waiting: [WaitingPipeline] = []
    var running: RunningPipeline?
    var requests: [ShellRequest] = []
    var lastStatus: Int32?
    /// Why no line can run any more.
    var shellIsGone: String?
    var poolIsOpen = false
    var poolIsClosing = false

    /// - Parameters:
    ///   - cryptography: for secure strings at protocol 2.3 and older.
    ///   - now: the time of day.
    ///   - workingDirectory: the folder that the shell is in.
    package init(
        facts: EndpointFacts,
        script: ShellScript = ShellScript(),
        cryptography: (any SessionKeyCryptography)? = nil,
        now: @escaping () -> PSDateTime,
        workingDirectory: @escaping () -> String
    ) {
        let configuration = ServerConfiguration()
        session = ServerSession(configuration: configuration, cryptography: cryptography)
        carriage = OutOfProcessServerCarriage(limits: configuration.limits)
        self.facts = facts
        self.script = script
        self.now = now
        self.workingDirectory = workingDirectory
    }

    /// A pipeline that is to run when those before it have ended: a pool of one runspace runs one at a time.
    struct WaitingPipeline {
        enum Work {
            case task(EndpointTask, hasInput: Bool)
            case metadata(CommandMetadataRequest)
        }

        let id: PipelineID
        let work: Work
        /// What came for it meanwhile, as text.
        var input: [String] = []
        var inputBytes = 0
        var inputEnded = false
    }

    struct RunningPipeline {
        let id: PipelineID
        let task: EndpointTask
        let hasInput: Bool
        var output = LineSplitter()
        var errors = LineSplitter()
        /// Held until the text is found whole.
        var input: [String] = []
        var inputEnded = false
        var inputBytes = 0
        var isChecked = false
        /// Whether the client was told already that this is not PowerShell.
        var isHinted = false
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

    package mutating func bytesToSend() -> [UInt8] {
        carriage.write(session.eventsToSend())
        return carriage.bytesToSend()
    }

    /// Bytes that wait to be sent.
    package var pendingByteCount: Int {
        mutating get {
            carriage.write(session.eventsToSend())
            return carriage.pendingByteCount
        }
    }

    /// What the shell is to do; nil for nothing more.
    package mutating func nextRequest() -> ShellRequest? {
        requests.isEmpty ? nil : requests.removeFirst()
    }

    /// The client closed the pool: the shell is to be ended, and then `finish` called.
    package var isClosing: Bool { poolIsClosing }

    /// Tells the client that all is torn down.
    package mutating func finish() { session.finishClose() }

    /// The shell could not be started, or cannot be driven any more.
    package mutating func shellFailed(_ message: String) {
        shellIsGone = message
        endRunning(.failed, .shellGone(message))
        if poolIsOpen { session.breakPool(.shellGone(message)) }
    }
}
