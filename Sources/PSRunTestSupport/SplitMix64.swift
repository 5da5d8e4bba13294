import Glibc

/// What this run of the tests draws from: PSRUN_SEED, else 1. It is said once on standard error, since a failure comes
/// again with the same seed alone.
package enum TestSeed {
    package static let value: UInt64 = {
        let seed = getenv("PSRUN_SEED").flatMap { UInt64(String(cString: $0)) } ?? 1
        _ = "PSRUN_SEED=\(seed)\n".withCString { write(STDERR_FILENO, $0, strlen($0)) }
        return seed
    }()
}

/// A generator whose numbers follow from its seed (Steele, Lea and Flood, OOPSLA 2014): the same in every run.
package struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    /// - Parameter seed: of one test; that of the whole run is added, and adds nothing when it is 1.
    package init(seed: UInt64) {
        state = seed &+ TestSeed.value &- 1
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
