package import Glibc

extension dirent {
    /// The name of an entry that readdir(3) gave. The entry holds only as much of its 256 bytes as the name takes, so none
    /// of the others may be read.
    package static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        guard let bytes = entry.pointer(to: \.d_name) else { return "" }
        return String(cString: UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self))
    }
}
