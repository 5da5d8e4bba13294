import RecordingFormat
import Testing

@testable import RecordingSearch

@Suite struct RawEventTests {
    @Test(
        "A time that 64 bits of nanoseconds cannot hold is the latest",
        arguments: [
            ("12.345678", 12_345_678_000), ("18446744073.709551", 18_446_744_073_709_551_000),
            ("18446744073.709552", .max), ("99999999999.999999", .max),
        ] as [(String, UInt64)]
    )
    func latestTime(seconds: String, nanoseconds: UInt64) throws {
        let line = Array(#"[\#(seconds), "o", "boo"]"#.utf8)
        try line.withUnsafeBytes { raw in
            let event = try #require(RawEvent(raw))
            #expect(event.time == nanoseconds)
        }
    }
}
