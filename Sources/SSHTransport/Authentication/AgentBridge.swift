import EventLoops
import Files
import Glibc

/// Between libssh, which waits for an agent without a bound, and the agent (draft-miller-ssh-agent): both ends are the
/// loop's, so that a hung agent is let go when the clock says so, and keys that are not wanted are never offered.
final class AgentBridge {
    private let loop: EventLoop
    private var library: Watch?
    private var agent: Watch?
    private var toLibrary: [UInt8] = []
    private var toAgent: [UInt8] = []
    private var answer: [UInt8] = []
    /// Whether a key, in base64, may be offered.
    private let mayOffer: (String) -> Bool
    /// The keys that were offered, in base64.
    private(set) var offered: Set<String> = []

    /// SSH_AGENT_IDENTITIES_ANSWER.
    private static let identitiesAnswer: UInt8 = 12
    /// Of an agent's messages.
    static let longestMessage = 256 << 10

    /// Connects to the agent's socket.
    /// - Returns: nil where nobody listens there; else the bridge and the end that libssh gets.
    static func open(
        socket path: String,
        offering mayOffer: @escaping (String) -> Bool,
        on loop: EventLoop
    ) throws -> (bridge: AgentBridge, library: FileDescriptor)? {
        guard let agent = try connectLocal(path) else { return nil }
        let (ours, theirs) = try FileDescriptor.makeSocketPair()
        return (try AgentBridge(library: ours, agent: agent, offering: mayOffer, on: loop), theirs)
    }

    private init(
        library: FileDescriptor,
        agent: FileDescriptor,
        offering mayOffer: @escaping (String) -> Bool,
        on loop: EventLoop
    ) throws(WatchFailure) {
        self.loop = loop
        self.mayOffer = mayOffer
        self.library = try Watch(library, .readable, on: loop) { [weak self] in self?.libraryIsReady($0) }
        do {
            self.agent = try Watch(agent, .readable, on: loop) { [weak self] in self?.agentIsReady($0) }
        } catch {
            close()
            throw error
        }
    }

    /// Ends both ways: libssh's call fails at once.
    func close() {
        library?.cancel()
        agent?.cancel()
        (library, agent) = (nil, nil)
    }

    private func libraryIsReady(_ readiness: Readiness) {
        guard let library else { return }
        if readiness.contains(.writable) { flush(&toLibrary, to: library) }
        guard readiness.contains(.readable), let bytes = library.read(atMost: 16 << 10) else { return }
        guard !bytes.isEmpty else { return close() }
        toAgent += bytes
        if let agent { flush(&toAgent, to: agent) }
    }

    private func agentIsReady(_ readiness: Readiness) {
        guard let agent else { return }
        if readiness.contains(.writable) { flush(&toAgent, to: agent) }
        guard readiness.contains(.readable), let bytes = agent.read(atMost: 16 << 10) else { return }
        guard !bytes.isEmpty else { return close() }
        answer += bytes
        while let message = takeMessage() { toLibrary += message }
        if let library { flush(&toLibrary, to: library) }
    }

    /// The next whole message of the agent's, with its length in front; keys that are not wanted taken out.
    private func takeMessage() -> [UInt8]? {
        guard let length = readLength(answer[...]) else { return nil }
        guard length <= Self.longestMessage else {
            close()
            return nil
        }
        guard answer.count >= 4 + length else { return nil }
        let body = Array(answer[4..<4 + length])
        answer.removeFirst(4 + length)
        let kept = filter(body)
        return lengthBytes(kept.count) + kept
    }

    private func filter(_ body: [UInt8]) -> [UInt8] {
        guard body.first == Self.identitiesAnswer, body.count >= 5 else { return body }
        var rest = body[5...]
        var kept: [UInt8] = []
        var count = 0
        while let blob = takeString(&rest), let comment = takeString(&rest) {
            let key = encodeBase64(Array(blob))
            guard mayOffer(key) else { continue }
            offered.insert(key)
            kept += lengthBytes(blob.count) + blob + lengthBytes(comment.count) + comment
            count += 1
        }
        return [Self.identitiesAnswer] + lengthBytes(count) + kept
    }

    private func flush(_ bytes: inout [UInt8], to watch: Watch) {
        guard let count = watch.write(bytes[...]) else { return close() }
        bytes.removeFirst(count)
        do { try watch.want(bytes.isEmpty ? .readable : [.readable, .writable]) } catch { close() }
    }
}

extension AgentBridge {
    /// A stream socket connected to a path; nil where nobody listens there, or too many wait already.
    /// - Throws: where there is no descriptor for it: the agent may well be there.
    static func connectLocal(_ path: String) throws(NoDescriptor) -> FileDescriptor? {
        guard let address = UnixAddress(path) else { return nil }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let number = socket(AF_UNIX, kind, 0)
        guard number >= 0 else { throw NoDescriptor(code: errno) }
        let descriptor = FileDescriptor(owning: number)
        return address.withPointer { connect(descriptor.raw, $0, $1) } == 0 ? descriptor : nil
    }
}
