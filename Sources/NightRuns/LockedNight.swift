import Files
import Glibc
package import Schedules
import SystemErrors

/// The lock of a run, held until this value is gone or the process ends, however it ends. No program that the process starts
/// has it: it is a lock of an open file (F_OFD_SETLK of fcntl(2)) that is closed on exec.
package struct LockedNight: Sendable {
    /// Why it is not held.
    package enum Failure: Error, Sendable, Hashable {
        /// Another run has it; nil where its file does not say which.
        case held(NightLock.Holder?)
        /// There is no place for it: the end of a sentence.
        case unusable(String)
    }

    /// How often a file that says nothing yet is read again, and how long is waited between, in microseconds.
    private static let (tries, pause): (Int, UInt32) = (10, 20_000)

    private let files: [File]

    /// Takes the lock in all folders that can be used; makes those that are missing.
    /// - Parameters:
    ///   - name: of the file, `NightLock.fileName`.
    ///   - folders: `NightLock.folders`.
    ///   - last: where it is held if none of them can be used.
    ///   - holder: what the file is to say.
    package init(
        _ name: String,
        in folders: [String],
        else last: String? = nil,
        holder: NightLock.Holder
    ) throws(Failure) {
        var files: [File] = []
        var lack = "neither HOME nor XDG_STATE_HOME names a folder for it"
        for folder in folders + [last].compactMap(\.self) where folder != last || files.isEmpty {
            let file: File
            let isFree: Bool
            do throws(SystemError) {
                file = try Self.file(name, in: folder)
                isFree = try file.lock()
            } catch {
                lack = error.text
                continue
            }
            guard isFree else { throw .held(Self.holder(of: file)) }
            files.append(file)
        }
        guard !files.isEmpty else { throw .unusable(lack) }
        self.files = files
        for file in files {
            // Without it the lock holds all the same.
            try? file.truncate(to: 0)
            try? file.write(Array(holder.text.utf8), at: 0)
        }
    }

    private static func file(_ name: String, in folder: String) throws(SystemError) -> File {
        try FilePaths.makeFolder(folder)
        var status = stat()
        // The folder of another user, which an environment names that was taken over from there.
        guard stat(folder, &status) == 0, status.st_uid == geteuid() else {
            throw SystemError("use folder", folder, EPERM)
        }
        return try File("\(folder)/\(name)", O_RDWR | O_CREAT)
    }

    /// Whoever took the lock a moment ago has not written who it is yet.
    private static func holder(of file: File) -> NightLock.Holder? {
        for _ in 0..<tries {
            if let text = try? file.read(64, at: 0), let holder = NightLock.Holder(text),
                kill(holder.process, 0) == 0 || errno == EPERM
            {
                return holder
            }
            usleep(pause)
        }
        return nil
    }
}
