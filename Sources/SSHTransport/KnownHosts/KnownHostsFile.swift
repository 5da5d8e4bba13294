import CCrypto
import Connections
import EventLoops
import Files
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

    /// All lines of the files that are there; a missing file is an empty one, and so is one that cannot be read, as
    /// /dev/null.
    /// - Throws: TransportError for a file that is too large, or for which something is short here: what is not read of it may
    ///   name the host.
    static func read(_ files: [String]) throws(TransportError) -> KnownHosts {
        var known = KnownHosts()
        for file in files {
            do throws(FileFailure) {
                if let text = try FileContents.text(file) { known.add(text, file: file) }
            } catch  where error.isTooLarge {
                throw TransportError(
                    .configuration,
                    phase: .hostKey,
                    "\(file) cannot be used: \(error.reason). Take hosts out of it, or name another one with "
                        + "-Options UserKnownHostsFile=…."
                )
            } catch {
                guard let shortage = error.shortage else { continue }
                throw TransportError(
                    .configuration,
                    phase: .hostKey,
                    "\(file) cannot be read: \(error.reason). \(shortage.cure)"
                )
            }
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
