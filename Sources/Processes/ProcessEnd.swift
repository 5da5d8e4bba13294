import Glibc

/// How a process ended.
package enum ProcessEnd: Sendable, Hashable {
    case exited(Int32)
    case killed(signal: Int32)

    /// - Parameter status: as waitpid(2) gives it.
    package init(status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: signal)
    }
}

/// Waits for the end of a child, whose number is free then; blocks.
/// - Returns: nil where there is no such child.
@discardableResult
package func waitForEnd(of process: Int32) -> ProcessEnd? {
    var status: Int32 = 0
    var result = waitpid(process, &status, 0)
    while result < 0 && errno == EINTR { result = waitpid(process, &status, 0) }
    return result == process ? ProcessEnd(status: status) : nil
}
