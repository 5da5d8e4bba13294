import Files
import Glibc
import SystemErrors

/// A run's folder, and the recordings folder that it lies in, both held open: what is written for the run goes there,
/// whatever gets their paths meanwhile.
struct RunFolder: Sendable {
    let recordings: Folder
    let own: Folder
    /// The run's name.
    let name: String

    var path: String { own.path }

    /// Opens a run's folder; a link is not one.
    /// - Parameter path: the recordings folder's, and the run's name.
    init(_ path: String, faults: FileFaults = .none) throws(SystemError) {
        name = FilePaths.name(of: path)
        recordings = try Folder(FilePaths.parent(of: path), faults: faults)
        own = try recordings.folder(name)
    }

    /// Makes the folder of a new run.
    init(making name: String, in recordings: Folder) throws(SystemError) {
        self.name = name
        self.recordings = recordings
        own = try recordings.makeFolder(name)
        // Until its journal is there and locked, it would pass for one that was left by a killed run.
        own.claim()
        try recordings.sync()
    }

    /// - Throws: ESTALE where the run's name does not lead to its folder any more: what is sealed there would not be found.
    func requireInPlace() throws(SystemError) {
        guard recordings.identity(of: name) == own.identity else {
            let reason = "it was moved, or another has its place; what was recorded is in \(own.presentPath)"
            throw SystemError("find the folder", path, ESTALE, reason: reason)
        }
    }
}
