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
    private var toLocal: [UInt8] = []
    private var toChannel: ArraySlice<UInt8> = []
    private var buffer = [UInt8](repeating: 0, count: 32 << 10)
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
                guard let count = local.read(into: &buffer) else { break }
                guard count > 0 else { return end() }
                toChannel = buffer[..<count]
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
        local = try Watch(ours, .readable, on: loop) { [weak self] _ in self?.onReady?() }
        opened.succeed(theirs)
        return true
    }

    /// Called when the local side is ready: the link then serves its users.
    var onReady: (() -> Void)?

    private var interest: Readiness {
        var interest: Readiness = toChannel.isEmpty ? .readable : []
        if !toLocal.isEmpty { interest.insert(.writable) }
        return interest
    }

    private func flushToLocal() -> Bool {
        guard let local, !toLocal.isEmpty else { return false }
        guard let count = local.write(toLocal[...]) else { return end() }
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
