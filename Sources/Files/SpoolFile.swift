import Glibc
import Synchronization
package import SystemErrors

/// A file without a name that takes what need not be held in memory; gone when it is closed. For any thread.
package final class SpoolFile: Sendable {
    /// Where something lies in it.
    package struct Extent: Sendable, Hashable {
        package let offset: UInt64
        package let length: Int
    }

    private let file: File
    private let end = Mutex<UInt64>(0)

    /// Makes one, 0600, in the first of some folders that takes it.
    package init(in folders: [String]) throws(SystemError) {
        file = try Self.make(in: folders)
    }

    private static func make(in folders: [String]) throws(SystemError) -> File {
        var failure = SystemError("make a temporary file", "", ENOENT)
        for folder in folders {
            let path = "\(folder)/.psrun-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
            do throws(SystemError) {
                let file = try File(path, O_RDWR | O_CREAT | O_EXCL)
                guard unlink(path) == 0 else { throw SystemError("remove", path, errno) }
                return file
            } catch {
                failure = error
            }
        }
        throw failure
    }

    package func append(_ bytes: [UInt8]) throws(SystemError) -> Extent {
        // Each has its place before it is written: writers do not wait for each other.
        let offset = end.withLock { end in
            defer { end += UInt64(bytes.count) }
            return end
        }
        try file.write(bytes, at: offset)
        return Extent(offset: offset, length: bytes.count)
    }

    package func read(_ extent: Extent) throws(SystemError) -> [UInt8] {
        try file.read(extent.length, at: extent.offset)
    }
}
