import CLibArchive
import Glibc

/// Writes `run.tar.zst`: one tar stream cut into zstd frames that begin and end between members, so that tar(1) and
/// zstd(1) read it whole and one frame can be read alone. libarchive 3.6.2 has no such option: its pax writer writes
/// into frames of our own.
final class TarZstdWriter {
    /// S_IFREG, as libarchive takes it.
    private static let regularFile: UInt32 = 0o100000

    private let file: File
    private let tar: OpaquePointer
    private let frames = ZstdFrameWriter()
    private var isInFrame = false
    private var failure: SystemError?
    /// Bytes of tar in the open frame.
    private var tarBytes: UInt64 = 0
    /// Bytes in the file so far, and their SHA-256.
    private(set) var bytes: UInt64 = 0
    let hash = SHA256()

    /// - Parameter file: empty.
    init(file: File) throws(SystemError) {
        guard let tar = archive_write_new() else { throw SystemError("write", file.path, ENOMEM) }
        self.file = file
        self.tar = tar
        archive_write_set_format_pax_restricted(tar)
        archive_write_set_bytes_per_block(tar, 0)
        let opened = archive_write_open(
            tar,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            { _, context, buffer, count in TarZstdWriter.from(context)?.takeTar(buffer, count) ?? -1 },
            nil
        )
        guard opened == ARCHIVE_OK else { throw libraryError(tar) }
    }

    deinit {
        // Freeing a writer that was not closed closes it, and what it writes then is of no use any more.
        failure = failure ?? SystemError("write", file.path, ECANCELED)
        archive_write_free(tar)
    }

    /// Begins a frame; the one before must have ended.
    func beginFrame() throws(SystemError) {
        precondition(!isInFrame)
        isInFrame = true
        tarBytes = 0
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
        try check(archive_write_header(tar, entry), tar)
        return tarBytes
    }

    func write(_ bytes: [UInt8]) throws(SystemError) {
        let written = bytes.withUnsafeBytes { archive_write_data(tar, $0.baseAddress, $0.count) }
        guard written == bytes.count else { throw libraryError(tar) }
    }

    func endMember() throws(SystemError) {
        try check(archive_write_finish_entry(tar), tar)
    }

    /// Ends the tar stream, within the last frame.
    func endArchive() throws(SystemError) {
        try check(archive_write_close(tar), tar)
    }

    func endFrame() throws(SystemError) {
        guard isInFrame else { return }
        isInFrame = false
        try frames.end(writeCompressed)
    }

    /// Appends bytes that are no part of the tar stream.
    func append(_ bytes: [UInt8]) throws(SystemError) {
        try file.write(bytes)
        hash.update(bytes)
        self.bytes += UInt64(bytes.count)
    }

    // MARK: What libarchive calls

    private static func from(_ context: UnsafeMutableRawPointer?) -> TarZstdWriter? {
        context.map { Unmanaged<TarZstdWriter>.fromOpaque($0).takeUnretainedValue() }
    }

    private func takeTar(_ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
        guard failure == nil, isInFrame else { return -1 }
        tarBytes += UInt64(count)
        do throws(SystemError) {
            try frames.take(UnsafeRawBufferPointer(start: buffer, count: count), writeCompressed)
        } catch {
            failure = error
            return -1
        }
        return count
    }

    private func writeCompressed(_ raw: UnsafeRawBufferPointer) throws(SystemError) {
        try file.write(raw)
        hash.update(raw)
        bytes += UInt64(raw.count)
    }

    private func check(_ result: Int32, _ archive: OpaquePointer) throws(SystemError) {
        guard result == ARCHIVE_OK else { throw libraryError(archive) }
    }

    /// What went wrong: the file's own error where it was that.
    private func libraryError(_ archive: OpaquePointer) -> SystemError {
        let code = archive_errno(archive)
        return failure ?? SystemError("write", file.path, code > 0 ? code : EIO)
    }
}
