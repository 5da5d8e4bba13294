import Glibc
import PSRunTestSupport

/// A recordings folder, file by file.
struct StoreImage: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        case bytes([UInt8])
        case link(String)
        case pipe
    }

    /// By the path from the folder.
    var files: [String: Content] = [:]

    /// The bytes of a file; none where there is none.
    subscript(path: String) -> [UInt8] {
        get {
            if case .bytes(let bytes) = files[path] { bytes } else { [] }
        }
        set { files[path] = .bytes(newValue) }
    }

    /// Turns what a folder holds from one image into another.
    static func change(_ folder: TemporaryFolder, from old: StoreImage, to new: StoreImage) throws {
        for path in old.files.keys where new.files[path] != old.files[path] {
            guard unlink(folder.path(of: path)) == 0 else { throw TestSupportError("unlink \(path)") }
        }
        for (path, content) in new.files where old.files[path] != content {
            if let slash = path.firstIndex(of: "/") { mkdir(folder.path(of: String(path[..<slash])), 0o700) }
            let done: Int32
            switch content {
            case .bytes(let bytes): done = try write(bytes, to: folder.path(of: path))
            case .link(let target): done = symlink(target, folder.path(of: path))
            case .pipe: done = mkfifo(folder.path(of: path), 0o600)
            }
            guard done == 0 else { throw TestSupportError("make \(path)") }
        }
        let used = Set(new.files.keys.compactMap { $0.split(separator: "/").first })
        for path in old.files.keys {
            guard let name = path.split(separator: "/").first, !used.contains(name) else { continue }
            rmdir(folder.path(of: String(name)))
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return -1 }
        defer { close(descriptor) }
        return Glibc.write(descriptor, bytes, bytes.count) == bytes.count ? 0 : -1
    }
}
