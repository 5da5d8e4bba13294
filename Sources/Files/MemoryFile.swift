import Glibc
package import SystemErrors

/// A file in memory that a child process reads or fills.
package final class MemoryFile: Sendable {
    private let owner: FileDescriptor

    package var descriptor: Int32 { owner.raw }

    /// - Throws: `SystemError`
    package init(_ content: [UInt8]) throws(SystemError) {
        do throws(NoDescriptor) {
            owner = try FileDescriptor.makeMemoryFile()
        } catch {
            throw SystemError("make", "a file in memory", error.code)
        }
        guard owner.setContent(content) else { throw SystemError("write", "a file in memory", errno) }
    }

    /// What it holds now, as far as `limit` bytes.
    package func content(limit: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            filled = max(0, pread(owner.raw, buffer.baseAddress, limit, 0))
        }
    }
}
