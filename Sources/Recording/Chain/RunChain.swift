package import Files
import Glibc
package import RecordingFormat
import SystemErrors

/// The chain of a recordings folder: `chain.log`.
package enum RunChain {
    package static let fileName = "chain.log"
    /// Some two million lines: a longer one is not a chain that psrun wrote.
    static let maximumBytes: UInt64 = 1 << 30
    static let lineBytes = Chain.mostLineBytes

    /// Reads the whole chain, without waiting for anybody; without a file, one that has no lines.
    /// - Throws: `damaged` where it cannot be read.
    package static func read(in folder: String) throws(RecordingError) -> Chain {
        do throws(SystemError) {
            guard FilePaths.exists("\(folder)/\(fileName)") else { return Chain([], hash: sha256) }
            let file = try File("\(folder)/\(fileName)", O_RDONLY)
            let size = try file.size
            guard size <= maximumBytes else { throw SystemError("read", file.path, EFBIG) }
            return Chain(try file.read(Int(size), at: 0), hash: sha256)
        } catch {
            throw error.asReadFailure
        }
    }

    /// Appends lines for these events, under the chain's lock; returns once they are on disk. Blocks.
    /// - Returns: the chain's new head.
    /// - Throws: `writeFailed`.
    @discardableResult
    package static func append(
        _ events: [ChainEvent],
        in folder: String,
        faults: FileFaults = .none
    ) throws(RecordingError) -> ChainHead {
        do throws(SystemError) {
            let chain = try LockedChain(in: folder, faults: faults)
            try chain.append(events)
            return chain.head
        } catch {
            throw RecordingError(.writeFailed, "The chain of \(folder) cannot be written: \(error.text).")
        }
    }
}

/// The end of a chain: what to keep elsewhere, to prove later that nothing before it was changed or taken away.
package struct ChainHead: Sendable, Hashable {
    /// How many lines there are.
    package let lines: Int
    /// SHA-256 of the last one, in hexadecimal.
    package let hash: String
}

extension LockedChain {
    var head: ChainHead { ChainHead(lines: tail.count, hash: tail.head) }
}
