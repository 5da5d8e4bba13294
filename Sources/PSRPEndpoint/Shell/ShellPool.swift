import Files
import Glibc

/// The shells of a pool's runspaces, by the runspaces' numbers, for a poll loop. Each is started when it is first needed.
final class ShellPool {
    private let program: ShellProgram
    private let folder: String
    private let environment: [String]
    private var shells: [Int: ShellHost] = [:]
    private var staysOnExit = false

    init(_ program: ShellProgram, folder: String, environment: [String]) {
        self.program = program
        self.folder = folder
        self.environment = environment
    }

    /// Starts a runspace's shell, where it does not run yet, and waits until it serves.
    /// - Throws: `EndpointError`
    func start(_ runspace: Int) throws(EndpointError) {
        guard shells[runspace] == nil else { return }
        let shell = try ShellHost(program, folder: folder, environment: environment)
        if staysOnExit { try shell.handle(.stay) }
        shells[runspace] = shell
    }

    /// The folder that a runspace's shell is in, or will be.
    func workingDirectory(of runspace: Int) -> String {
        guard let shell = shells[runspace] else { return folder }
        return shell.workingDirectory ?? "/"
    }

    /// Passes a request on. What is for a line goes nowhere once the line's shell is gone.
    /// - Throws: `EndpointError`
    func handle(_ request: ShellRequest, for runspace: Int) throws(EndpointError) {
        if case .check = request { try start(runspace) }
        if case .restart = request { return remove(runspace) }
        if case .stay = request { staysOnExit = true }
        try shells[runspace]?.handle(request)
    }

    /// What to wait for.
    /// - Parameter takesOutput: whether a runspace's output can be taken now.
    func waits(takesOutput: (Int) -> Bool) -> [pollfd] {
        shells.flatMap { $0.value.waits(takesOutput: takesOutput($0.key)) }
    }

    /// When `advance` is to be called even if nothing came, in milliseconds of the monotonic clock.
    var deadline: UInt64? { shells.values.compactMap(\.deadline).min() }

    var runspaces: [Int] { shells.keys.sorted() }

    /// Takes what came from one shell. One that is gone is to be removed.
    /// - Throws: `EndpointError`
    func advance(_ runspace: Int, takesOutput: Bool) throws(EndpointError) -> [ShellEvent] {
        try shells[runspace]?.advance(takesOutput: takesOutput) ?? []
    }

    /// A line of a shell's stderr as a person should see it; nil for what is not for persons.
    func cleaned(_ line: [UInt8], of runspace: Int) -> [UInt8]? {
        guard let shell = shells[runspace] else { return line }
        return shell.script.cleaned(line)
    }

    /// Ends a shell, and all of its session, at once.
    func remove(_ runspace: Int) {
        shells.removeValue(forKey: runspace)?.end()
    }

    /// Ends all shells in order: their input ends, so that their EXIT traps run; then, at the latest after `patience`
    /// milliseconds, all that is left of their sessions is ended.
    func end(patience: UInt64) {
        for shell in shells.values { shell.endCommands() }
        let deadline = Clock.milliseconds() + patience
        while true {
            var waits = shells.values.filter(\.isRunning).map { $0.endReport }
            let now = Clock.milliseconds()
            guard !waits.isEmpty, now < deadline, poll(&waits, nfds_t(waits.count), Int32(deadline - now)) > 0 else {
                break
            }
            for (runspace, shell) in shells where Self.isReady(shell.endReport) {
                shell.end()
                shells[runspace] = nil
            }
        }
        for shell in shells.values { shell.end() }
        shells = [:]
    }

    private static func isReady(_ wait: pollfd) -> Bool {
        var waits = [wait]
        return poll(&waits, 1, 0) > 0
    }
}
