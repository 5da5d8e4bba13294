import CLinux
import Files
import Glibc
import RecordingFormat
import SystemErrors

/// `chain.log` as a file: opened only where nobody else may write it.
enum ChainFile {
    /// Opens the chain of a recordings folder to be written, and makes it where there is none.
    /// - Throws: where it is another user's, or others may write it: what they wrote would be taken for psrun's own.
    static func open(in recordings: Folder) throws(SystemError) -> File {
        let file = try opened(in: recordings)
        // Whoever may write as anybody goes by whose the folder is.
        let isOwn = file.owner == geteuid() || geteuid() == 0 && file.owner == recordings.owner
        guard isOwn else {
            let owner = ThisUser.name(of: file.owner)
            let reason = "it belongs to another user, \(owner); move it away, or record in another folder"
            throw SystemError("write", file.path, EPERM, reason: reason)
        }
        guard file.mode & 0o022 == 0 else {
            let mode = String(file.mode, radix: 8)
            let reason = "others may write it (mode \(mode)); see who did, and chmod 600 it"
            throw SystemError("write", file.path, EPERM, reason: reason)
        }
        return file
    }

    private static func opened(in recordings: Folder) throws(SystemError) -> File {
        let name = RunChain.fileName
        let flags = O_RDWR | O_APPEND
        do throws(SystemError) {
            return try recordings.file(name, flags)
        } catch {
            guard error.code == ENOENT else { throw error }
        }
        do throws(SystemError) {
            let file = try recordings.file(name, flags | O_CREAT | O_EXCL)
            try recordings.sync()
            return file
        } catch {
            // Another was quicker.
            guard error.code == EEXIST else { throw error }
            return try recordings.file(name, flags)
        }
    }

    /// Hands out those lines of a chain in which some bytes stand, each without its line end.
    /// - Throws: where the file cannot be read, or is not a chain that psrun wrote.
    static func forEachLine(
        of file: File,
        with marker: [UInt8],
        _ body: (ArraySlice<UInt8>) -> Void
    ) throws(SystemError) {
        var rest: [UInt8] = []
        var place: UInt64 = 0
        while case let piece = try file.read(RunChain.lineBytes, at: place), !piece.isEmpty {
            place += UInt64(piece.count)
            guard place <= RunChain.maximumBytes else { throw SystemError("read", file.path, EFBIG) }
            rest += piece
            var start = 0
            while let found = rest.firstPlace(ofMarker: marker, from: start) {
                guard let end = rest[found...].firstIndex(of: 0x0A) else { break }
                let line = rest[..<found].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
                body(rest[line..<end])
                start = end + 1
            }
            let last = rest.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            rest.removeFirst(last)
            guard rest.count <= RunChain.lineBytes else { throw SystemError("read", file.path, EFBIG) }
        }
    }
}

extension [UInt8] {
    /// Where some bytes stand first, from `start` on.
    fileprivate func firstPlace(ofMarker marker: [UInt8], from start: Int) -> Int? {
        withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = psrun_find_bytes(base + start, UInt(bytes.count - start), marker, UInt(marker.count))
            else { return nil }
            return found - base
        }
    }
}
