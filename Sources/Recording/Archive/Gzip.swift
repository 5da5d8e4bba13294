import CLibArchive
import Glibc
import SystemErrors

/// gzip (RFC 1952), by libarchive: what a browser can read without help.
package enum Gzip {
    private final class Sink {
        var bytes: [UInt8] = []
    }

    /// The same bytes for the same bytes: no time and no name stands in it.
    /// - Throws: `writeFailed` where there is no memory for it.
    package static func compress(_ bytes: [UInt8]) throws(RecordingError) -> [UInt8] {
        guard let writer = archive_write_new() else { throw failure(ENOMEM) }
        let sink = Sink()
        defer {
            archive_write_free(writer)
            // libarchive holds a bare pointer to it until then.
            withExtendedLifetime(sink) {}
        }
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        archive_entry_set_filetype(entry, 0o100000)
        let steps = [
            archive_write_add_filter_gzip(writer), archive_write_set_format_raw(writer),
            archive_write_set_filter_option(writer, "gzip", "timestamp", nil),
            archive_write_set_filter_option(writer, "gzip", "compression-level", "9"),
            archive_write_set_bytes_per_block(writer, 0), open(writer, sink), archive_write_header(writer, entry),
        ]
        guard steps.allSatisfy({ $0 == ARCHIVE_OK }) else { throw failure(archive_errno(writer)) }
        let written = bytes.withUnsafeBytes { archive_write_data(writer, $0.baseAddress, $0.count) }
        guard written == bytes.count, archive_write_close(writer) == ARCHIVE_OK else {
            throw failure(archive_errno(writer))
        }
        return sink.bytes
    }

    private static func open(_ writer: OpaquePointer, _ sink: Sink) -> Int32 {
        archive_write_open(
            writer,
            Unmanaged.passUnretained(sink).toOpaque(),
            nil,
            { _, context, buffer, count in
                guard let context else { return -1 }
                let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
                sink.bytes += UnsafeRawBufferPointer(start: buffer, count: count)
                return count
            },
            nil
        )
    }

    private static func failure(_ code: Int32) -> RecordingError {
        RecordingError(.writeFailed, "Data cannot be compressed: \(describe(errno: code > 0 ? code : ENOMEM)).")
    }
}
