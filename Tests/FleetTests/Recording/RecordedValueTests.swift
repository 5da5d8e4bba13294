import CLIXML
import RecordingFormat
import Testing

@testable import Fleet

@Suite("Values in a recording")
struct RecordedValueTests {
    @Test("Numbers are numbers, times are text, and what has properties is an object")
    func kinds() {
        let record = PSValue.properties([
            ("ProcessId", .uint32(7)), ("Percent", .uint8(8)), ("Generated", .timeSpan(PSTimeSpan(ticks: 10_000_000))),
            ("Tags", .list([.string("stderr")])), ("Secret", .secureString([65, 0])), ("None", .null),
        ])
        #expect(
            RecordedValue.json(record) == [
                "ProcessId": .integer(7), "Percent": .integer(8), "Generated": .string("PT1S"),
                "Tags": .array([.string("stderr")]), "Secret": .string("System.Security.SecureString"), "None": .null,
            ]
        )
    }
}
