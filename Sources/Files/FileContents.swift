import Glibc

/// Reading a whole file, up to a limit that whoever reads it states.
package enum FileContents {
    /// What may stand at a path.
    package enum Kind: Sendable {
        /// A regular file. Anything else is refused at once, so that nobody waits for a FIFO's writer.
        case regular
        /// Whatever can be read: a pipe of the shell's too (`<(command)`), which is waited for with patience.
        case any
    }

    /// No password, passphrase or answer is longer.
    package static let secretBytes = 1 << 20
    /// Playbooks, lists of hosts, masks, settings: what people write.
    package static let textBytes = 64 << 20

    private static let chunkBytes = 1 << 16

    /// Reads a file; blocks.
    ///
    /// No more memory than `limit` and a chunk is taken, whatever size the file claims to have.
    /// - Parameters:
    ///   - isSecret: refuses a file that anybody but its owner may read.
    ///   - isGuarded: refuses a file that anybody but this user and root may change, as ssh does of ~/.ssh/config.
    ///   - patience: how long what is not a regular file is waited for.
    /// - Throws: `FileFailure` where it cannot be read, or not in time, or holds more than `limit` bytes.
    package static func read(
        _ path: String,
        limit: Int,
        kind: Kind = .any,
        isSecret: Bool = false,
        isGuarded: Bool = false,
        patience: ReadingPatience = .standard
    ) throws(FileFailure) -> [UInt8] {
        // A FIFO would be waited for without O_NONBLOCK, even to find out that it is one.
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard number >= 0 else { throw FileFailure(errno: errno) }
        defer { close(number) }
        var status = stat()
        guard fstat(number, &status) == 0 else { throw FileFailure(errno: errno) }
        let type = status.st_mode & S_IFMT
        guard type != S_IFDIR else { throw FileFailure("it is a folder") }
        guard kind == .any || type == S_IFREG else { throw FileFailure("it is not a regular file") }
        guard !isSecret || status.st_mode & 0o077 == 0 else {
            throw FileFailure("others may read it; chmod 600 it first")
        }
        if isGuarded {
            guard status.st_uid == 0 || status.st_uid == getuid() else {
                throw FileFailure("it belongs to another user")
            }
            guard status.st_mode & 0o022 == 0 else {
                throw FileFailure("others may write to it; chmod go-w it first")
            }
        }
        guard type != S_IFREG || Int64(status.st_size) <= Int64(limit) else { throw tooLarge(limit) }
        let isRegular = type == S_IFREG
        let room = isRegular ? Int(status.st_size) : isSecret ? limit : 0
        return try WaitedFor.note(path) { () throws(FileFailure) in
            try read(number, limit: limit, room: room, isRegular ? nil : patience)
        }
    }

    /// A regular file's text, its broken UTF-8 repaired; blocks.
    /// - Returns: nil where there is no such file.
    /// - Throws: `FileFailure` where there is one that cannot be read whole.
    package static func text(_ path: String, limit: Int = textBytes) throws(FileFailure) -> String? {
        guard exists(path) else { return nil }
        return String(decoding: try read(path, limit: limit, kind: .regular), as: UTF8.self)
    }

    /// A secret's text: the file without the line end at its end. The buffers that it was read through are wiped; the text
    /// itself lives as long as it is held.
    /// - Parameter isGuarded: whether something else than its mode keeps the file to this user. It is a regular file then.
    /// - Throws: `FileFailure`
    package static func secret(
        _ path: String,
        isGuarded: Bool = false,
        patience: ReadingPatience = .standard
    ) throws(FileFailure) -> String {
        var bytes = try read(
            path,
            limit: secretBytes,
            kind: isGuarded ? .regular : .any,
            isSecret: !isGuarded,
            patience: patience
        )
        defer { wipe(&bytes) }
        var text = bytes[...]
        if text.last == UInt8(ascii: "\n") { text.removeLast() }
        if text.last == UInt8(ascii: "\r") { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    /// Overwrites what a buffer holds.
    package static func wipe(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { buffer in
            if let start = buffer.baseAddress { explicit_bzero(start, buffer.count) }
        }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// - Parameters:
    ///   - room: taken at once: what grows leaves copies of a secret behind.
    ///   - patience: nil for what is never waited for.
    private static func read(
        _ number: Int32,
        limit: Int,
        room: Int,
        _ patience: ReadingPatience?
    ) throws(FileFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(room)
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        defer { wipe(&chunk) }
        while true {
            try patience?.wait(for: number)
            let count = Glibc.read(number, &chunk, chunk.count)
            if count < 0, errno == EINTR || patience != nil && errno == EAGAIN { continue }
            guard count >= 0 else { throw FileFailure(errno: errno) }
            guard count > 0 else { return bytes }
            guard bytes.count + count <= limit else {
                wipe(&bytes)
                throw tooLarge(limit)
            }
            bytes += chunk[..<count]
        }
    }

    private static func tooLarge(_ limit: Int) -> FileFailure {
        let size = limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit) bytes"
        return FileFailure("it holds more than \(size), the most that is read", isTooLarge: true)
    }
}
