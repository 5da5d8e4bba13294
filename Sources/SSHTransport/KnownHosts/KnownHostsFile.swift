import CCrypto
import Connections
import EventLoops
import Glibc
import SystemErrors

/// The files themselves: read and added to off the loop.
enum KnownHostsFile {
    /// Adds a host's key to a file, which is made, for its owner alone, where it is missing; `hashed` as HashKnownHosts.
    ///
    /// One write(2) behind what is there, so that two runs at once do not mix their lines.
    /// - Throws: TransportError where the file cannot be written.
    static func append(
        name: String,
        key: PublicKey,
        to file: String,
        hashed: Bool
    ) throws(TransportError) {
        let name = hashed ? hash(name) : name
        if let slash = file.lastIndex(of: "/"), slash != file.startIndex { mkdir(String(file[..<slash]), 0o700) }
        let number = open(file, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw cannotWrite(file) }
        let descriptor = FileDescriptor(owning: number)
        var text = "\(name) \(key.algorithm) \(key.base64)\n"
        var last: UInt8 = 0
        let size = lseek(descriptor.raw, 0, SEEK_END)
        if size > 0, pread(descriptor.raw, &last, 1, size - 1) == 1, last != UInt8(ascii: "\n") { text = "\n" + text }
        let bytes = Array(text.utf8)
        guard write(descriptor.raw, bytes, bytes.count) == bytes.count else { throw cannotWrite(file) }
    }

    /// All lines of the files that are there; a missing file is an empty one.
    static func read(_ files: [String]) -> KnownHosts {
        var known = KnownHosts()
        for file in files {
            if let text = readWholeFile(file) { known.add(text, file: file) }
        }
        return known
    }

    private static func hash(_ name: String) -> String {
        var salt = [UInt8](repeating: 0, count: 20)
        RAND_bytes(&salt, 20)
        return "|1|\(encodeBase64(salt))|\(encodeBase64(hmacSHA1(Array(name.utf8), key: salt)))"
    }

    private static func cannotWrite(_ file: String) -> TransportError {
        TransportError(
            .configuration,
            phase: .hostKey,
            "cannot add the host key to \(file): \(describe(errno: errno)). Make the file writable, or name another "
                + "file with -Options UserKnownHostsFile=…."
        )
    }
}

/// A regular file's text, its broken UTF-8 repaired; nil where it cannot be read. Blocks.
func readWholeFile(_ path: String) -> String? {
    let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { return nil }
    let descriptor = FileDescriptor(owning: number)
    var status = stat()
    guard fstat(descriptor.raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var content: [UInt8] = []
    content.reserveCapacity(Int(status.st_size) + 1)
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = Glibc.read(descriptor.raw, &buffer, buffer.count)
        if count > 0 { content += buffer[..<count] } else if count == 0 || errno != EINTR { break }
    }
    return String(decoding: content, as: UTF8.self)
}
