import Schedules
import Testing

struct ClockSkipTests {
    /// 2027-01-01T00:00:00Z, and the seconds at which Berlin's clocks change that year.
    static let newYear: Int64 = 1_798_761_600
    static let (spring, autumn): (Int64, Int64) = (1_806_195_600, 1_824_944_400)

    static func berlin(_ moment: Int64) -> Int64 { moment >= spring && moment < autumn ? 7_200 : 3_600 }

    static func skips() -> [ClockSkip] {
        ClockSkip.find(from: newYear, through: newYear + 365 * 86_400, offset: berlin)
    }

    @Test("The hour that summer time skips is found to the second, and clocks that are put back skip none")
    func berlinSkips() throws {
        let skips = Self.skips()
        let skip = try #require(skips.first)
        #expect(skips.count == 1)
        #expect(skip.day == "2027-03-28")
        #expect((skip.from.text, skip.to.text) == ("02:00", "03:00"))
    }

    @Test(
        "A time is skipped from the first minute of the hour to the last",
        arguments: [("01:59", false), ("02:00", true), ("02:59", true), ("03:00", false), ("14:30", false)]
    )
    func contains(_ text: String, _ isSkipped: Bool) throws {
        let time = try #require(DayTime(text))
        #expect(Self.skips().contains { $0.contains(time) } == isSkipped)
    }

    @Test("A skip at midnight and one of a whole day are skips of their times")
    func midnight() throws {
        let change: Int64 = 1_808_949_600
        let cairo = ClockSkip.find(from: change - 86_400, through: change + 86_400) { $0 < change ? 7_200 : 10_800 }
        #expect(cairo.map(\.day) == ["2027-04-29"])
        #expect(cairo.map(\.from.text) == ["00:00"])
        let samoa = ClockSkip.find(from: change - 86_400, through: change + 86_400) { $0 < change ? -36_000 : 50_400 }
        for text in ["00:00", "09:30", "23:59"] {
            #expect(samoa.first?.contains(try #require(DayTime(text))) == true)
        }
    }

    @Test("A timer is moved behind the skip, a crontab is left alone, and both say so")
    func moved() throws {
        let wanted = Rhythm.daily(try #require(DayTime("02:30")))
        let skips = Self.skips()
        let moved = wanted.avoiding(skips, catchesUp: false)
        #expect(moved.rhythm == .daily(try #require(DayTime("03:00"))))
        #expect(moved.word == .moved(from: try #require(DayTime("02:30")), skips[0]))
        let kept = wanted.avoiding(skips, catchesUp: true)
        #expect(kept.rhythm == wanted)
        #expect(kept.word == .caughtUp(try #require(DayTime("02:30")), skips[0]))
    }

    @Test("A time that every day has, and a rhythm of hours, are left alone without a word")
    func untouched() throws {
        for rhythm in [Rhythm.daily(try #require(DayTime("04:00"))), try Rhythm.every(seconds: 7_200)] {
            let (same, word) = rhythm.avoiding(Self.skips(), catchesUp: false)
            #expect(same == rhythm)
            #expect(word == nil)
        }
    }
}
