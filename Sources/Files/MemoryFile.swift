import CLinux
import Glibc
package import SystemErrors

/// A file in memory (memfd_create(2)) that a child process reads or fills.
package final class MemoryFile: Sendable {
    package let descriptor: Int32

    /// - Throws: `SystemError`
    package init(_ content: [UInt8]) throws(SystemError) {
        descriptor = psrun_memory_file("psrun")
        let written = content.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard descriptor >= 0, written == content.count else {
            let code = errno
            if descriptor >= 0 { close(descriptor) }
            throw SystemError("write", "a file in memory", code)
        }
    }

    deinit {
        close(descriptor)
    }

    /// What it holds now, as far as `limit` bytes.
    package func content(limit: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            filled = max(0, pread(descriptor, buffer.baseAddress, limit, 0))
        }
    }
}
