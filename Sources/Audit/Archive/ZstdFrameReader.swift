import CZstd
import Recording

/// Decompresses single zstd frames (RFC 8878) in bounded memory, whatever they expand to. Used from one thread.
///
/// libzstd's stream passes over skippable frames and would take several for one: here a frame is one, from its first byte
/// to its last.
final class ZstdFrameReader {
    private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    /// 32 MiB: no frame of a recording has a window of more than 8.
    private static let largestWindow: Int32 = 25

    private let context: OpaquePointer
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: ZSTD_DStreamInSize(), alignment: 16)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: ZSTD_DStreamOutSize(), alignment: 16)

    init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("libzstd has no memory") }
        self.context = context
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.largestWindow)
    }

    deinit {
        ZSTD_freeDCtx(context)
        input.deallocate()
        output.deallocate()
    }

    /// Hands out a frame's bytes, piece by piece.
    /// - Parameter range: where the frame lies in the file.
    /// - Throws: what `take` throws, or that these bytes are not one whole frame.
    func decode(
        _ range: Range<UInt64>,
        of file: File,
        _ take: (UnsafeRawBufferPointer) throws(Damage) -> Void
    ) throws(Damage) {
        ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        var position = range.lowerBound
        var hint = 1
        while position < range.upperBound {
            let room = UnsafeMutableRawBufferPointer(
                rebasing: input.prefix(Int(min(UInt64(input.count), range.upperBound - position)))
            )
            let count: Int
            do throws(SystemError) { count = try file.read(into: room, at: position) } catch { throw Damage(error) }
            guard count == room.count else {
                throw Damage("the file ends within the frame at byte \(range.lowerBound)")
            }
            if position == range.lowerBound, !room.starts(with: Self.magic) {
                throw Damage("there is no zstd frame at byte \(range.lowerBound)")
            }
            position += UInt64(count)
            var fed = ZSTD_inBuffer(src: room.baseAddress, size: count, pos: 0)
            var full = false
            repeat {
                guard hint != 0 else { throw Damage("the frame at byte \(range.lowerBound) ends before it should") }
                var made = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                hint = ZSTD_decompressStream(context, &made, &fed)
                guard ZSTD_isError(hint) == 0 else {
                    let reason = String(cString: ZSTD_getErrorName(hint))
                    throw Damage("the frame at byte \(range.lowerBound) can't be decompressed: \(reason)")
                }
                if made.pos > 0 { try take(UnsafeRawBufferPointer(rebasing: output.prefix(made.pos))) }
                full = made.pos == output.count
            } while fed.pos < fed.size || (full && hint != 0)
        }
        guard hint == 0 else { throw Damage("the frame at byte \(range.lowerBound) has no end") }
    }
}
