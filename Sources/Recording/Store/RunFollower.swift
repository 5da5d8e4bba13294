import Files
import Glibc
package import RecordingFormat
import SystemErrors

/// Reads the journal of a run in progress as it grows: whole blocks, each checked, and never a torn end.
package final class RunFollower {
    private static let chunkBytes = 1 << 20

    private let folder: String
    private let journal: File
    private var reader = JournalReader(hash: sha256)
    private var offset: UInt64 = 0

    /// - Throws: `notFound` where the folder holds no journal (any more).
    package init(folder: String) throws(RecordingError) {
        self.folder = folder
        do throws(SystemError) {
            journal = try File("\(folder)/\(ArchiveBuilder.journalName)", O_RDONLY)
        } catch {
            throw error.asReadFailure
        }
    }

    /// Hands out what was written since the last call, until `body` answers false.
    /// - Throws: `damaged` where the journal cannot be trusted from here on.
    package func forEachNewBlock(
        _ body: (JournalBlock) throws(RecordingError) -> Bool
    ) throws(RecordingError) {
        do {
            while case let bytes = try journal.read(Self.chunkBytes, at: offset), !bytes.isEmpty {
                offset += UInt64(bytes.count)
                reader.receive(bytes)
                while let block = reader.nextBlock() {
                    guard try body(block) else { return }
                }
                guard reader.failure == nil else {
                    throw RecordingError(
                        .damaged,
                        "\(journal.path) is damaged after byte \(reader.end.committed): nothing after it can be trusted."
                    )
                }
            }
        } catch let error as RecordingError {
            throw error
        } catch let error as SystemError {
            throw error.asReadFailure
        } catch {
            throw RecordingError(.damaged, "\(journal.path) cannot be read: \(error)")
        }
    }

    /// Whether the run goes on: nothing more is written once this is false, though all may not have been read yet.
    package var isRunning: Bool {
        get throws(RecordingError) {
            do throws(SystemError) {
                return try journal.isLocked && !FilePaths.exists("\(folder)/\(ArchiveBuilder.manifestName)")
            } catch {
                throw error.asReadFailure
            }
        }
    }

    /// Lets the run go on for so many milliseconds.
    package func wait(milliseconds: Int32) {
        poll(nil, 0, milliseconds)
    }
}
