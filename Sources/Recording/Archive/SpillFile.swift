import Files
import Glibc
import SystemErrors

/// A file without a name that takes what entries cannot hold in memory; gone when it is closed.
final class SpillFile {
    struct Extent {
        let offset: UInt64
        let length: Int
    }

    private static let name = "spill"

    private let file: File
    private var end: UInt64 = 0

    init(in folder: Folder) throws(SystemError) {
        // A spill file that a killed process left behind has no other use.
        try folder.remove(Self.name)
        file = try folder.file(Self.name, O_RDWR | O_CREAT | O_EXCL | O_APPEND)
        try folder.remove(Self.name)
    }

    func append(_ bytes: [UInt8]) throws(SystemError) -> Extent {
        try file.write(bytes)
        defer { end += UInt64(bytes.count) }
        return Extent(offset: end, length: bytes.count)
    }

    func read(_ extent: Extent) throws(SystemError) -> [UInt8] {
        try file.read(extent.length, at: extent.offset)
    }
}
