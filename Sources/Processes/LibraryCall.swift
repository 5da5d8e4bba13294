import CLinux
import Files
import Glibc
import Synchronization

/// A call of a library that may start programs by itself, and may hang: they are the children of the thread that makes the
/// call (proc(5), /proc/PID/task/TID/children), and nobody else here knows of them.
package final class LibraryCall: Sendable {
    /// The thread that is in the call, and what it had started before.
    private let thread = Mutex<(id: pid_t, others: Set<pid_t>)?>(nil)

    package init() {}

    /// Makes the call, on this thread.
    package func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        let id = psrun_thread_id()
        thread.withLock { $0 = (id, Set(Self.children(at: "/proc/self/task/\(id)"))) }
        LivingProcesses.add(self)
        defer {
            thread.withLock { $0 = nil }
            LivingProcesses.remove(self)
        }
        return try body()
    }

    /// Kills what the call has started, where it has not returned: it fails then, or goes on by itself.
    package func endPrograms() {
        thread.withLock { thread in
            // As long as the lock is held, the thread is in no other call.
            guard let thread else { return }
            for process in Self.descendants(of: thread.id, but: thread.others) { kill(process, SIGKILL) }
        }
    }

    /// So many processes are looked at.
    private static let most = 1_000

    private static func descendants(of thread: pid_t, but others: Set<pid_t>) -> [pid_t] {
        var found = children(at: "/proc/self/task/\(thread)").filter { !others.contains($0) }
        var looked = 0
        while looked < min(found.count, most) {
            let threads = (try? FilePaths.names(in: "/proc/\(found[looked])/task")) ?? []
            found += threads.flatMap { children(at: "/proc/\(found[looked])/task/\($0)") }
            looked += 1
        }
        return found
    }

    private static func children(at folder: String) -> [pid_t] {
        guard let bytes = try? FileContents.read("\(folder)/children", limit: 1 << 16) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
    }
}
