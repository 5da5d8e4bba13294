import Files
import Glibc
import SystemErrors

/// A file without a name that takes what entries cannot hold in memory; gone when it is closed.
final class SpillFile {
    struct Extent {
        let offset: UInt64
        let length: Int
    }

    private let file: File
    private var end: UInt64 = 0

    init(in folder: String, faults: FileFaults) throws(SystemError) {
        let path = "\(folder)/spill"
        // A spill file that a killed process left behind has no other use.
        try FilePaths.remove(path)
        file = try File(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND, faults: faults)
        try FilePaths.remove(path)
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
