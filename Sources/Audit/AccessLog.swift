import Files
import Glibc
package import Recording
package import RecordingFormat
import SystemErrors
import Threads

/// Who read which sealed run, and when: lines of kind `access` in the chain of the recordings folder.
package enum AccessLog {
    /// What is longer is cut off here.
    private static let whatBytes = 4_096

    /// Appends a line for each of these runs; returns once all are on disk. To be called before anything of them is shown.
    /// - Parameters:
    ///   - runs: the manifests of what is about to be read.
    ///   - folder: the recordings folder in which they lie.
    ///   - what: the verb and what it was asked: `replay --host web02`.
    /// - Throws: `writeFailed`, with --no-access-log for a way out.
    package static func append(
        reading runs: [Manifest],
        in folder: String,
        what: String
    ) async throws(RecordingError) {
        let failure = await onOwnThread { () -> RecordingError? in
            do throws(RecordingError) {
                try appendBlocking(reading: runs, in: folder, what: what)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// As much of it as a line of the chain is for: one that nobody reads any more would end the chain.
    private static func bounded(_ what: String) -> String {
        let rest = what.utf8.count - whatBytes
        return rest <= 0
            ? what : String(decoding: what.utf8.prefix(whatBytes), as: UTF8.self) + "… (\(rest) bytes more)"
    }

    /// The same for a thread that may block.
    package static func appendBlocking(
        reading runs: [Manifest],
        in folder: String,
        what: String
    ) throws(RecordingError) {
        let now = Int64(time(nil))
        let events = runs.map { manifest in
            ChainEvent(
                seconds: now,
                kind: .access,
                run: manifest.run,
                value: hexadecimal(sha256(manifest.encoded)),
                who: ThisUser.name,
                what: bounded(what)
            )
        }
        guard !events.isEmpty else { return }
        do throws(RecordingError) {
            try RunChain.append(events, in: folder)
        } catch {
            throw RecordingError(
                error.code,
                "\(error.message) Each reading of a recording is noted there first. On read-only media, give "
                    + "--no-access-log."
            )
        }
    }
}
