import Files
import Glibc
import KeptSessions
import Processes

/// The broker as a process: this program once more, in a session of its own.
package enum BrokerProcess {
    /// The words by which psrun is asked to be one, which are no verbs: only psrun says them.
    package static let brokerVerb = "--session-broker"
    /// The same for what carries one session.
    package static let carrierVerb = "--session-carrier"

    /// The folder that a command line names whose process is to be the broker; nil for another one.
    package static func folder(_ arguments: [String]) -> String? {
        arguments.count == 2 && arguments[0] == brokerVerb ? arguments[1] : nil
    }

    /// More descriptors than a process usually may have: each session takes a few.
    private static let descriptors = 4 * KeptSessionLimits.sessions

    /// Serves until nothing is left to keep.
    /// - Parameter folder: of its sockets, checked by whoever started it.
    /// - Returns: the exit status; at once where another one serves.
    package static func run(folder: String) -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGHUP, SIG_IGN)
        umask(0o077)
        guard chdir("/") == 0 else { return 1 }
        _ = DescriptorRoom.make(for: descriptors)
        let place = BrokerPlace(folder: folder)
        do throws(BrokerError) {
            guard let lock = try place.takeLock() else { return 0 }
            place.clear()
            try Broker(place).run()
            withExtendedLifetime(lock) {}
            return 0
        } catch {
            return 1
        }
    }

    /// Starts one that nothing of this process stays with: no descriptor, no terminal, no process group.
    /// - Throws: BrokerError
    static func start(at place: BrokerPlace) throws(BrokerError) {
        let nowhere = FileDescriptor(owning: open("/dev/null", O_RDWR | O_CLOEXEC))
        do throws(SpawnFailure) {
            _ = try spawn(
                "/proc/self/exe",
                ["psrun", brokerVerb, place.folder],
                environment: ProcessEnvironment.lines,
                descriptors: [nowhere.raw, nowhere.raw, nowhere.raw],
                leading: .session
            )
        } catch {
            throw BrokerError("The broker of kept sessions cannot be started: \(error.reason).")
        }
    }
}
