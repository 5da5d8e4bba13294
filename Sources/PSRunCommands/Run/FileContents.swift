import Glibc
import SystemErrors

/// Reading a whole file.
enum FileContents {
    /// Why a file could not be read, for the end of a sentence.
    struct Failure: Error {
        let reason: String
    }

    /// - Parameter isSecret: refuses a file that anybody but its owner may read.
    static func read(_ path: String, isSecret: Bool = false) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(reason: describe(errno: errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Failure(reason: describe(errno: errno)) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw Failure(reason: "it is a folder") }
        guard !isSecret || status.st_mode & 0o077 == 0 else {
            throw Failure(reason: "others may read it; chmod 600 it first")
        }
        // Room for all of it at once: what grows leaves copies behind.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(Int(status.st_size) + 1, 1 << 12))
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        defer { wipe(&chunk) }
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(reason: describe(errno: errno)) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// A secret's text: the file without the line end at its end. The buffers that it was read through are wiped; the text
    /// itself lives as long as it is held.
    /// - Parameter isGuarded: whether something else than its mode keeps the file to this user.
    static func secret(_ path: String, isGuarded: Bool = false) throws(Failure) -> String {
        var bytes = try read(path, isSecret: !isGuarded)
        defer { wipe(&bytes) }
        var text = bytes[...]
        if text.last == UInt8(ascii: "\n") { text.removeLast() }
        if text.last == UInt8(ascii: "\r") { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    /// Overwrites what a buffer holds.
    static func wipe(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { buffer in
            if let start = buffer.baseAddress { explicit_bzero(start, buffer.count) }
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
