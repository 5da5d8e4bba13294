import Testing

@testable import Reports

@Suite struct ReadableNumbersTests {
    @Test("A size has the unit that a person would say")
    func sizes() {
        #expect(
            [512, 20_480, 1_450_000, 2_990_000_000].map(readable(bytes:)) == ["512 B", "20 KB", "1.4 MB", "2.9 GB"]
        )
    }

    @Test("A duration has the units that a person would say")
    func durations() {
        #expect(
            [-1, 340, 12_900, 3_490_000, 125_000_000, 3_725_000_000].map(readable(microseconds:)) == [
                "0 us", "340 us", "12 ms", "3.4 s", "2 min 5 s", "1 h 2 min",
            ]
        )
    }
}
