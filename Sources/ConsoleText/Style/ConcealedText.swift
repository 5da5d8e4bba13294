/// Text that a terminal would not show: SGR 8 (ECMA-48, 8.3.117).
enum ConcealedText {
    /// An SGR sequence without what conceals.
    /// - Parameter parameters: what stands between `ESC [` and `m`.
    /// - Returns: nil where there is nothing to take out; an empty text where nothing is left.
    static func visible(_ parameters: UnsafeBufferPointer<UInt8>) -> String? {
        guard parameters.contains(UInt8(ascii: "8")) else { return nil }
        let groups = parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        var kept: [Slice<UnsafeBufferPointer<UInt8>>] = []
        /// Parameters of a colour that are still to come, once their kind is known.
        var awaited = 0
        var isKindAwaited = false
        for group in groups {
            let number = group.prefix { $0 != UInt8(ascii: ":") }.reduce(0) { min($0 * 10 + Int($1 &- 0x30), 999) }
            if isKindAwaited {
                isKindAwaited = false
                awaited = number == 5 ? 1 : number == 2 ? 3 : 0
            } else if awaited > 0 {
                awaited -= 1
            } else if number == 8 {
                continue
            } else if number == 38 || number == 48 || number == 58 {
                isKindAwaited = !group.contains(UInt8(ascii: ":"))
            }
            kept.append(group)
        }
        guard kept.count < groups.count else { return nil }
        let rest = kept.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ";")
        // Nothing at all between `[` and `m` would end every style.
        return kept.isEmpty ? "" : "\u{1B}[\(rest)m"
    }
}
