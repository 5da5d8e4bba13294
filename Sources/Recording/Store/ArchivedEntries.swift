import Files
import Glibc
import RecordingFormat
import SystemErrors

/// The entries that the archive of a killed run had already: its journal told of each of them by then.
struct ArchivedEntries {
    /// An entry ends with its `X` and its `H` event.
    private static let endBytes = 1 << 20

    private let file: File?

    /// - Throws: where it is there and cannot be opened.
    init(in folder: RunFolder) throws(SystemError) {
        do throws(SystemError) {
            file = try folder.own.file(ArchiveBuilder.partName, O_RDONLY)
        } catch {
            // None yet, or nothing that psrun wrote.
            guard [ENOENT, ELOOP, EINVAL].contains(error.code) else { throw error }
            file = nil
        }
    }

    /// Whether an entry is there that had ended in the run itself, beside those of these names. What a recovery made that was
    /// killed as well says that it is cut off.
    func holdMore(than names: Set<String>) -> Bool {
        guard let file, let size = try? file.size, let archive = try? TarZstdReader(file: file, range: 0..<size) else {
            return false
        }
        // It ends somewhere, most likely within a frame.
        while let member = try? archive.nextMember() {
            guard member.name.hasSuffix(".cast"), !names.contains(member.name) else { continue }
            var end: [UInt8] = []
            while let piece = try? archive.read() {
                guard !piece.isEmpty else {
                    if Self.hasEnded(end) { return true }
                    break
                }
                end = Array((end + piece).suffix(Self.endBytes))
            }
        }
        return false
    }

    private static func hasEnded(_ end: [UInt8]) -> Bool {
        for line in end.split(separator: 0x0A) where CastLine.code(of: line) == .exit {
            guard case .event(let event)? = try? CastLine(decoding: line, number: 2) else { continue }
            return TargetRecord(parsing: event.data.utf8)?.isTruncated == false
        }
        return false
    }
}
