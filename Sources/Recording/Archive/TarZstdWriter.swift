import CLibArchive
import Files
import Glibc
import SystemErrors

/// Writes `run.tar.zst`: one tar stream, by libarchive, cut into zstd frames that begin and end between members, so that
/// tar(1) and zstd(1) read it whole and one frame can be read alone. libarchive 3.6 cannot cut frames by itself.
final class TarZstdWriter {
    /// S_IFREG, as libarchive takes it.
    private static let regularFile: UInt32 = 0o100000

    private let path: String
    private let tar: OpaquePointer
    private let frames: FrameWriter
    /// Of the open frame: its bytes that have not gone to the writer, and how many have.
    private var piece: [UInt8] = []
    private var passedBytes: UInt64 = 0
    private var failure: SystemError?

    /// - Parameter file: empty.
    init(file: File) throws(SystemError) {
        guard let tar = archive_write_new() else { throw SystemError("write", file.path, ENOMEM) }
        do throws(SystemError) {
            frames = try FrameWriter(file: file)
        } catch {
            archive_write_free(tar)
            throw error
        }
        path = file.path
        self.tar = tar
        archive_write_set_format_pax_restricted(tar)
        archive_write_set_bytes_per_block(tar, 0)
        let opened = archive_write_open(
            tar,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            { _, context, buffer, count in
                guard let context else { return -1 }
                return Unmanaged<TarZstdWriter>.fromOpaque(context).takeUnretainedValue().take(buffer, count)
            },
            nil
        )
        guard opened == ARCHIVE_OK else { throw libraryError }
    }

    deinit {
        // Freeing a writer that was not closed closes it, and what it writes then is of no use any more.
        failure = failure ?? SystemError("write", path, ECANCELED)
        archive_write_free(tar)
        frames.close()
    }

    /// Begins a member; all its bytes must follow by `write`.
    /// - Returns: where its bytes begin in the decompressed frame.
    func beginMember(_ name: String, size: UInt64, modified: Int64) throws(SystemError) -> UInt64 {
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname(entry, name)
        archive_entry_set_filetype(entry, Self.regularFile)
        archive_entry_set_perm(entry, 0o600)
        archive_entry_set_size(entry, la_int64_t(size))
        archive_entry_set_mtime(entry, time_t(modified), 0)
        try check(archive_write_header(tar, entry))
        return passedBytes + UInt64(piece.count)
    }

    func write(_ bytes: [UInt8]) throws(SystemError) {
        let written = bytes.withUnsafeBytes { archive_write_data(tar, $0.baseAddress, $0.count) }
        guard written == bytes.count else { throw libraryError }
    }

    func endMember() throws(SystemError) {
        try check(archive_write_finish_entry(tar))
    }

    /// Ends the tar stream, within the last frame.
    func endArchive() throws(SystemError) {
        try check(archive_write_close(tar))
    }

    func endFrame() throws(SystemError) {
        try frames.write(piece, endsFrame: true)
        piece = []
        passedBytes = 0
    }

    /// Appends bytes that are not part of the tar stream.
    func append(_ bytes: [UInt8]) throws(SystemError) {
        try frames.append(bytes)
    }

    /// Waits until all frames that were ended are in the file.
    func written() throws(SystemError) -> FrameWriter.Written {
        try frames.drain()
    }

    /// What libarchive calls with the tar stream's next bytes.
    private func take(_ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
        guard failure == nil else { return -1 }
        piece += UnsafeRawBufferPointer(start: buffer, count: count)
        guard piece.count >= ArchiveBuilder.pieceBytes else { return count }
        do throws(SystemError) {
            try frames.write(piece, endsFrame: false)
        } catch {
            failure = error
            return -1
        }
        passedBytes += UInt64(piece.count)
        piece = []
        return count
    }

    private func check(_ result: Int32) throws(SystemError) {
        guard result == ARCHIVE_OK else { throw libraryError }
    }

    /// What went wrong: the file's own error where it was that.
    private var libraryError: SystemError {
        let code = archive_errno(tar)
        return failure ?? SystemError("write", path, code > 0 ? code : EIO)
    }
}
