import PSRP

extension [CarriageEvent] {
    /// Bytes of fragments in them.
    var size: Int {
        reduce(0) { size, event in if case .data(_, let bytes) = event { size + bytes.count } else { size } }
    }
}

extension CarriageEvent {
    /// Whether the carriage ends with it.
    var isBreak: Bool { if case .broken = self { true } else { false } }
}
