import Files
import Glibc

/// What a recorder goes by; where reports are compared, a clock that stands still.
package struct RecorderClock: Sendable {
    /// Nanoseconds, of a clock that nobody sets.
    package var nanoseconds: @Sendable () -> UInt64
    /// UTC.
    package var secondsSince1970: @Sendable () -> Int64

    package init(
        nanoseconds: @escaping @Sendable () -> UInt64,
        secondsSince1970: @escaping @Sendable () -> Int64
    ) {
        self.nanoseconds = nanoseconds
        self.secondsSince1970 = secondsSince1970
    }

    package static let system = RecorderClock(nanoseconds: monotonicNanoseconds) { Int64(time(nil)) }
}
