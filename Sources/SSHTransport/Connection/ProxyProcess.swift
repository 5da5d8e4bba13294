import Connections
import EventLoops
import Files
import Processes

/// The child that ProxyCommand names: its standard input and output are the connection. It ends with the session.
final class ProxyProcess: Sendable {
    private let child: ChildProcess

    /// Starts `/bin/sh -c "exec COMMAND"` on one end of a socket pair and gives the other; blocks meanwhile.
    static func start(_ command: String) throws(TransportError) -> (process: ProxyProcess, socket: FileDescriptor) {
        let (ours, theirs) = try socketPair()
        let plan = ChildProcessPlan(executable: "/bin/sh", arguments: ["-c", "exec \(command)"])
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

    /// Ends the child, which has seen its connection close; on the loop.
    func end(on loop: EventLoop) {
        // Where it cannot be watched, it is killed.
        try? WatchedChild(child, on: loop) { _ in }.end(by: .prompt)
    }
}
