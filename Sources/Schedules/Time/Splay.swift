/// How long a host waits before its run, so that many do not begin at once. The same host always waits as long for the
/// same playbook, as with RandomizedDelaySec and FixedRandomDelay of systemd.timer(5).
package enum Splay {
    /// - Parameters:
    ///   - most: below it stays every delay.
    ///   - host: this computer's name.
    ///   - playbook: its name.
    package static func delay(within most: Duration, host: String, playbook: String) -> Duration {
        let (seconds, attoseconds) = most.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0 else { return .zero }
        var hash = StableHash()
        hash.add(host)
        hash.add(playbook)
        return .milliseconds(Int64(hash.mixed.multipliedFullWidth(by: UInt64(milliseconds)).high))
    }
}

/// A hash that is the same on every machine and in every version (FNV-1a of 64 bits); not one against forgery.
package struct StableHash: Sendable {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    /// Takes one text, and its end: "ab", "c" is not "a", "bc".
    package mutating func add(_ text: String) {
        for byte in text.utf8 { take(byte) }
        take(0)
    }

    private mutating func take(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    /// All of its bits depend on all of the text (the finalizer of SplitMix64).
    package var mixed: UInt64 {
        var value = state &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
