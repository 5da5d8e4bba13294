import EventLoops
import PSRP

/// For sessions whose far side is in this process, and leaves what it says in an inbox.
extension SessionInput: InboxInput {
    package var byteCount: Int {
        switch self {
        case .events(let events): events.reduce(0) { $0 + $1.byteCount }
        case .diagnostics(let bytes): bytes.count
        case .end: 0
        }
    }

    package mutating func join(_ next: SessionInput) -> Bool { false }
}

extension CarriageEvent {
    fileprivate var byteCount: Int {
        switch self {
        case .data(_, let bytes): bytes.count
        case .noise(let text), .foreign(let text): text.utf8.count
        case .acknowledged, .ended, .largestFragment, .broken: 0
        }
    }
}
