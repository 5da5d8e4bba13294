import Files
import KeptSessions
import Processes

/// A client of the broker's control socket.
final class BrokerControl {
    let port: BrokerPort
    private var reader = ControlReader()
    /// What a session is to be opened with, as it came.
    private(set) var request: [ControlRequest] = []
    /// What the client waits for.
    var opening: BrokerSession?
    private var awaited: [ChildProcess] = []
    private var hasLeft = false
    private var isFinished = false

    init(_ descriptor: FileDescriptor) {
        port = BrokerPort(descriptor)
    }

    /// The opener's environment, each NAME=VALUE.
    var variables: [String] {
        request.compactMap { if case .variable(let text) = $0 { text } else { nil } }
    }

    /// Whether nothing is to be said to it or heard of it any more.
    var isOver: Bool { hasLeft || port.isDeaf || isFinished && port.waitingBytes == 0 }

    /// Reads what came.
    /// - Returns: nil for a line that is no request.
    func receive() -> [ControlRequest?] {
        port.flush()
        guard let bytes = port.receive() else { return [] }
        hasLeft = bytes.isEmpty
        let requests = reader.receive(bytes).map { ControlRequest($0) }
        for case let request? in requests {
            switch request {
            case .word, .variable, .open: self.request.append(request)
            case .answer, .list, .close, .closeAll: break
            }
        }
        if reader.isTooMuch { finish(.failed(exitCode: 2, "More was said than the broker takes in one request.")) }
        return requests
    }

    func tell(_ reply: ControlReply) { port.send(ControlLine.encode(reply.fields)) }

    /// Says the last word.
    func finish(_ reply: ControlReply? = nil) {
        if let reply { tell(reply) }
        opening = nil
        isFinished = true
    }

    /// Says that all is done once these have ended.
    func awaitEnds(_ processes: [ChildProcess]) {
        awaited = processes
        if processes.isEmpty { finish(.done) }
    }

    /// - Parameter processes: those that have not ended.
    func isClosing(_ processes: [ChildProcess]) {
        guard !awaited.isEmpty, !processes.contains(where: { process in awaited.contains { $0 === process } }) else {
            return
        }
        awaited = []
        finish(.done)
    }
}
