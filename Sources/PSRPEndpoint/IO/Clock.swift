package import CLIXML
import Files
import Glibc

/// The system's clocks.
package enum Clock {
    /// Milliseconds of the monotonic clock.
    static func milliseconds() -> UInt64 {
        monotonicNanoseconds() / 1_000_000
    }

    /// The time of day, as a .NET DateTime in UTC.
    package static func now() -> PSDateTime {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let ticksToUnixEpoch: Int64 = 621_355_968_000_000_000
        return PSDateTime(
            ticks: ticksToUnixEpoch + Int64(now.tv_sec) * 10_000_000 + Int64(now.tv_nsec) / 100,
            zone: .utc
        )
    }
}
