import Files
import Glibc
package import RecordingFormat
import SystemErrors

/// A run put together from shards, as it is to be recorded.
package struct MergedRun: Sendable {
    /// An entry of one of the shards.
    package struct Entry: Sendable {
        /// Among the shards.
        package var shard: Int
        package var entry: IndexedEntry

        package init(shard: Int, entry: IndexedEntry) {
            self.shard = shard
            self.entry = entry
        }
    }

    /// The playbook's is that of the shards, and its targets are those of `entries`.
    package var run: RunDescription
    /// In the order of the selection.
    package var entries: [Entry]
    package var merge: RecordedMerge
    /// nil where one of the shards has none.
    package var exitCode: Int32?
    package var endedSeconds: Int64
    package var durationMicroseconds: Int64

    package init(
        run: RunDescription,
        entries: [Entry],
        merge: RecordedMerge,
        exitCode: Int32?,
        endedSeconds: Int64,
        durationMicroseconds: Int64
    ) {
        self.run = run
        self.entries = entries
        self.merge = merge
        self.exitCode = exitCode
        self.endedSeconds = endedSeconds
        self.durationMicroseconds = durationMicroseconds
    }

    /// Records it: a new run, sealed. Blocks for as long as that takes. A folder that cannot be completed is removed.
    /// - Parameters:
    ///   - recordings: the shards', open.
    ///   - suffix: six hexadecimal digits that no other run of that second has.
    /// - Throws: `damaged`, `folderUnusable` or `writeFailed`.
    package func record(
        from recordings: [SealedRecording],
        in recordingsFolder: String,
        suffix: String,
        options: SealOptions = SealOptions()
    ) throws(RecordingError) -> SealedRun {
        let folder: RunFolder
        do throws(SystemError) {
            folder = try RunRecorder.makeFolder(in: recordingsFolder, run: run, suffix: suffix, faults: .none)
        } catch {
            throw RecordingError(
                .folderUnusable,
                "The recordings folder \(recordingsFolder) cannot be used: \(error.text). "
                    + "Choose a folder that you can write to with --recordings."
            )
        }
        defer { folder.own.release() }
        let builder: ArchiveBuilder
        do throws(RecordingError) {
            builder = try filled(folder, from: recordings)
        } catch {
            // Nothing of it is sealed: left here, it would pass for a run that was killed.
            folder.removeUnsealed()
            throw error
        }
        do throws(SystemError) {
            return try builder.publish(
                run: run,
                exitCode: exitCode,
                ended: endedSeconds,
                merge: merge,
                options: options
            )
        } catch {
            throw error.asWriteFailure
        }
    }

    /// The archive with all entries in it.
    private func filled(
        _ folder: RunFolder,
        from recordings: [SealedRecording]
    ) throws(RecordingError) -> ArchiveBuilder {
        let builder: ArchiveBuilder
        do throws(SystemError) { builder = try ArchiveBuilder(folder: folder) } catch { throw error.asWriteFailure }
        builder.run = run
        var group = (entries: 0, bytes: UInt64(0))
        for (number, entry) in entries.enumerated() {
            try builder.copy(entry.entry, of: recordings[entry.shard], as: number, group: &group)
        }
        do throws(SystemError) { try builder.endGroup(&group) } catch { throw error.asWriteFailure }
        builder.lastTime = UInt64(max(0, durationMicroseconds)) * 1_000
        builder.chain = merge.chain
        return builder
    }
}

extension RecordedMerge {
    /// What stands for a journal's last chain value: the shards' manifests, each hashed with what came before it.
    fileprivate var chain: [UInt8] {
        parts.reduce(JournalLayout.chainStart) { sha256($0 + Array($1.run.manifestHash.utf8)) }
    }
}

extension RunFolder {
    /// Removes the folder of a run of which nothing is sealed.
    fileprivate func removeUnsealed() {
        for name in (try? FilePaths.names(in: own.path)) ?? [] { try? own.remove(name) }
        rmdir(own.path)
    }
}
