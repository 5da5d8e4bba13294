import Foundation

/// A file's bytes, to be put back changed.
struct File {
    let path: String
    var bytes: Data

    init(_ path: String) throws {
        self.path = path
        bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// The same with one bit another.
    func flipped(at offset: Int) -> File {
        var file = self
        file.bytes[offset] ^= 0x10
        return file
    }

    func write() throws {
        try bytes.write(to: URL(fileURLWithPath: path))
    }
}
