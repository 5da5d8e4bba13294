import CZstd
import Glibc
import SystemErrors

/// Compresses zstd frames (RFC 8878) one after the other, with one context for all of them. Used from one thread.
///
/// A frame that fits the buffer is compressed in one go, so that libzstd knows its size and takes tables to match: for
/// one of unknown size it clears more than 10 MiB at this level, however small the frame turns out to be.
final class ZstdFrameWriter {
    /// Where a frame expands `densest` times and more after a segment, the next segment goes into blocks of so many bytes.
    /// libzstd would say 128 KiB of one letter in four bytes, and nobody could tell such an archive from one that was made
    /// to keep its reader busy: see `ArchiveExpansion`. Segments and blocks end at fixed places of the frame, so that the
    /// same text makes the same archive, in whatever pieces it comes.
    private static let segmentBytes: UInt64 = 1 << 20
    private static let blockBytes: UInt64 = 16 << 10
    private static let densest: UInt64 = 1_024

    /// At 3, near-identical entries came out larger than by gzip.
    private static let level: Int32 = 9

    typealias Write = (UnsafeRawBufferPointer) throws(SystemError) -> Void

    private let context: OpaquePointer
    private let held = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    private var heldBytes = 0
    /// Of the open frame: what went in, and what came out.
    private var taken: UInt64 = 0
    private var made: UInt64 = 0
    private var isDense = false
    /// Whether the open frame was larger than the buffer.
    private var isStreaming = false
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 16)

    init() {
        guard let context = ZSTD_createCCtx() else { preconditionFailure("libzstd has no memory") }
        self.context = context
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Self.level)
        // `zstd -t` finds a flipped bit by it, which it cannot in the frames of libarchive 3.6.
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit {
        ZSTD_freeCCtx(context)
        held.deallocate()
        output.deallocate()
    }

    /// Takes the open frame's next bytes.
    /// - Parameter write: gets what came of them so far.
    func take(_ bytes: UnsafeRawBufferPointer, _ write: Write) throws(SystemError) {
        if !isStreaming, bytes.count <= held.count - heldBytes {
            UnsafeMutableRawBufferPointer(rebasing: held[heldBytes...]).copyMemory(from: bytes)
            heldBytes += bytes.count
            return
        }
        if !isStreaming {
            setTables(isSizeKnown: false)
            try compressHeld(ZSTD_e_continue, write)
        }
        isStreaming = true
        try compress(bytes, ZSTD_e_continue, write)
    }

    /// Ends the frame: the next bytes are another's.
    func end(_ write: Write) throws(SystemError) {
        if !isStreaming {
            setTables(isSizeKnown: true)
            ZSTD_CCtx_setPledgedSrcSize(context, UInt64(heldBytes))
        }
        isStreaming = false
        try compressHeld(ZSTD_e_end, write)
        (taken, made, isDense) = (0, 0, false)
    }

    /// Has libzstd take tables to match a frame's size; for one of unknown size it would take 30 MiB at this level, a good
    /// part of all that psrun has.
    private func setTables(isSizeKnown: Bool) {
        for (parameter, logarithm) in [(ZSTD_c_windowLog, 21), (ZSTD_c_hashLog, 19), (ZSTD_c_chainLog, 19)] {
            ZSTD_CCtx_setParameter(context, parameter, isSizeKnown ? 0 : Int32(logarithm))
        }
    }

    private func compressHeld(_ directive: ZSTD_EndDirective, _ write: Write) throws(SystemError) {
        let bytes = UnsafeRawBufferPointer(rebasing: held.prefix(heldBytes))
        heldBytes = 0
        try compress(bytes, directive, write)
    }

    private func compress(
        _ bytes: UnsafeRawBufferPointer,
        _ directive: ZSTD_EndDirective,
        _ write: Write
    ) throws(SystemError) {
        guard directive == ZSTD_e_continue else { return try pass(bytes, directive, write) }
        var rest = bytes
        while !rest.isEmpty {
            let step = isDense ? Self.blockBytes : Self.segmentBytes
            let room = Int(step - taken % step)
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(room))
            try pass(part, part.count == room ? ZSTD_e_flush : ZSTD_e_continue, write)
            if taken % Self.segmentBytes == 0 { isDense = taken / max(made, 1) >= Self.densest }
            rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
        }
    }

    private func pass(
        _ bytes: UnsafeRawBufferPointer,
        _ directive: ZSTD_EndDirective,
        _ write: Write
    ) throws(SystemError) {
        taken += UInt64(bytes.count)
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        var left = 0
        repeat {
            var made = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            left = ZSTD_compressStream2(context, &made, &input, directive)
            guard ZSTD_isError(left) == 0 else { throw SystemError("compress", "a recording", ENOMEM) }
            self.made += UInt64(made.pos)
            try write(UnsafeRawBufferPointer(rebasing: output.prefix(made.pos)))
        } while input.pos < input.size || directive != ZSTD_e_continue && left > 0
    }
}
