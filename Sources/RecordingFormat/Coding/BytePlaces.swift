extension [UInt8] {
    /// Where `wanted`, which is not empty, stands first, from `start` on.
    /// - Parameter ignoringCase: of ASCII letters.
    package func firstPlace(of wanted: [UInt8], from start: Int = 0, ignoringCase: Bool) -> Int? {
        let fold: (UInt8) -> UInt8 = { ignoringCase && $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        let wanted = wanted.map(fold)
        return withUnsafeBufferPointer { bytes in
            guard let last = wanted.last, bytes.count - start >= wanted.count else { return nil }
            // The last byte differs more often among names that are alike.
            var end = start + wanted.count - 1
            while end < bytes.count {
                if fold(bytes[end]) == last {
                    let place = end - wanted.count + 1
                    if wanted.indices.allSatisfy({ fold(bytes[place + $0]) == wanted[$0] }) { return place }
                }
                end += 1
            }
            return nil
        }
    }
}
