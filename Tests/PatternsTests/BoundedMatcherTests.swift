import Glibc
import Patterns
import Testing

struct BoundedMatcherTests {
    /// Far more than any of these takes.
    private let ample = Duration.seconds(10)

    @Test(
        "A pattern matches anywhere in a text, and at its ends only where it says so",
        arguments: [
            ("name", "Your name", true), ("^name", "Your name", false), ("name$", "Your name", true),
            ("(?i)NÄME", "Dein näme", true), ("", "", true), ("(?<=r )n", "Your name", true),
            (#"\bour"#, "Your", false),
            ("x", "Your name", false), ("ö$", "größe: ö", true),
        ]
    )
    func anywhere(pattern: String, text: String, isFound: Bool) throws {
        var time = ample
        #expect(try BoundedMatcher(pattern).match(text, within: &time) == (isFound ? .found : .nothing))
    }

    @Test(
        "A pattern that is too hard for a text is given up within milliseconds, whatever makes it hard",
        arguments: [
            ("(a+)+$", String(repeating: "a", count: 38) + "b"),
            ("(?:a|b|ab)*$", String(repeating: "ab", count: 2047) + "c"),
            ("(a*)*$", String(repeating: "a", count: 4095) + "b"),
            (".*.*.*[xy]", String(repeating: "a", count: 4096)),
            ("(.)*\\1[xy]", String(repeating: "ab", count: 2048)),
        ]
    )
    func tooHard(pattern: String, text: String) throws {
        var time = Duration.milliseconds(8)
        let matcher = try BoundedMatcher(pattern)
        let began = Self.processorTime()
        #expect(matcher.match(text, within: &time) == .tooHard)
        #expect(Self.processorTime() - began < .milliseconds(16))
    }

    @Test("Where there is no time left, nothing is looked at")
    func noTime() throws {
        var time = Duration.zero
        #expect(try BoundedMatcher("a").match("a", within: &time) == .tooHard)
    }

    @Test("A pattern that is wrong is refused with the place that is wrong")
    func wrong() {
        #expect(throws: PatternError.self) { try BoundedMatcher("(a") }
    }

    /// Of this thread, so that a busy machine changes nothing.
    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
