import CLinux
import Glibc
import Recording
import SystemErrors

/// A file in memory (memfd_create(2)) that a child process reads or fills.
final class MemoryFile: Sendable {
    let descriptor: Int32

    /// - Throws: `signing`
    init(_ content: [UInt8]) throws(RecordingError) {
        descriptor = psrun_memory_file("psrun")
        let written = content.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard descriptor >= 0, written == content.count else {
            let reason = describe(errno: errno)
            if descriptor >= 0 { close(descriptor) }
            throw RecordingError(.signing, "ssh-keygen can't be given what it needs: \(reason).")
        }
    }

    deinit {
        close(descriptor)
    }

    /// What it holds now, as far as `limit` bytes.
    func content(limit: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            filled = max(0, pread(descriptor, buffer.baseAddress, limit, 0))
        }
    }
}
