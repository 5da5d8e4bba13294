import Schedules
import Testing

struct RhythmTests {
    @Test(
        "A time of day is HH:MM, and nothing else",
        arguments: ["24:00", "2:5", "02:60", "0230", "-1:00", "02:30:00", "", "２:30"]
    )
    func notATime(_ text: String) {
        #expect(DayTime(text) == nil)
    }

    @Test("A time of day is told with two digits each")
    func time() throws {
        let time = try #require(DayTime("2:05"))
        #expect(time.text == "02:05")
        #expect(time.minutes == 125)
    }

    @Test(
        "A rhythm has the fields of a crontab and the expression of a calendar",
        arguments: [
            (60, "* * * * *", "*-*-* *:*:00"), (900, "*/15 * * * *", "*-*-* *:00/15:00"),
            (3_600, "0 * * * *", "*-*-* *:00:00"),
            (21_600, "0 0,6,12,18 * * *", "*-*-* 00/6:00:00 UTC"),
        ] as [(Int64, String, String)]
    )
    func every(_ seconds: Int64, _ fields: String, _ calendar: String) throws {
        let rhythm = try Rhythm.every(seconds: seconds)
        #expect(rhythm.cronFields == fields)
        #expect(rhythm.calendar(isUTC: false) == calendar)
    }

    @Test("A daily rhythm has them too, in local time and in UTC")
    func daily() throws {
        let rhythm = Rhythm.daily(try #require(DayTime("02:30")))
        #expect(rhythm.cronFields == "30 2 * * *")
        #expect(rhythm.calendar(isUTC: false) == "*-*-* 02:30:00")
        #expect(rhythm.calendar(isUTC: true) == "*-*-* 02:30:00 UTC")
    }

    @Test(
        "A rhythm that is uneven at the hour or at midnight is refused, with those that are even",
        arguments: [30, 90, 420, 5_400, 18_000, 86_400, 90_000, 0] as [Int64]
    )
    func uneven(_ seconds: Int64) {
        let error = #expect(throws: ScheduleError.self) { try Rhythm.every(seconds: seconds) }
        #expect(error?.message.contains(seconds == 86_400 ? "--at" : "15m") == true)
    }
}
