import Files
import Recording
import SystemErrors

/// Reads single zstd frames of a file in bounded memory, whatever they expand to. Used from one thread.
///
/// libzstd's stream passes over skippable frames and would take several for one: here a frame is one, from its first byte
/// to its last.
final class ZstdFrameReader {
    private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

    private let decoder = ZstdFrameDecoder()
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: ZstdFrameDecoder.inputBytes, alignment: 16)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: ZstdFrameDecoder.outputBytes, alignment: 16)

    deinit {
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
        decoder.begin()
        var position = range.lowerBound
        var isWhole = false
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
            var piece = UnsafeRawBufferPointer(room)
            var isFull = false
            repeat {
                guard !isWhole else { throw Damage("the frame at byte \(range.lowerBound) ends before it should") }
                let progress: ZstdFrameDecoder.Progress
                do throws(ZstdFrameDecoder.Failure) {
                    progress = try decoder.decode(piece: piece, into: output)
                } catch {
                    throw Damage("the frame at byte \(range.lowerBound) cannot be decompressed: \(error.reason)")
                }
                piece = UnsafeRawBufferPointer(rebasing: piece[progress.taken...])
                isWhole = progress.isWhole
                isFull = progress.made == output.count
                if progress.made > 0 { try take(UnsafeRawBufferPointer(rebasing: output.prefix(progress.made))) }
            } while !piece.isEmpty || (isFull && !isWhole)
        }
        guard isWhole else { throw Damage("the frame at byte \(range.lowerBound) does not end") }
    }
}
