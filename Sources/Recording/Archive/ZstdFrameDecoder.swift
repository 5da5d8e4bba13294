import CZstd
import RecordingFormat

/// Decompresses zstd frames (RFC 8878) one after the other, with one context for all of them. Used from one thread.
package final class ZstdFrameDecoder {
    /// Bytes, in either direction, that libzstd goes through best.
    package static var inputBytes: Int { ZSTD_DStreamInSize() }
    package static var outputBytes: Int { ZSTD_DStreamOutSize() }
    /// No frame of a recording has a window of more than 8 MiB, and others shall not take much more memory.
    private static let largestWindow = Int32(RecordingBound.window.limit.trailingZeroBitCount)

    /// What came of a piece of a frame.
    package struct Progress {
        package let taken: Int
        package let made: Int
        /// Whether the frame is at its end: what follows is another.
        package let isWhole: Bool
    }

    /// Why bytes are not a frame, in libzstd's words.
    package struct Failure: Error {
        package let reason: String
    }

    private let context: OpaquePointer

    package init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("libzstd has no memory") }
        self.context = context
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.largestWindow)
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// Decompresses a whole frame.
    /// - Returns: the text's length; nil where it is not a frame or does not fit.
    package func decode(_ frame: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer) -> Int? {
        let count = ZSTD_decompressDCtx(context, text.baseAddress, text.count, frame.baseAddress, frame.count)
        return ZSTD_isError(count) == 0 ? count : nil
    }

    /// Begins a frame that comes in pieces.
    package func begin() {
        ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    }

    /// Takes a piece of the frame that was begun; what does not fit into `text` is to be asked for with an empty piece.
    /// - Throws: where the bytes are not a frame.
    package func decode(
        piece: UnsafeRawBufferPointer,
        into text: UnsafeMutableRawBufferPointer
    ) throws(Failure) -> Progress {
        var input = ZSTD_inBuffer(src: piece.baseAddress, size: piece.count, pos: 0)
        var output = ZSTD_outBuffer(dst: text.baseAddress, size: text.count, pos: 0)
        let hint = ZSTD_decompressStream(context, &output, &input)
        guard ZSTD_isError(hint) == 0 else { throw Failure(reason: String(cString: ZSTD_getErrorName(hint))) }
        return Progress(taken: input.pos, made: output.pos, isWhole: hint == 0)
    }
}
