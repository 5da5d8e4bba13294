import Glibc
import Patterns
import Sessions
import Synchronization
import Testing

@testable import Preparation

struct AnswerPatternTests {
    @Test("A slow pattern of --answer takes no more of a loop's time than a clock can spare, and is told of once")
    func slowPattern() throws {
        let said = Mutex<[String]>([])
        let notices = AnswerNotices()
        notices.tell { notice in said.withLock { $0.append(notice) } }
        let pattern = try AnswerPattern("(a+)+$", of: "--answer (number 2)", notices)
        let field = String(repeating: "a", count: 38) + "b"
        var time = Duration.milliseconds(8)
        let began = Self.processorTime()
        for _ in 0..<1000 { #expect(pattern.match(field, within: &time) == .tooHard) }
        #expect(Self.processorTime() - began < .milliseconds(20))
        #expect(
            said.withLock { $0 } == [
                "the pattern of --answer (number 2) takes too many steps on the text of a prompt, which it was taken not to "
                    + "match; avoid a repetition inside a repetition, as in (a+)+"
            ]
        )
    }

    @Test("The dialect is PCRE2's, and a pattern that is wrong in it is refused before anything connects")
    func dialect() throws {
        let notices = AnswerNotices()
        var time = Duration.seconds(1)
        let pattern = try AnswerPattern(#"^(?i)pass(?:word|phrase)\b(?! again)"#, of: "--answer", notices)
        #expect(pattern.match("Passphrase for web01", within: &time) == .found)
        #expect(pattern.match("Password again", within: &time) == .nothing)
        #expect(throws: PatternError.self) { try AnswerPattern("a(", of: "--answer", notices) }
    }

    /// Of this thread, so that a busy machine changes nothing.
    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
