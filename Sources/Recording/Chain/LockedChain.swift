import Files
import Glibc
import RecordingFormat
import SystemErrors

/// `chain.log` of a recordings folder, locked for as long as this lives: whoever seals, prunes or logs a reading waits
/// here for the others.
final class LockedChain {
    /// A seal holds the lock while ssh-keygen signs, 10 s at most.
    private static let patienceMilliseconds = 60_000
    private static let pieceBytes: UInt64 = 64 << 10

    private let folder: String
    private let faults: FileFaults
    private let file: File
    private var size: UInt64
    private(set) var tail: ChainTail

    /// Opens the chain, and makes it where there is none; blocks until the lock is free, and cuts off a line that a
    /// crash left without its end.
    init(in folder: String, faults: FileFaults) throws(SystemError) {
        let path = "\(folder)/\(RunChain.fileName)"
        let isNew = !FilePaths.exists(path)
        file = try File(path, O_RDWR | O_CREAT | O_APPEND, faults: faults)
        self.folder = folder
        self.faults = faults
        try Self.wait(for: file)
        size = try file.size
        tail = try Self.tail(of: file, size: size)
        if tail.tornBytes > 0 {
            size -= UInt64(tail.tornBytes)
            try file.truncate(to: size)
        }
        if isNew { try FilePaths.syncFolder(folder, faults: faults) }
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

    private static func wait(for file: File) throws(SystemError) {
        for _ in 0..<patienceMilliseconds / 2 {
            if try file.lock() { return }
            usleep(2_000)
        }
        throw SystemError("lock", file.path, EAGAIN)
    }

    private static func tail(of file: File, size: UInt64) throws(SystemError) -> ChainTail {
        var length = min(pieceBytes, size)
        while true {
            let bytes = try file.read(Int(length), at: size - length)
            if let tail = ChainTail(bytes, isWhole: length == size, hash: sha256) { return tail }
            // What has no line end in so many bytes is nothing that a crash cut off.
            let isChain =
                length < RunChain.maximumBytes && (length <= RunChain.lineBytes || bytes.dropLast().contains(0x0A))
            guard isChain else { throw SystemError("read", file.path, EFBIG) }
            length = min(4 * length, size)
        }
    }
}
