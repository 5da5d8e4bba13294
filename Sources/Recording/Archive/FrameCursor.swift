import Files
import RecordingFormat
import SystemErrors

/// A place between two members of a frame, from which reading can go on.
struct FrameCursor {
    let reader: TarZstdReader
    /// Of the frame, in the file.
    private let range: Range<UInt64>
    /// The next member's header, in the decompressed frame.
    var place: UInt64 = 0

    init(_ file: File, _ range: Range<UInt64>) throws(SystemError) {
        reader = try TarZstdReader(file: file, range: range)
        self.range = range
    }

    /// Itself, where an entry lies further on in the same frame; else nil.
    func advanced(to entry: IndexedEntry, in range: Range<UInt64>) -> FrameCursor? {
        range == self.range && place <= entry.offset ? self : nil
    }
}
