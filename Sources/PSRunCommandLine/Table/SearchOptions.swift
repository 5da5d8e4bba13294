/// The rows of the verbs that look into many recordings.
enum SearchOptions {
    static let search: [CommandOption] =
        RecordingOptions.selection(\.search.selection) + [
            RecordingOptions.host("Search this target only", isRepeatable: true) { $0.search.hosts.append($1) },
            CommandOption(
                long: "stream",
                .choice("STREAM"),
                isRepeatable: true,
                help: """
                    What to search: output, what came back, as a console showed it; console, the same with prompts and \
                    the lines that were sent; input, those lines alone; records of error, warning, verbose, debug, \
                    information or progress; object, the objects of the output stream; connection, messages from \
                    outside the session; session, why a session failed; or all. The default is output, connection and \
                    session.
                    """
            ) { $0.search.streams.append($1) },
            CommandOption(long: "ignore-case", .flag, help: "Ignore the difference between upper and lower case.") {
                $0.search.ignoreCase = $1
            },
            CommandOption(
                long: "format",
                .choice("FORMAT"),
                help: "Print text (the default), or json: one object per line for each hit."
            ) { $0.search.format = $1 },
            RecordingOptions.accessLog { $0.search.keepsAccessLog = $1 },
            RecordingOptions.folder { $0.search.recordings = $1 },
        ]

    static let diff: [CommandOption] = [
        CommandOption(
            long: "within",
            .flag,
            help:
                "Compare the targets of one run with each other: which gave the same output as most, and which did not."
        ) { $0.diff.within = $1 },
        RecordingOptions.host("Compare this target only", isRepeatable: true) { $0.diff.hosts.append($1) },
        CommandOption(
            long: "mask",
            .mask,
            isRepeatable: true,
            help: """
                Treat everything that matches REGEX as equal, and show NAME in its place. The masks in the file \
                psrun/masks of $XDG_CONFIG_HOME or ~/.config, one per line, are used as well.
                """
        ) { $0.diff.masks.append($1) },
        CommandOption(
            long: "no-usual-masks",
            .flag,
            help: "Count different times, addresses, ids, durations and process numbers as differences, too."
        ) { $0.diff.usualMasks = !$1 },
        RecordingOptions.format { $0.diff.format = $1 },
        RecordingOptions.accessLog { $0.diff.keepsAccessLog = $1 },
        RecordingOptions.folder { $0.diff.recordings = $1 },
    ]
}

extension ValueType<PastMoment> {
    /// A day, a time, or how long ago.
    static let pastMoment = ValueType("WHEN") { (text) throws(ValueError) in
        if let moment = date(text) ?? ago(text) { return moment }
        throw ValueError(
            why: "it takes a day (2026-11-22), a time (2026-11-22T02:00Z), or how long ago (12h, 30d)."
        )
    }

    private static func date(_ text: String) -> PastMoment? {
        let pattern = Array("0000-00-00T00:00:00".utf8)
        let bytes = Array(text.hasSuffix("Z") ? text.utf8.dropLast() : text.utf8[...])
        guard [10, 16, 19].contains(bytes.count), text.hasSuffix("Z") == (bytes.count > 10) else { return nil }
        let isShaped = zip(bytes, pattern).allSatisfy { byte, form in
            form == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == form
        }
        guard isShaped else { return nil }
        let shaped = String(decoding: bytes, as: UTF8.self)
        return .date(bytes.count == 10 ? shaped : bytes.count == 16 ? shaped + ":00Z" : shaped + "Z")
    }

    private static func ago(_ text: String) -> PastMoment? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0,
            count <= 100_000_000
        else { return nil }
        return .ago(count * unit)
    }
}

extension ValueType<DiffInvocation.Mask> {
    static let mask = ValueType("[NAME=]REGEX") { (text) throws(ValueError) in
        guard let mask = DiffInvocation.Mask(text) else {
            throw ValueError(why: "it takes a regular expression, or NAME=REGEX.")
        }
        return mask
    }
}
