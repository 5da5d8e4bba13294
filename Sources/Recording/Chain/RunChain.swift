package import Files
import Glibc
package import RecordingFormat
import SystemErrors

/// The chain of a recordings folder: `chain.log`.
package enum RunChain {
    package static let fileName = "chain.log"
    /// Some two million lines: a longer one is not a chain that psrun wrote.
    static let maximumBytes = RecordingBound.chain.limit
    /// No line of psrun's is longer.
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

    /// The runs that the chain seals, each with the SHA-256 of its manifest; none without a file.
    /// - Throws: `damaged` where it cannot be read.
    package static func sealedRuns(in folder: String) throws(RecordingError) -> [String: String] {
        var runs: [String: String] = [:]
        do throws(SystemError) {
            guard FilePaths.exists("\(folder)/\(fileName)") else { return [:] }
            let file = try File("\(folder)/\(fileName)", O_RDONLY)
            try ChainFile.forEachLine(of: file, with: Array("\t\(ChainKind.run.rawValue)\t".utf8)) { line in
                guard let event = ChainLine(line)?.event, event.kind == .run else { return }
                // The first one is the run's; `verify` says that there is another.
                runs[event.run] = runs[event.run] ?? event.value
            }
        } catch {
            throw error.asReadFailure
        }
        return runs
    }

    /// Appends lines for these events, under the chain's lock; returns once they are on disk. Blocks.
    /// - Returns: the chain's new head.
    /// - Throws: `writeFailed`.
    @discardableResult
    package static func append(
        _ events: [ChainEvent],
        in folder: String,
        faults: FileFaults = .none,
        patience milliseconds: Int = RecordingBound.chainWait.bytes
    ) throws(RecordingError) -> ChainHead {
        do throws(SystemError) {
            let chain = try LockedChain(in: try Folder(folder, faults: faults), patience: milliseconds)
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
