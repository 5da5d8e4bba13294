import Files
import Glibc
import RecordingFormat
import SystemErrors

/// `chain.log` of a recordings folder, locked for as long as this lives: whoever seals, prunes or logs a reading waits
/// here for the others.
final class LockedChain {
    private static let pieceBytes: UInt64 = 64 << 10

    private let file: File
    private var size: UInt64
    private(set) var tail: ChainTail

    /// Opens the chain, and makes it where there is none; blocks until the lock is free, and cuts off a line that a
    /// crash left without its end.
    /// - Parameter milliseconds: how long others may hold the lock: a seal does while ssh-keygen signs.
    /// - Throws: also where it is not this user's alone to write, see `ChainFile`.
    init(
        in recordings: Folder,
        patience milliseconds: Int = RecordingBound.chainWait.bytes
    ) throws(SystemError) {
        file = try ChainFile.open(in: recordings)
        try Self.wait(for: file, milliseconds)
        size = try file.size
        tail = try Self.tail(of: file, size: size)
        if tail.tornBytes > 0 {
            size -= UInt64(tail.tornBytes)
            try file.truncate(to: size)
        }
    }

    /// Looks whether a seal could append to a chain, without its lock: whoever finds out at the end of a run has run it.
    /// - Throws: as `init` does, but for the lock.
    static func requireUsable(_ file: File) throws(SystemError) {
        _ = try tail(of: file, size: try file.size)
    }

    /// What the chain says of a run, in the order of its lines.
    func events(of run: String) throws(SystemError) -> [ChainEvent] {
        var events: [ChainEvent] = []
        try ChainFile.forEachLine(of: file, with: Array("\t\(run)\t".utf8)) { line in
            guard let event = ChainLine(line)?.event, event.run == run else { return }
            events.append(event)
        }
        return events
    }

    /// Appends lines for these events, and returns once they are on disk. Where that fails, none of them is there.
    func append(_ events: [ChainEvent]) throws(SystemError) {
        var longer = tail
        var bytes: [UInt8] = []
        for event in events {
            let line = longer.line(for: event)
            bytes += line.encoded + [0x0A]
            longer.append(line, hash: sha256)
        }
        do throws(SystemError) {
            try file.write(bytes)
            try file.syncData()
        } catch {
            // Half a line is cut off by whoever comes next as well; a whole one that never reached the disk is not.
            try? file.truncate(to: size)
            throw error
        }
        size += UInt64(bytes.count)
        tail = longer
    }

    private static func wait(for file: File, _ milliseconds: Int) throws(SystemError) {
        for _ in 0..<max(1, milliseconds / 2) {
            if try file.lock() { return }
            usleep(2_000)
        }
        let reason = "another psrun has held its lock for \(milliseconds) ms; see what that waits for"
        throw SystemError("lock", file.path, EAGAIN, reason: reason)
    }

    private static func tail(of file: File, size: UInt64) throws(SystemError) -> ChainTail {
        guard size <= RunChain.maximumBytes else { throw SystemError("read", file.path, EFBIG) }
        var length = min(pieceBytes, size)
        while true {
            let bytes = try file.read(Int(length), at: size - length)
            if let tail = ChainTail(bytes, isWhole: length == size, hash: sha256) {
                // Nothing of a file that is somebody's own is cut off, and nothing added to it.
                guard tail.isChain else {
                    throw SystemError("read", file.path, EFBIG, reason: "there is no line of a chain in it")
                }
                return tail
            }
            // What has no line end in so many bytes is nothing that a crash cut off.
            let isChain =
                length < RunChain.maximumBytes && (length <= RunChain.lineBytes || bytes.dropLast().contains(0x0A))
            guard isChain else { throw SystemError("read", file.path, EFBIG) }
            length = min(4 * length, size)
        }
    }
}
