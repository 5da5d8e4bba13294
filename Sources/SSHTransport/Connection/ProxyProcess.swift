import Connections
import EventLoops
import Files
import Processes

/// ProxyCommand, ready for a shell.
struct ProxyCommandLine: Sendable, Hashable {
    /// The rest of its line as it stands, its tokens expanded.
    let text: String
    /// The user's shell, as ssh takes it (sshconnect.c, ssh_proxy_connect).
    let shell: String
}

/// The child that ProxyCommand names: its standard input and output are the connection. It ends with the session.
final class ProxyProcess: Sendable {
    private let child: ChildProcess

    /// Starts `SHELL -c "exec COMMAND"` on one end of a socket pair and gives the other; blocks meanwhile.
    static func start(
        _ command: ProxyCommandLine
    ) throws(TransportError) -> (process: ProxyProcess, socket: FileDescriptor) {
        let (ours, theirs) = try socketPair()
        let plan = ChildProcessPlan(executable: command.shell, arguments: ["-c", "exec \(command.text)"])
        do {
            let child = try ChildProcess(plan, standardInput: theirs, standardOutput: theirs, standardError: nil)
            return (ProxyProcess(child), ours)
        } catch {
            throw TransportError(error, phase: .tcp)
        }
    }

    private static func socketPair() throws(TransportError) -> (FileDescriptor, FileDescriptor) {
        do { return try FileDescriptor.makeSocketPair() } catch { throw .noDescriptor(error) }
    }

    private init(_ child: ChildProcess) {
        self.child = child
    }

    /// How a command that has closed its connection ended; blocks for as long as that takes, and half a second at most.
    /// - Returns: nil where it has not ended.
    func ending() -> String? {
        guard child.hasEnded(within: .milliseconds(500)), let end = child.peekAtEnd() else { return nil }
        switch end {
        case .exited(0): return "it ended, with exit code 0"
        case .exited(let code): return "it failed, with exit code \(code)"
        case .killed(let signal): return "signal \(signal) ended it"
        }
    }

    /// Ends the child, which has seen its connection close; on the loop.
    func end(on loop: EventLoop) {
        // Where it cannot be watched, it is killed.
        try? WatchedChild(child, on: loop) { _ in }.end(by: .prompt)
    }
}
