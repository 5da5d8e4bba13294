import Connections
import EventLoops
import Glibc
import Processes
import Threads

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

    /// Ends the child: it has seen its connection close, gets SIGTERM now, and SIGKILL where it does not go soon.
    func end(on loop: EventLoop) {
        child.signalGroup(SIGTERM)
        var watch: DescriptorToken?
        var timer: TimerToken?
        do {
            watch = try loop.add(child.end.raw, .readable) { [child] _ in
                if let watch { loop.remove(watch) }
                if let timer { loop.cancel(timer) }
                _ = child.reap()
            }
        } catch {
            // Nobody would tell of its end: it has no time to go by itself.
            BlockingPool.shared.submit { [child] in
                child.signalGroup(SIGKILL)
                _ = child.reap()
            }
            return
        }
        timer = loop.schedule(at: .now + .milliseconds(500)) { [child] in child.signalGroup(SIGKILL) }
    }
}
