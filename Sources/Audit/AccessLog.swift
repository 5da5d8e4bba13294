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

    /// A run that is about to be read: its folder, and the manifest that is there.
    package typealias Reading = (folder: String, manifest: Manifest)

    /// Appends a line for each of these runs to the chain beside it; returns once all are on disk. To be called before
    /// anything of them is shown.
    /// - Parameter what: the verb and what it was asked: `replay --host web02`.
    /// - Returns: those without a line, since the chain beside them does not tell of them: a line about one would be about
    ///   the run that its manifest names.
    /// - Throws: `writeFailed`, with --no-access-log for a way out.
    @discardableResult
    package static func append(reading runs: [Reading], what: String) async throws(RecordingError) -> [String] {
        let result = await onOwnThread {
            Result { () throws(RecordingError) in try appendBlocking(reading: runs, what: what) }
        }
        return try result.get()
    }

    /// As much of it as a line of the chain is for: one that nobody reads any more would end the chain.
    private static func bounded(_ what: String) -> String {
        let rest = what.utf8.count - whatBytes
        return rest <= 0
            ? what : String(decoding: what.utf8.prefix(whatBytes), as: UTF8.self) + "… (\(rest) bytes more)"
    }

    /// The same for a thread that may block.
    @discardableResult
    package static func appendBlocking(reading runs: [Reading], what: String) throws(RecordingError) -> [String] {
        let readings = Dictionary(grouping: runs) { RecordedRun.recordingsFolder(of: $0.folder) }
        var strangers: [String] = []
        for (recordings, runs) in readings {
            do throws(RecordingError) {
                strangers += try append(runs, in: recordings, what)
            } catch {
                throw RecordingError(
                    .writeFailed,
                    "\(error.message) Each reading of a recording is noted there first. For a copy, or on read-only media, set "
                        + "PSRUN_NO_ACCESS_LOG or give --no-access-log."
                )
            }
        }
        return strangers
    }

    private static func append(
        _ runs: [Reading],
        in recordings: String,
        _ what: String
    ) throws(RecordingError) -> [String] {
        let now = Int64(time(nil))
        let sealed = try RunChain.sealedRuns(in: recordings)
        var events: [ChainEvent] = []
        var strangers: [String] = []
        for (folder, manifest) in runs {
            let hash = hexadecimal(sha256(manifest.encoded))
            let name = FilePaths.name(of: folder)
            guard manifest.run == name, sealed[name] == hash else {
                strangers.append(folder)
                continue
            }
            let who = ThisUser.name
            events.append(
                ChainEvent(seconds: now, kind: .access, run: name, value: hash, who: who, what: bounded(what))
            )
        }
        if !events.isEmpty { try RunChain.append(events, in: recordings) }
        return strangers
    }
}
