import PSRunTestSupport
import RecordingExport
import RecordingFormat
import Testing

@Suite struct Cast3Tests {
    @Test("Times count from the event before, the terminal has its object, an exit status its event")
    func formAsTheSpecificationHasIt() throws {
        let cast = SampleSession.cast([
            (0.25, .output, "a\u{1b}[1m\r\n"), (0.25, .warning, "w"), (1.250001, .marker, "line 1"),
            (12.3, .exit, "{\"exit_code\":3}"), (12.3, .hash, "00"),
        ])
        #expect(
            try encodedText(cast, by: Cast3Encoder()) == """
                {"version":3,"term":{"cols":80,"rows":24},"timestamp":1795366845,"title":"night.ps1 on web01",\
                "psrun":{"format":1,"entry":1,"target":"web01"}}
                [0.25, "o", "a\\u001b[1m\\r\\n"]
                [0.0, "W", "w"]
                [1.000001, "m", "line 1"]
                [11.049999, "X", "{\\"exit_code\\":3}"]
                [0.0, "x", "3"]

                """
        )
    }

    @Test("Sums of intervals are the stored times, however many there are")
    func noDriftOverManyEvents() throws {
        var generator = SplitMix64(seed: 3)
        var time = 0.0
        let events = (0..<5_000).map { _ in
            time += Double.random(in: 0..<0.01, using: &generator)
            return (time, RecordedCode.output, "x")
        }
        let cast = SampleSession.cast(events)
        let stored = lines(of: Array(cast.utf8)).dropFirst().map { String(decoding: $0, as: UTF8.self) }
        let text = try encodedText(cast, by: Cast3Encoder())
        var sum = 0
        for (line, original) in zip(text.split(separator: "\n").dropFirst(), stored) {
            sum += Self.microseconds(line)
            #expect(sum == Self.microseconds(original[...]))
        }
    }

    /// Of a line's first value, digit by digit: no rounding.
    private static func microseconds(_ line: Substring) -> Int {
        let number = line.dropFirst().prefix { $0 != "," }.split(separator: ".")
        return Int(number[0] + (number[1] + "000000").prefix(6)) ?? -1
    }

    @Test("What another program put into its header stays; what version 3 moves is moved")
    func otherHeaders() throws {
        let cast = """
            {"version":2,"height":50,"width":120,"env":{"TERM":"xterm","SHELL":"/bin/sh"},"idle_time_limit":2.5,\
            "theme":{"fg":"#d0d0d0","bg":"#212121"},"duration":9}
            [ 1 , "r" , "80x24" ]
            """
        #expect(
            try encodedText(cast, by: Cast3Encoder()) == """
                {"version":3,"term":{"cols":120,"rows":50,"type":"xterm","theme":{"fg":"#d0d0d0","bg":"#212121"}},\
                "env":{"TERM":"xterm","SHELL":"/bin/sh"},"idle_time_limit":2.5}
                [1.0, "r", "80x24"]

                """
        )
        #expect(throws: CastError.self) { try encodedText("{\"version\":3}\n", by: Cast3Encoder()) }
        #expect(throws: CastError.self) { try encodedText("{\"version\":2}\n[1]\n", by: Cast3Encoder()) }
    }
}
