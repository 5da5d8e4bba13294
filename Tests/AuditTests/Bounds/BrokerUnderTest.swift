import CLIXML
import Files
import Glibc
import KeptSessions
import PSRP
import PSRunTestSupport
import Processes
import Threads

@testable import SessionBroker

/// A broker in a thread of the test's, whose sessions are carried by programs that only seem to.
final class BrokerUnderTest: Sendable {
    /// A carrier that is connected at once, and says that its pool is open.
    enum Carrier {
        /// - Parameter folder: where it has what it says.
        static func start(_ socket: FileDescriptor, in folder: TemporaryFolder) throws -> ChildProcess {
            let words = String(decoding: BrokerUnderTest.opening, as: UTF8.self)
            let path = try folder.write(words, to: "words.\(monotonicNanoseconds())")
            let nowhere = FileDescriptor(owning: open("/dev/null", O_RDWR | O_CLOEXEC))
            return try ChildProcess(
                "/bin/sh",
                ["sh", "-c", "cat \"$0\"; exec cat >/dev/null", path],
                environment: ["PATH=/usr/bin:/bin"],
                descriptors: [socket.raw, socket.raw, nowhere.raw],
                leading: .session
            )
        }
    }

    /// A connection to its control socket.
    final class Client {
        private let port: BrokerPort
        private var reader = ControlReader()
        private(set) var heard: [[String]] = []

        init(_ socket: FileDescriptor) { port = BrokerPort(socket) }

        func say(_ fields: [String]) { port.send(ControlLine.encode(fields)) }

        /// Whether a line comes that begins with that word, and is the last for now.
        func reads(_ word: String, within milliseconds: Int32 = 20_000) -> Bool {
            let until = monotonicNanoseconds() + UInt64(milliseconds) * 1_000_000
            while heard.last?.first != word {
                var wait = [port.wait(reading: true)]
                guard monotonicNanoseconds() < until, poll(&wait, 1, 50) >= 0 else { return false }
                port.flush()
                guard wait[0].revents != 0, let bytes = port.receive() else { continue }
                guard !bytes.isEmpty else { return false }
                heard += reader.receive(bytes)
            }
            return true
        }
    }

    private let folder: TemporaryFolder
    private let place: BrokerPlace

    /// Its clients have all the time that they want for a request.
    init() throws {
        let folder = try TemporaryFolder()
        let place = BrokerPlace(folder: folder.path)
        (self.folder, self.place) = (folder, place)
        signal(SIGPIPE, SIG_IGN)
        let isStarted = startThread(named: "broker") {
            try? Broker(place, requestSeconds: 3_600) { _, socket in
                try Carrier.start(socket, in: folder)
            }.run()
        }
        guard isStarted else { throw TestSupportError("no thread for a broker") }
    }

    func connect() throws -> Client {
        for _ in 0..<1_000 {
            if case .connected(let socket) = try LocalSocket.connect(to: place.control) { return Client(socket) }
            usleep(10_000)
        }
        throw TestSupportError("no broker")
    }

    /// Ends all its sessions, and so it.
    func end() {
        guard let client = try? connect() else { return }
        client.say(["close", "all"])
        _ = client.reads("done")
    }

    /// What a carrier says that has connected, and the far side's answer to the opening of a pool.
    private static let opening: [UInt8] = {
        var held = HeldPool(pool: PSGuid(high: 7, low: 7), identifiers: RandomGuids())
        var server = ServerSession(configuration: ServerConfiguration())
        var carriage = OutOfProcessServerCarriage(limits: SessionLimits())
        carriage.receive(held.takeForHeld())
        while let request = try? carriage.next() { try? server.receive(request) }
        while let event = server.nextEvent() {
            if case .opened = event { server.openPool(privateData: []) }
        }
        carriage.write(server.eventsToSend())
        return ControlLine.encode(ControlReply.connected(target: "t", milliseconds: nil).fields)
            + carriage.bytesToSend()
    }()
}

/// One session of a broker's, which the test serves itself.
final class SessionUnderTest {
    let place: BrokerPlace
    let session: BrokerSession
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        place = BrokerPlace(folder: folder.path)
        let (own, carriers) = try FileDescriptor.makeSocketPair()
        session = BrokerSession(
            id: 1,
            name: "s",
            instance: RandomGuids().next(),
            process: try BrokerUnderTest.Carrier.start(carriers, in: folder),
            carrier: own
        )
        // Until it is open.
        for _ in 0..<40 where session.description.state != .available { settle() }
    }

    deinit {
        session.end(at: place)
        _ = session.process.endNow(.immediate)
    }

    /// Serves until nothing comes for a while.
    func settle() {
        while true {
            var waits: [pollfd] = []
            session.addWaits(to: &waits, acceptsMore: true)
            guard poll(&waits, nfds_t(waits.count), 300) > 0 else { return }
            _ = session.serve(Set(waits.lazy.filter { $0.revents != 0 }.map(\.fd)), at: place)
        }
    }

    func visit() throws -> FileDescriptor {
        guard case .connected(let visitor) = try LocalSocket.connect(to: place.session(1)) else {
            throw TestSupportError("nobody can visit")
        }
        return visitor
    }
}
