import EventLoops
import Files

/// A way on from a jump host: a direct-tcpip channel on one side, one end of a socket pair on the other.
final class ForwardPump: SSHLinkUser {
    private let channel: SSHChannelHandle
    private let host: String
    private let port: UInt16
    private let opened: Promise<FileDescriptor>
    private let onEnd: (ObjectIdentifier) -> Void
    private var isOpen = false
    private var local: Watch?
    /// Whether the local side may have something, or may take something: the loop tells when it does again. All ways on
    /// are served whenever one is, and a look at each of them would be a call of the system.
    private var mayRead = true
    private var mayWrite = true
    private var toLocal: [UInt8] = []
    private var toChannel: ArraySlice<UInt8> = []
    private let loop: EventLoop

    private static let highWater = 256 << 10

    /// - Parameters:
    ///   - opened: kept with the other end of the pair once the server has opened the channel.
    ///   - onEnd: called when one side has ended.
    init(
        channel: SSHChannelHandle,
        host: String,
        port: UInt16,
        opened: Promise<FileDescriptor>,
        on loop: EventLoop,
        onEnd: @escaping (ObjectIdentifier) -> Void
    ) {
        self.channel = channel
        self.host = host
        self.port = port
        self.opened = opened
        self.loop = loop
        self.onEnd = onEnd
        channel.onData = { [weak self] bytes, isDiagnostics in
            guard let self, !isDiagnostics else { return }
            toLocal += bytes
            channel.isPaused = toLocal.count >= Self.highWater
        }
    }

    func serve() throws -> Bool {
        guard isOpen else { return try open() }
        var hasMoved = flushToLocal()
        if channel.hasLeftover, !channel.isPaused {
            try channel.drain()
            hasMoved = true
        }
        while let local {
            if toChannel.isEmpty {
                guard mayRead else { break }
                guard let bytes = local.read(atMost: 32 << 10) else {
                    mayRead = false
                    break
                }
                guard !bytes.isEmpty else { return end() }
                toChannel = bytes[...]
            }
            let count = try channel.write(toChannel)
            toChannel = toChannel.dropFirst(count)
            if count > 0 { hasMoved = true }
            guard toChannel.isEmpty else { break }
        }
        if channel.isClosed || channel.isAtEnd, toLocal.isEmpty, !channel.hasLeftover { return end() }
        try local?.want(interest)
        return hasMoved
    }

    func linkWasLost(_ error: any Error) {
        opened.fail(error)
        local?.cancel()
        local = nil
    }

    private func open() throws -> Bool {
        do {
            guard try channel.openForward(host: host, port: port) == .done else { return false }
        } catch let failure as SSHFailure where failure.isRefusal {
            opened.fail(failure)
            onEnd(ObjectIdentifier(self))
            return true
        }
        isOpen = true
        let (ours, theirs) = try FileDescriptor.makeSocketPair()
        local = try Watch(ours, .readable, on: loop) { [weak self] ready in self?.localIsReady(ready) }
        opened.succeed(theirs)
        return true
    }

    /// Called when the local side is ready: the link then serves its users.
    var onReady: (() -> Void)?

    private func localIsReady(_ ready: Readiness) {
        if ready.contains(.writable) { mayWrite = true }
        // An end or an error is found by reading.
        if ready != .writable { mayRead = true }
        onReady?()
    }

    private var interest: Readiness {
        var interest: Readiness = toChannel.isEmpty ? .readable : []
        if !toLocal.isEmpty { interest.insert(.writable) }
        return interest
    }

    private func flushToLocal() -> Bool {
        guard let local, mayWrite, !toLocal.isEmpty else { return false }
        guard let count = local.write(toLocal[...]) else { return end() }
        mayWrite = count == toLocal.count
        toLocal.removeFirst(count)
        if toLocal.count < Self.highWater / 2 { channel.isPaused = false }
        return count > 0
    }

    private func end() -> Bool {
        local?.cancel()
        local = nil
        onEnd(ObjectIdentifier(self))
        return true
    }
}
