import Recording
import RecordingFormat

/// Reads entries' texts out of frames, on one thread: its buffers are used again.
final class FrameReader {
    /// A frame whose text is longer comes in pieces of this size.
    private static let wholeBytes = 32 << 20
    private static let pieceBytes = 8 << 20
    private static let lineBytes = RecordingBound.entryLine.bytes

    /// A part of an entry that ends with a line end, or with the entry.
    struct Piece {
        var place: EntryPlace
        var text: UnsafeRawBufferPointer
        var isFirst: Bool
        var isLast: Bool
    }

    private let decoder = ZstdFrameDecoder()
    private var frame = Buffer()
    private var text = Buffer()

    /// Hands out the wanted entries of a frame, each in one or several pieces, until `body` answers false.
    /// - Throws: `damaged`, or what `body` throws.
    func read(
        _ place: FramePlace,
        of archive: RawArchive,
        _ body: (Piece) throws -> Bool
    ) throws {
        guard place.textLength <= Self.wholeBytes else { return try readInPieces(place, of: archive, body) }
        let compressed = frame.reserve(place.length)
        try archive.read(into: compressed, at: place.offset)
        // Behind the last wanted entry others may follow, and tar's own blocks.
        var room = place.textLength + (1 << 16)
        var decoded: Int?
        repeat {
            decoded = decoder.decode(UnsafeRawBufferPointer(compressed), into: text.reserve(room))
            room *= 2
        } while decoded == nil && room <= 2 * Self.wholeBytes
        guard let decoded, decoded >= place.textLength else {
            // It may go on far behind what is wanted of it.
            return try readInPieces(place, of: archive, body)
        }
        let whole = UnsafeRawBufferPointer(text.reserve(decoded))
        for entry in place.entries {
            let slice = UnsafeRawBufferPointer(rebasing: whole[entry.offset..<entry.offset + entry.length])
            guard try body(Piece(place: entry, text: slice, isFirst: true, isLast: true)) else { return }
        }
    }

    private func readInPieces(
        _ place: FramePlace,
        of archive: RawArchive,
        _ body: (Piece) throws -> Bool
    ) throws {
        var cutter = EntryCutter(entries: place.entries)
        decoder.begin()
        var read = 0
        var filled = 0
        while !cutter.isDone {
            guard read < place.length else { throw archive.damage("one of its frames ends before its entries do") }
            let count = min(Self.pieceBytes, place.length - read)
            var piece = UnsafeRawBufferPointer(frame.reserve(count))
            try archive.read(into: frame.reserve(count), at: place.offset + UInt64(read))
            read += count
            repeat {
                let room = text.reserve(filled + Self.pieceBytes, keeping: filled)
                let rest = UnsafeMutableRawBufferPointer(rebasing: room[filled..<filled + Self.pieceBytes])
                guard let progress = try? decoder.decode(piece: piece, into: rest) else {
                    throw archive.damage("one of its frames cannot be decompressed")
                }
                piece = UnsafeRawBufferPointer(rebasing: piece[progress.taken...])
                filled += progress.made
                let whole = UnsafeRawBufferPointer(rebasing: room[..<filled])
                let used = try cutter.cut(whole, body)
                guard !cutter.isDone else { return }
                filled -= used
                guard filled <= Self.lineBytes else { throw archive.damage("one of its lines is too long") }
                if used > 0, filled > 0, let base = room.baseAddress {
                    base.copyMemory(from: base + used, byteCount: filled)
                }
                // A full buffer may have left something behind in the context.
                guard progress.made == rest.count || (progress.taken > 0 && !piece.isEmpty) else { break }
            } while true
        }
    }
}

/// Cuts a frame's text, as it arrives, into pieces of the wanted entries.
private struct EntryCutter {
    private let entries: [EntryPlace]
    private var next = 0
    /// Of the frame's text: what was used up so far.
    private var position = 0

    init(entries: [EntryPlace]) {
        self.entries = entries
    }

    var isDone: Bool { next == entries.count }

    /// - Parameter text: what follows what was used up.
    /// - Returns: how much of it is used up.
    mutating func cut(
        _ text: UnsafeRawBufferPointer,
        _ body: (FrameReader.Piece) throws -> Bool
    ) throws -> Int {
        var used = 0
        while !isDone {
            let entry = entries[next]
            if position < entry.offset {
                let skipped = min(entry.offset - position, text.count - used)
                used += skipped
                position += skipped
                guard position == entry.offset else { break }
            }
            let end = min(text.count, used + entry.offset + entry.length - position)
            let isLast = position + end - used == entry.offset + entry.length
            guard isLast || end > used else { break }
            var piece = UnsafeRawBufferPointer(rebasing: text[used..<end])
            if !isLast {
                guard let lineEnd = piece.lastIndex(of: 0x0A) else { break }
                piece = UnsafeRawBufferPointer(rebasing: piece[...lineEnd])
            }
            let wanted = try body(
                FrameReader.Piece(place: entry, text: piece, isFirst: position == entry.offset, isLast: isLast)
            )
            used += piece.count
            position += piece.count
            if !wanted { next = entries.count }
            if isLast { next = min(next + 1, entries.count) }
        }
        return used
    }
}

/// Memory that grows and is used again.
private struct Buffer: ~Copyable {
    private var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)

    deinit {
        bytes.deallocate()
    }

    /// At least `count` bytes, the first `kept` of them as they were.
    mutating func reserve(_ count: Int, keeping kept: Int = 0) -> UnsafeMutableRawBufferPointer {
        if count > bytes.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count + count / 2, alignment: 16)
            if kept > 0 { larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<kept])) }
            bytes.deallocate()
            bytes = larger
        }
        return UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])
    }
}
