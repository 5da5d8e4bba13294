import CLinux
package import EventLoops
package import Files
import Glibc
package import SystemErrors

/// Connections to the addresses of one host, begun one shortly after the other; the first that stands is taken (RFC 8305,
/// section 5). Confined to its loop.
package final class AddressRace {
    /// RFC 8305, section 5: the recommended Connection Attempt Delay.
    static let delay = Duration.milliseconds(250)

    /// No connection to any of the addresses.
    package struct AllFailed: Error {
        /// An address and why, each.
        package let reasons: [String]
        /// What is short on this computer, each once.
        package let shortages: [LocalShortage]
        /// Whether this computer is all that speaks against a connection.
        package let isLocal: Bool
    }

    /// Why no connection to one address began.
    private struct Refusal: Error {
        let text: String
        let shortage: LocalShortage?

        init(text: String, shortage: LocalShortage?) {
            self.text = text
            self.shortage = shortage
        }

        init(errno code: Int32) {
            self.init(text: describe(errno: code), shortage: LocalShortage(errno: code))
        }

        init(_ failure: WatchFailure) {
            self.init(
                text: "the connection cannot be watched: \(failure.reason)",
                shortage: LocalShortage(errno: failure.code)
            )
        }
    }

    private struct Attempt {
        let descriptor: FileDescriptor
        let token: DescriptorToken
        let address: SocketAddress
    }

    private let loop: EventLoop
    private let bindAddress: String?
    private var left: ArraySlice<SocketAddress>
    private var attempts: [Int32: Attempt] = [:]
    private var failures: [(reason: String, shortage: LocalShortage?)] = []
    private var timer: TimerToken?
    private var whenDone: ((Result<FileDescriptor, any Error>) -> Void)?

    /// - Parameter addresses: in the order to begin with them.
    package init(_ addresses: [SocketAddress], bindAddress: String?, on loop: EventLoop) {
        self.loop = loop
        self.bindAddress = bindAddress
        left = addresses[...]
    }

    /// Addresses of both families in turn, beginning with the family that the resolver put first (RFC 8305, section 4).
    package static func order(_ addresses: [SocketAddress]) -> [SocketAddress] {
        guard let first = addresses.first else { return [] }
        var (preferred, others) = (
            addresses.filter { $0.family == first.family }[...], addresses.filter { $0.family != first.family }[...]
        )
        var ordered: [SocketAddress] = []
        while !preferred.isEmpty || !others.isEmpty {
            if let next = preferred.popFirst() { ordered.append(next) }
            if let next = others.popFirst() { ordered.append(next) }
        }
        return ordered
    }

    /// - Parameter whenDone: called once: with the connected socket, or AllFailed.
    package func begin(whenDone: @escaping (Result<FileDescriptor, any Error>) -> Void) {
        self.whenDone = whenDone
        beginNext()
    }

    /// Closes whatever is not connected; nobody is told.
    package func cancel() {
        whenDone = nil
        finish()
    }

    private func beginNext() {
        if let timer { loop.cancel(timer) }
        timer = nil
        while whenDone != nil, let address = left.popFirst() {
            do {
                if try connect(to: address) { break }
            } catch {
                failures.append(("\(address.text): \(error.text)", error.shortage))
            }
        }
        guard whenDone != nil else { return }
        if attempts.isEmpty, left.isEmpty { return tell(.failure(allFailed)) }
        guard !left.isEmpty else { return }
        timer = loop.schedule(at: .now + Self.delay) { [weak self] in
            self?.timer = nil
            self?.beginNext()
        }
    }

    private var allFailed: AllFailed {
        let shortages = failures.compactMap(\.shortage)
        return AllFailed(
            reasons: failures.map(\.reason),
            shortages: shortages.enumerated().filter { !shortages[..<$0].contains($1) }.map(\.element),
            isLocal: shortages.count == failures.count
        )
    }

    /// - Returns: whether the connection is under way, or stands.
    private func connect(to address: SocketAddress) throws(Refusal) -> Bool {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let number = socket(address.family, kind, 0)
        guard number >= 0 else { throw Refusal(errno: errno) }
        let descriptor = FileDescriptor(owning: number)
        var on: Int32 = 1
        setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        if let bindAddress { try bind(descriptor, to: bindAddress, family: address.family) }
        let status = address.withPointer { Glibc.connect(number, $0, $1) }
        if status == 0 {
            tell(.success(descriptor))
            return true
        }
        guard errno == EINPROGRESS else { throw Refusal(errno: errno) }
        do {
            let token = try loop.add(number, .writable) { [weak self] _ in self?.isReady(number) }
            attempts[number] = Attempt(descriptor: descriptor, token: token, address: address)
        } catch {
            throw Refusal(error)
        }
        return true
    }

    private func isReady(_ number: Int32) {
        guard let attempt = attempts.removeValue(forKey: number) else { return }
        loop.remove(attempt.token)
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length)
        guard code != 0 else { return tell(.success(attempt.descriptor)) }
        failures.append(("\(attempt.address.text): \(describe(errno: code))", LocalShortage(errno: code)))
        // Whoever is refused does not wait for the next one's turn.
        beginNext()
    }

    private func bind(_ descriptor: FileDescriptor, to local: String, family: Int32) throws(Refusal) {
        let wanted: AddressFamily = family == AF_INET6 ? .inet6 : .inet
        let lead = "cannot use the BindAddress \(local)"
        guard let address = try? SocketAddress.resolve(local, port: 0, family: wanted, isLiteral: true).first else {
            throw Refusal(text: "\(lead): it is not an address of that kind", shortage: .bindAddress)
        }
        guard address.withPointer({ Glibc.bind(descriptor.raw, $0, $1) }) == 0 else {
            let code = errno
            let shortage = code == EADDRNOTAVAIL ? LocalShortage.bindAddress : LocalShortage(errno: code)
            throw Refusal(text: "\(lead): \(describe(errno: code))", shortage: shortage)
        }
    }

    private func tell(_ result: Result<FileDescriptor, any Error>) {
        let told = whenDone
        whenDone = nil
        finish()
        told?(result)
    }

    private func finish() {
        if let timer { loop.cancel(timer) }
        timer = nil
        for attempt in attempts.values { loop.remove(attempt.token) }
        attempts = [:]
        left = []
    }
}
