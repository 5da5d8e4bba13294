import Glibc
import Processes
import Synchronization

/// The process's standard output, which remembers why it could not be written.
package final class StandardOutput: Sendable {
    private let code = Atomic<Int32>(0)

    package init() {}

    /// The error number of what failed last; 0 while all is well.
    package var failure: Int32 { code.load(ordering: .relaxed) }

    /// - Returns: false where it cannot be written, as when nobody reads it any more.
    package func write(_ bytes: [UInt8]) -> Bool {
        let failure = ThisProcess.failure(ofWriting: bytes, to: STDOUT_FILENO)
        if failure != 0 { code.store(failure, ordering: .relaxed) }
        return failure == 0
    }
}
