import Files
import Glibc
package import Recording
import RecordingFormat
import SystemErrors

/// Heads of a chain that were kept in a file, such as a part of syslog's: of each line the last word that is a SHA-256.
package struct Heads: Sendable, Hashable {
    package let hashes: [String]

    /// - Throws: `notFound` where the file cannot be read, or holds no head.
    package init(file path: String) throws(RecordingError) {
        let bytes: [UInt8]
        do throws(SystemError) {
            let file = try File(path, O_RDONLY)
            let size = try file.size
            guard size <= RecordingBound.heads.limit else {
                let reason = "it holds \(size) bytes, and \(RecordingBound.heads.limit) are read at most; give its end"
                throw SystemError("read", path, EFBIG, reason: reason)
            }
            bytes = try file.read(RecordingBound.heads.bytes, at: 0)
        } catch {
            throw RecordingError(.notFound, "--head-file cannot be read: \(error.text).")
        }
        hashes = bytes.split(separator: 0x0A).compactMap { line in
            line.split { !(0x30...0x39).contains($0) && !(0x61...0x7A).contains($0) && !(0x41...0x5A).contains($0) }
                .map { String(decoding: $0, as: UTF8.self).lowercased() }
                .last(where: isHash)
        }
        guard !hashes.isEmpty else {
            throw RecordingError(.notFound, "--head-file \(path) holds no head: none of its words is a SHA-256.")
        }
    }
}
