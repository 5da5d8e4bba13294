import CPCRE2
import Glibc
import Synchronization

/// Matches one pattern on texts that somebody hostile may have chosen, on any thread, within a bound on time.
///
/// PCRE2 counts its steps anew from each place of a text. So each place is tried by itself, with few steps, and the
/// processor's time is looked at between them.
package final class BoundedMatcher: Sendable {
    package enum Finding: Sendable, Hashable {
        case found
        case nothing
        /// It takes too many steps, or there was no time left.
        case tooHard
    }

    /// A millisecond or two at worst.
    private static let stepLimit: UInt32 = 20_000
    /// So many places are tried between two looks at the clock.
    private static let placesPerLook = 16

    /// A matcher on its way to a thread and back.
    private struct Lent: @unchecked Sendable {
        let matcher: PatternMatcher
    }

    private let pattern: Pattern
    /// Those that nobody uses now: threads do not wait for each other.
    private let idle = Mutex<[Lent]>([])

    /// - Throws: `invalidPattern`.
    package init(_ text: String) throws(PatternError) {
        // What is wrong is told of the pattern as it stands.
        _ = try Pattern(text)
        pattern = try Pattern(text, options: .anchored)
    }

    /// Looks for a match.
    /// - Parameter time: how much of the processor's time it may take; what it took is taken off.
    package func match(_ text: String, within time: inout Duration) -> Finding {
        let bytes = Array(text.utf8)
        let began = Self.processorTime()
        let most = time
        defer { time = max(.zero, most - (Self.processorTime() - began)) }
        guard most > .zero else { return .tooHard }
        let lent = idle.withLock { $0.popLast() } ?? Lent(matcher: PatternMatcher(pattern, stepLimit: Self.stepLimit))
        defer { idle.withLock { $0.append(lent) } }
        var places = 0
        for place in 0...bytes.count where place == bytes.count || bytes[place] & 0xC0 != 0x80 {
            do throws(PatternError) {
                if try lent.matcher.firstMatch(in: bytes, from: place) != nil { return .found }
            } catch {
                return .tooHard
            }
            places += 1
            if places % Self.placesPerLook == 0, Self.processorTime() - began > most { return .tooHard }
        }
        return .nothing
    }

    /// Of this thread: what else the machine does is not the pattern's fault.
    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
