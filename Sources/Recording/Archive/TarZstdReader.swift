import CLibArchive
import Files
import Glibc
import SystemErrors

/// Reads the members of a part of `run.tar.zst`: all of it, or whole frames. Of all that libarchive can, only tar and
/// zstd are enabled; nothing is ever extracted to a path.
final class TarZstdReader {
    private static let bufferBytes = 128 << 10

    private let file: File
    private let archive: OpaquePointer
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferBytes, alignment: 16)
    private var position: UInt64
    private let end: UInt64
    private var failure: SystemError?

    /// - Parameter range: of bytes of the file; it begins and ends on frame boundaries.
    init(file: File, range: Range<UInt64>) throws(SystemError) {
        guard let archive = archive_read_new() else { throw SystemError("read", file.path, ENOMEM) }
        self.file = file
        self.archive = archive
        position = range.lowerBound
        end = range.upperBound
        archive_read_support_format_tar(archive)
        archive_read_support_filter_zstd(archive)
        let opened = archive_read_open(
            archive,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            { _, context, buffer in
                guard let context, let buffer else { return -1 }
                return Unmanaged<TarZstdReader>.fromOpaque(context).takeUnretainedValue().refill(buffer)
            },
            nil
        )
        guard opened == ARCHIVE_OK else { throw libraryError }
    }

    deinit {
        archive_read_free(archive)
        buffer.deallocate()
    }

    /// Steps to the next member; nil at the end.
    func nextMember() throws(SystemError) -> (name: String, size: UInt64)? {
        var entry: OpaquePointer?
        let result = archive_read_next_header(archive, &entry)
        guard result != ARCHIVE_EOF else { return nil }
        guard result == ARCHIVE_OK, let entry, let name = archive_entry_pathname(entry) else { throw libraryError }
        return (String(cString: name), UInt64(max(0, archive_entry_size(entry))))
    }

    /// The present member's next bytes; empty at its end.
    func read() throws(SystemError) -> [UInt8] {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.bufferBytes) { target, filled in
            count = archive_read_data(archive, target.baseAddress, target.count)
            filled = max(0, count)
        }
        guard count >= 0 else { throw libraryError }
        return bytes
    }

    private func refill(_ target: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        let room = UnsafeMutableRawBufferPointer(
            rebasing: buffer.prefix(Int(min(end - position, UInt64(buffer.count))))
        )
        target.pointee = UnsafeRawPointer(buffer.baseAddress)
        do throws(SystemError) {
            let count = try file.read(into: room, at: position)
            position += UInt64(count)
            return count
        } catch {
            failure = error
            return -1
        }
    }

    /// What went wrong: the file's own error where it was that; EILSEQ stands for a damaged archive.
    private var libraryError: SystemError {
        failure ?? SystemError("decode", file.path, EILSEQ)
    }
}
