import CZstd

/// Decompresses zstd frames on one thread: owns a context that is used again for each.
final class FrameDecoder {
    private let context: OpaquePointer

    init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("libzstd has no memory") }
        self.context = context
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// Decompresses a whole frame.
    /// - Returns: the text's length; nil where it is no frame or does not fit.
    func decode(_ frame: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer) -> Int? {
        let count = ZSTD_decompressDCtx(context, text.baseAddress, text.count, frame.baseAddress, frame.count)
        return ZSTD_isError(count) == 0 ? count : nil
    }

    /// Begins a frame that comes in pieces.
    func begin() {
        ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    }

    /// Takes a piece of the frame that was begun.
    /// - Returns: how many bytes were taken and how many were made; nil where they are no frame's.
    func decode(
        piece: UnsafeRawBufferPointer,
        into text: UnsafeMutableRawBufferPointer
    ) -> (taken: Int, made: Int)? {
        var input = ZSTD_inBuffer(src: piece.baseAddress, size: piece.count, pos: 0)
        var output = ZSTD_outBuffer(dst: text.baseAddress, size: text.count, pos: 0)
        let result = ZSTD_decompressStream(context, &output, &input)
        return ZSTD_isError(result) == 0 ? (input.pos, output.pos) : nil
    }
}
