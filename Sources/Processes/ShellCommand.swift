import CLinux
import Files
import Glibc
import Threads

/// One run of `/bin/sh -c COMMAND` for what it prints: in a process group of its own, with every signal at its default, and
/// ended with all that it started when nobody waits for it any more.
package enum ShellCommand {
    /// What became of it.
    package enum Outcome: Sendable, Hashable {
        /// It ended, and had printed this. nil where the system does not tell how.
        case ended(ProcessEnd?, output: [UInt8])
        /// It printed more than is taken, and was ended.
        case saidTooMuch
        /// It was given up, and ended.
        case cancelled
        /// It did not start; why not, for the end of a sentence.
        case notStarted(String)
    }

    /// Runs the command on a thread of the agents' lane. Where the task is cancelled the command is ended, and then this
    /// returns.
    ///
    /// It reads what this process reads, but never from the terminal, where a background process would be stopped.
    /// - Parameters:
    ///   - environment: what it gets beside this process's own.
    ///   - limit: how many bytes are taken at most.
    package static func run(
        _ command: String,
        environment: [String: String] = [:],
        limit: Int
    ) async -> Outcome {
        let bell = CancellationBell()
        return await withTaskCancellationHandler {
            await Lane.agents.run {
                do throws(ChildFailure) {
                    let (child, output) = try start(command, environment)
                    return outcome(of: child, output, limit: limit, bell)
                } catch {
                    return .notStarted(error.reason)
                }
            }
        } onCancel: {
            bell.ring()
        }
    }

    private static func start(
        _ command: String,
        _ environment: [String: String]
    ) throws(ChildFailure) -> (ChildProcess, FileDescriptor) {
        let pipe: (reading: FileDescriptor, writing: FileDescriptor)
        do { pipe = try FileDescriptor.makePipe() } catch { throw .noDescriptor(error) }
        let input = isatty(STDIN_FILENO) == 0 ? dup(STDIN_FILENO) : open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw .noDescriptor(NoDescriptor(code: errno)) }
        let child = try ChildProcess(
            ChildProcessPlan(executable: "/bin/sh", arguments: ["-c", command], environment: environment),
            standardInput: FileDescriptor(owning: input),
            standardOutput: pipe.writing,
            standardError: nil
        )
        pipe.reading.setNonBlocking()
        return (child, pipe.reading)
    }

    private static func outcome(
        of child: ChildProcess,
        _ output: FileDescriptor,
        limit: Int,
        _ bell: CancellationBell
    ) -> Outcome {
        var bytes: [UInt8] = []
        var isOpen = true
        while true {
            var requests = [child.ending.raw, bell.descriptor, isOpen ? output.raw : -1].map { number in
                pollfd(fd: number, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&requests, nfds_t(requests.count), -1) >= 0 || errno == EINTR else { continue }
            guard requests[1].revents == 0 else {
                _ = child.endNow(.prompt)
                return .cancelled
            }
            if isOpen { isOpen = drain(output, into: &bytes, limit: limit) }
            guard bytes.count <= limit else {
                _ = child.endNow(.immediate)
                return .saidTooMuch
            }
            if requests[0].revents != 0 { return .ended(child.reap(), output: bytes) }
        }
    }

    /// Reads what is there, and a little more than the limit at most.
    /// - Returns: false at the end.
    private static func drain(_ output: FileDescriptor, into bytes: inout [UInt8], limit: Int) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 4096)
        // It may be a password.
        defer { chunk.withUnsafeMutableBytes { if let start = $0.baseAddress { explicit_bzero(start, $0.count) } } }
        while bytes.count <= limit {
            let count = read(output.raw, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 && errno == EAGAIN }
            bytes += chunk[..<count]
        }
        return true
    }
}

/// Wakes the thread that waits for a command: an eventfd(2).
private final class CancellationBell: Sendable {
    private let owner = FileDescriptor(owning: psrun_event_counter())

    /// Readable once it was rung; -1 where the system had no descriptor for it: the command runs to its end then.
    var descriptor: Int32 { owner.raw }

    func ring() {
        var count: UInt64 = 1
        _ = write(owner.raw, &count, 8)
    }
}
