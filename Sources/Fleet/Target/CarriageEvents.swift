import PSRP

extension [CarriageEvent] {
    /// Bytes of fragments in them.
    var size: Int {
        reduce(0) { size, event in if case .data(_, let bytes) = event { size + bytes.count } else { size } }
    }
}
