import PSRunTestSupport

/// Recordings as JSON lines, which `export --from` reads: sessions that no real peer would give in a few seconds.
struct HandmadeRecording {
    private(set) var lines: [String]

    init(playbook: String = "night.ps1") {
        lines = [#"{"run":"20261122T170045Z-night-3fa91c","playbook":{"name":"\#(playbook)"},"psrun":"0.1.0"}"#]
    }

    /// A step's events, from `time` on, in seconds.
    struct Step {
        var time: Double
        var text: String
        var outcome = "ok"
        /// Stream and text, a tenth of a second each.
        var events: [(stream: String, text: String)] = []
    }

    mutating func add(target: String, outcome: String = "ok", error: String? = nil, steps: [Step]) {
        let entry = lines.count { $0.contains("\"header\"") } + 1
        let names = #""entry":\#(entry),"target":\#(Self.string(target))"#
        func add(_ time: Double, _ stream: String, _ data: String) {
            lines.append(#"{\#(names),"time":\#(time),"stream":"\#(stream)","data":\#(Self.string(data))}"#)
        }
        lines.append(#"{\#(names),"header":{"version":2,"width":80,"height":24,"timestamp":1795366845}}"#)
        var end = 0.0
        for (index, step) in steps.enumerated() {
            add(step.time, "marker", "line \(index + 1)")
            add(step.time, "console", "[\(target)]: PS> ")
            add(step.time, "console", step.text + "\r\n")
            add(step.time, "input", step.text)
            end = step.time
            for event in step.events {
                end += 0.1
                add(end, event.stream, event.text)
            }
            end += 0.1
            let result =
                #"{"first_line":\#(index + 1),"last_line":\#(index + 1),"text":\#(Self.string(step.text)),"#
                + #""outcome":"\#(step.outcome)","duration_us":200000}"#
            add(end, "step", result)
        }
        let why = error.map { #"{"code":"Broken","message":\#(Self.string($0))}"# } ?? "null"
        let microseconds = Int(end * 1_000_000)
        add(end, "session", #"{"outcome":"\#(outcome)","duration_us":\#(microseconds),"error":\#(why)}"#)
    }

    /// Writes the file and gives its path.
    func write(to folder: TemporaryFolder) throws -> String {
        try folder.write(lines.map { $0 + "\n" }.joined(), to: "night.jsonl")
    }

    /// A JSON string, everything beyond letters, digits and blanks escaped.
    static func string(_ text: String) -> String {
        let units = text.utf16.map { unit in
            switch unit {
            case 0x20, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(UnicodeScalar(UInt8(unit)))
            default: "\\u" + String(0x10000 + UInt32(unit), radix: 16).dropFirst()
            }
        }
        return "\"\(units.joined())\""
    }
}
