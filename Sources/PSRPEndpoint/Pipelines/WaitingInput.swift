import Synchronization

/// Where input lies that waits for long: takes bytes and gives what reads them back; nil where it has no room.
package typealias InputSpool = @Sendable ([UInt8]) -> (@Sendable () throws(EndpointError) -> [UInt8])?

/// The input of one pipeline that its program has not read yet, first in, first out. A client may send it long before:
/// what is more than a little lies where it takes no memory.
package final class WaitingInput: Sendable, Hashable {
    private enum Piece {
        case held([UInt8])
        case spooled(@Sendable () throws(EndpointError) -> [UInt8])
    }

    private struct State {
        var pieces: [Piece] = []
        /// Of the pieces, how many were read.
        var read = 0
        var heldBytes = 0
        /// What of a piece is being read.
        var current: ArraySlice<UInt8> = []
        /// Lines that are no piece yet.
        var last: [UInt8] = []
        var spool: InputSpool?
        var isForNobody = false

        var isEmpty: Bool { current.isEmpty && read == pieces.count && last.isEmpty }
    }

    /// Lines are held together in pieces of about this size.
    private static let pieceBytes = 64 << 10
    /// So much is held in memory.
    private static let heldBytes = 1 << 20

    private let state = Mutex(State())
    private let makeSpool: @Sendable () -> InputSpool?

    /// - Parameter makeSpool: makes the place for what is not to be held in memory; nil where there is none.
    package init(_ makeSpool: @escaping @Sendable () -> InputSpool? = { nil }) {
        self.makeSpool = makeSpool
    }

    package static func == (first: WaitingInput, second: WaitingInput) -> Bool { first === second }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }

    var isEmpty: Bool { state.withLock(\.isEmpty) }

    /// Takes a line, with its end.
    package func append(_ line: [UInt8]) {
        state.withLock { state in
            guard !state.isForNobody else { return }
            state.last += line
            guard state.last.count >= Self.pieceBytes else { return }
            state.pieces.append(piece(of: state.last, &state))
            state.last = []
        }
    }

    private func piece(of bytes: [UInt8], _ state: inout State) -> Piece {
        if state.heldBytes + bytes.count > Self.heldBytes {
            state.spool = state.spool ?? makeSpool()
            if let reading = state.spool?(bytes) { return .spooled(reading) }
        }
        state.heldBytes += bytes.count
        return .held(bytes)
    }

    /// Hands out the next bytes.
    /// - Parameter write: returns how many it took; nil where nobody reads any more, and the rest is for nobody.
    /// - Throws: where they cannot be read back.
    func next(_ write: (ArraySlice<UInt8>) -> Int?) throws(EndpointError) {
        var failure: EndpointError?
        state.withLock { state in
            do throws(EndpointError) {
                if state.current.isEmpty { state.current = try Self.taken(&state)[...] }
            } catch {
                failure = error
            }
            guard !state.current.isEmpty else { return }
            guard let count = write(state.current) else { return Self.drop(&state) }
            state.current = state.current.dropFirst(count)
        }
        if let failure { throw failure }
    }

    private static func taken(_ state: inout State) throws(EndpointError) -> [UInt8] {
        guard state.read < state.pieces.count else {
            defer { (state.last, state.pieces, state.read) = ([], [], 0) }
            return state.last
        }
        let piece = state.pieces[state.read]
        state.pieces[state.read] = .held([])
        state.read += 1
        switch piece {
        case .held(let bytes):
            state.heldBytes -= bytes.count
            return bytes
        case .spooled(let reading): return try reading()
        }
    }

    /// What is left, and what comes, is for nobody.
    func drop() { state.withLock { Self.drop(&$0) } }

    private static func drop(_ state: inout State) {
        state = State()
        state.isForNobody = true
    }
}
