import Connections
import EventLoops
import Files
import HTTPMessages
import TLS

/// HTTP over one socket, with TLS or without: bytes in, answers out, and what the kernel has taken of a request. Confined to
/// a loop.
///
/// One request is under way at a time. Whatever ends the stream is told once, and again to whoever opens TLS behind that.
final class HTTPStream {
    /// What happened, in the order in which it did.
    enum Event {
        /// Both sides may speak: TLS stands, where there is any.
        case open
        case answer(HTTPResponse)
        /// Nothing more is heard or said.
        case over(HTTPStreamEnd)
    }

    private let loop: EventLoop
    private let tell: (Event) -> Void
    private var socket: Watch?
    private var tls: TLSEngine?
    private var reader: HTTPResponseReader
    private var output: [UInt8] = []
    private var written = 0
    private var isWaitingForRoom = false
    private var isOpen = false
    /// Whether `open` was called.
    private var isStarted = false
    /// What came before that, while nothing was asked, as far as it tells who speaks there.
    private var early: [UInt8] = []
    /// Why the stream was over before that.
    private var earlyEnd: HTTPStreamEnd?
    private static let mostEarly = 256
    /// Where in `output` the request under way begins; nil where none is.
    private var requestStart: Int?
    private(set) var hasGivenRequest = false

    /// - Parameter tell: called on the loop.
    init(_ limits: HTTPLimits, on loop: EventLoop, tell: @escaping (Event) -> Void) {
        self.loop = loop
        self.tell = tell
        reader = HTTPResponseReader(limits: limits)
    }

    /// Takes a connected socket over.
    func begin(_ descriptor: FileDescriptor) throws(WatchFailure) {
        socket = try Watch(descriptor, .readable, on: loop) { [weak self] ready in self?.serve(ready) }
    }

    /// Speaks TLS from here on, or nothing more than TCP.
    func open(_ engine: TLSEngine?) {
        isStarted = true
        tls = engine
        guard let engine else { return becomeOpen() }
        if let earlyEnd { return tell(.over(Self.end(of: engine, after: early, earlyEnd))) }
        step { engine throws(TLSFailure) in try engine.start() }
        // Whoever speaks TLS says nothing before it is greeted.
        if !early.isEmpty { step { [early] engine throws(TLSFailure) in try engine.feed(early) } }
    }

    /// Why TLS cannot begin with one who has spoken, maybe, and has left.
    private static func end(of engine: TLSEngine, after early: [UInt8], _ end: HTTPStreamEnd) -> HTTPStreamEnd {
        guard case .closed = end else { return end }
        do throws(TLSFailure) {
            _ = try engine.start()
            _ = try engine.feed(early)
        } catch {
            return .tls(error)
        }
        return engine.ended().map { .tls($0) } ?? end
    }

    /// The binding of what authenticates to this TLS connection; nil without TLS.
    var channelBinding: [UInt8]? { tls?.serverEndPointBinding }

    /// Sends a request.
    /// - Returns: false where the stream is over already, and nothing of it was given to the kernel.
    func send(_ request: HTTPRequest) -> Bool {
        hasGivenRequest = false
        let bytes = request.bytes
        // A server that left while nothing was asked has said so by now.
        read()
        guard socket != nil else { return false }
        guard early.isEmpty else {
            end(.unasked)
            return false
        }
        reader.begin(connect: request.method == "CONNECT")
        requestStart = output.count
        if tls == nil {
            output += bytes
        } else {
            seal(bytes)
        }
        flush()
        return true
    }

    /// Ends it; nobody is told.
    func close() {
        socket?.cancel()
        socket = nil
        tls = nil
        output = []
    }

    var isOver: Bool { socket == nil }

    // MARK: -

    private func serve(_ ready: Readiness) {
        if ready.contains(.writable) { flush() }
        read()
    }

    private func read() {
        guard let socket, let bytes = socket.read() else { return }
        if bytes.isEmpty {
            return hearEnd()
        }
        guard isStarted || requestStart != nil else {
            early += bytes.prefix(max(Self.mostEarly - early.count, 0))
            return
        }
        if tls == nil { hear(bytes) } else { step { engine throws(TLSFailure) in try engine.feed(bytes) } }
    }

    /// Has TLS do something, and takes what came of it.
    private func step(_ work: (TLSEngine) throws(TLSFailure) -> TLSProgress) {
        guard let tls else { return }
        let progress: TLSProgress
        do throws(TLSFailure) {
            progress = try work(tls)
        } catch {
            // The other side is told, as far as the kernel takes it now.
            output += tls.takeAlert()
            flush()
            return end(.tls(error))
        }
        if !progress.toSend.isEmpty {
            output += progress.toSend
            flush()
        }
        if progress.isOpen { becomeOpen() }
        if !progress.plaintext.isEmpty { hear(progress.plaintext) }
        if progress.isClosed { hearEnd() }
    }

    private func seal(_ bytes: [UInt8]) {
        do throws(TLSFailure) {
            output += try tls?.write(bytes) ?? []
        } catch {
            end(.tls(error))
        }
    }

    private func becomeOpen() {
        guard !isOpen else { return }
        isOpen = true
        tell(.open)
    }

    private func hear(_ bytes: [UInt8]) {
        do throws(HTTPFault) {
            if let answer = try reader.feed(bytes) { deliver(answer) }
        } catch {
            end(error.code == .unasked ? .unasked : .http(error))
        }
    }

    /// An answer without a length ends with its connection.
    private func hearEnd() {
        guard socket != nil else { return }
        // Where TLS has not said that it is the end, somebody may have cut an answer off.
        let failure = tls?.ended()
        if !isOpen, let failure { return end(.tls(failure)) }
        do throws(HTTPFault) {
            if let answer = try reader.end() {
                if let failure { return end(.tls(failure)) }
                deliver(answer)
            }
            end(.closed)
        } catch {
            end(.closed)
        }
    }

    private func deliver(_ answer: HTTPResponse) {
        // What was not taken of the request would follow the answer to it.
        let isWhole = output.isEmpty
        requestStart = nil
        tell(.answer(answer))
        if !answer.keepsAlive || !isWhole { end(.closed) }
    }

    private func flush() {
        guard let socket, isWaitingForRoom || !output.isEmpty else { return }
        while written < output.count {
            guard let count = socket.write(output[written...]) else { return end(.closed) }
            if count == 0 { break }
            written += count
            if let requestStart, written > requestStart { hasGivenRequest = true }
        }
        let isDone = written == output.count
        if isDone {
            // A connection waits for most of its life, and keeps nothing meanwhile.
            output = []
            written = 0
            // The whole request is the kernel's.
            if requestStart != nil { requestStart = 0 }
        }
        guard isWaitingForRoom == isDone else { return }
        isWaitingForRoom = !isDone
        do throws(WatchFailure) {
            try socket.want(isDone ? .readable : [.readable, .writable])
        } catch {
            end(.unwatched(error))
        }
    }

    private func end(_ end: HTTPStreamEnd) {
        guard socket != nil else { return }
        close()
        if !isStarted { earlyEnd = end }
        tell(.over(end))
    }
}

/// Why a stream is over.
enum HTTPStreamEnd: Error {
    case closed
    case tls(TLSFailure)
    case http(HTTPFault)
    /// Something came that nobody asked for.
    case unasked
    case unwatched(WatchFailure)

    /// As programs know it.
    var code: TransportError.Code {
        switch self {
        case .http(let fault) where fault.code == .tooLarge: .limitExceeded
        case .http(let fault) where fault.code == .malformed: .httpProtocol
        case .unasked: .httpProtocol
        case .tls(let failure): TransportError.Code(rawValue: failure.code.rawValue)
        case .closed, .http, .unwatched: .connectionFailed
        }
    }

    /// For `the connection ended: …`.
    var reason: String {
        switch self {
        case .closed: "the server closed the connection"
        case .tls(let failure): failure.message
        case .http(let fault): fault.message
        case .unasked: "the server sent something that nobody had asked for"
        case .unwatched(let failure): "the socket cannot be watched any more: \(failure.reason)"
        }
    }
}
