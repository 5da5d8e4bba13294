import CLinux
import Files
import Glibc

/// The sessions that wait for nothing but a word of what carries them, or the next visitor: epoll(7) watches them behind one
/// descriptor, so that what is done at one session costs nothing for each of the others.
final class QuietSessions {
    /// Readable when something has come at one of them.
    let descriptor: FileDescriptor
    /// What has come at more of them is taken the next time.
    private static let mostReady = 64

    /// By each descriptor that is watched.
    private var sessions: [Int32: BrokerSession] = [:]

    /// - Throws: BrokerError where the process or the machine has no descriptor left.
    init() throws(BrokerError) {
        descriptor = FileDescriptor(owning: epoll_create1(Int32(EPOLL_CLOEXEC)))
        guard descriptor.raw >= 0 else {
            throw BrokerError("The broker of kept sessions cannot begin: there is no descriptor left.")
        }
    }

    /// Watches a session, where it is quiet. One that the kernel does not take is waited for as the busy ones are.
    func watch(_ session: BrokerSession) {
        guard let descriptors = session.quietDescriptors else { return }
        for number in descriptors {
            var event = epoll_event()
            event.events = EPOLLIN.rawValue
            event.data.fd = number
            guard epoll_ctl(descriptor.raw, EPOLL_CTL_ADD, number, &event) == 0 else { return leave(descriptors) }
            sessions[number] = session
        }
        session.isQuiet = true
    }

    /// Ends watching a session, before anything is done at it.
    func leave(_ session: BrokerSession) {
        guard session.isQuiet else { return }
        session.isQuiet = false
        leave(sessions.filter { $0.value === session }.map(\.key))
    }

    /// The descriptors at which something has come; their sessions are not watched any more.
    func takeReady() -> [Int32] {
        var events = [epoll_event](repeating: epoll_event(), count: Self.mostReady)
        let count = epoll_wait(descriptor.raw, &events, Int32(events.count), 0)
        guard count > 0 else { return [] }
        let ready = events.prefix(Int(count)).map(\.data.fd)
        for number in ready {
            guard let session = sessions[number] else { continue }
            session.isDue = true
            leave(session)
        }
        return ready
    }

    private func leave(_ descriptors: [Int32]) {
        for number in descriptors where sessions.removeValue(forKey: number) != nil {
            epoll_ctl(descriptor.raw, EPOLL_CTL_DEL, number, nil)
        }
    }
}
