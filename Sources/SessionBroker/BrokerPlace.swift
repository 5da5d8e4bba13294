import Files
import Glibc
import KeptSessions
import Processes
import SystemErrors

/// Why kept sessions cannot be reached.
package struct BrokerError: Error, Sendable, Hashable {
    /// Whole sentences for a person.
    package let message: String
    /// Of psrun.
    package var exitCode = 1

    package init(_ message: String, exitCode: Int = 1) {
        self.message = message
        self.exitCode = exitCode
    }
}

/// Why a broker has not answered, as far as that is known; its process.
enum BrokerSilence: Sendable, Hashable {
    case unknown
    /// Nothing is known to be wrong with it.
    case runs(pid_t)
    case hangs(pid_t)
    case stopped(pid_t)

    /// What to do about that: a clause.
    var advice: String {
        switch self {
        case .unknown:
            "see whether it runs (its command line has \(BrokerProcess.brokerVerb) in it); where it is ended, its "
                + "sessions end"
        case .runs(let process): "it is process \(process), which runs, and may answer yet"
        case .hangs(let process):
            "it is process \(process), which does not answer; `kill \(process)` ends it, and its sessions with it"
        case .stopped(let process):
            "it is process \(process), which was stopped from outside; `kill -CONT \(process)` lets it go on, and "
                + "`kill -KILL \(process)` ends it, and its sessions with it"
        }
    }
}

/// The folder of a user's broker: `psrun` in `$XDG_RUNTIME_DIR`, nobody else's (0700).
package struct BrokerPlace: Sendable, Hashable {
    package let folder: String

    /// The socket that sessions are opened, listed and closed by.
    package var control: String { "\(folder)/broker" }
    /// What the running broker has locked.
    var lock: String { "\(folder)/lock" }

    /// The socket of one session: whoever connects to it has entered.
    package func session(_ id: Int) -> String { "\(folder)/\(Self.sessionPrefix)\(id)" }

    static let sessionPrefix = "session."

    /// A place that was checked before.
    package init(folder: String) {
        self.folder = folder
    }

    /// Makes the folder where it is not there, and checks that it is this user's alone.
    /// - Parameter environment: of this process. Where it names no runtime folder, the system's own for this user counts,
    ///   and then `/tmp/psrun-UID`.
    /// - Throws: BrokerError
    package static func ofThisUser(environment: [String: String]) throws(BrokerError) -> BrokerPlace {
        let user = geteuid()
        let given = environment["XDG_RUNTIME_DIR"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let standard = "/run/user/\(user)"
        let place: String
        if let base = given ?? (owner(of: standard) == user ? standard : nil) {
            guard let owner = owner(of: base) else {
                throw BrokerError("XDG_RUNTIME_DIR names \(base), which is not a folder.")
            }
            guard owner == user else {
                throw BrokerError(
                    "XDG_RUNTIME_DIR names \(base), which belongs to \(ThisUser.name(of: owner)), not to you."
                )
            }
            place = base.hasSuffix("/") ? "\(base)psrun" : "\(base)/psrun"
        } else {
            place = "/tmp/psrun-\(user)"
        }
        if mkdir(place, 0o700) != 0, errno != EEXIST {
            throw BrokerError("The folder \(place) for kept sessions cannot be made: \(describe(errno: errno)).")
        }
        try check(place, user)
        return BrokerPlace(folder: place)
    }

    private static func check(_ path: String, _ user: uid_t) throws(BrokerError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            throw BrokerError("The folder \(path) for kept sessions cannot be used: \(describe(errno: errno)).")
        }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == user else {
            throw BrokerError("\(path), where kept sessions are reached, is not a folder of yours: see who made it.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw BrokerError("The folder \(path) for kept sessions lets others in: `chmod 700 \(path)`.")
        }
    }

    private static func owner(of folder: String) -> uid_t? {
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        return status.st_uid
    }

    /// Why its broker has not answered. Blocks for no longer than a look takes.
    /// - Parameter time: for which it was asked, or waited for.
    func silence(of time: Duration) -> BrokerSilence {
        // The system answers this one, for a broker that was stopped too.
        guard case .connected(let socket)? = try? LocalSocket.connect(to: control),
            let process = LocalSocket.peer(of: socket)?.process, process > 0
        else { return .unknown }
        if ProcessState.isStopped(process) { return .stopped(process) }
        // One that is busy is silent for less than this.
        return time >= .seconds(KeptSessionLimits.answerSeconds) ? .hangs(process) : .runs(process)
    }

    /// The lock of whoever is, or becomes, the broker.
    /// - Returns: nil where another has it.
    func takeLock() throws(BrokerError) -> File? {
        do throws(SystemError) {
            let file = try File(lock, O_RDWR | O_CREAT)
            return try file.lock() ? file : nil
        } catch {
            throw BrokerError("Kept sessions cannot be reached: \(error.text).")
        }
    }

    /// Takes away the sockets of a broker that has ended; only with the lock.
    /// - Returns: of how many sessions there were some.
    @discardableResult
    func clear() -> Int {
        let names = (try? FilePaths.names(in: folder)) ?? []
        let left = names.filter { $0.hasPrefix(Self.sessionPrefix) }
        for name in left + ["broker"] { unlink("\(folder)/\(name)") }
        return left.count
    }
}
