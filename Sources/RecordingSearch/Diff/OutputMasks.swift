package import Patterns

/// What of an output is taken for equal wherever it stands.
package struct OutputMasks: Sendable {
    /// A mask of the person's own.
    package struct Own: Sendable {
        let placeholder: [UInt8]
        let pattern: Pattern

        /// - Parameter name: what stands in place of a match, in angle brackets; nil for `mask`.
        package init(name: String?, pattern: Pattern) {
            placeholder = Array("<\(name ?? "mask")>".utf8)
            self.pattern = pattern
        }
    }

    let own: [Own]
    /// The usual masks in one pattern, a group for each; nil where they are not wanted.
    let usual: Pattern?

    /// - Parameter usual: whether times, addresses, ids, durations, process numbers and the target's own name are masked.
    package init(own: [Own] = [], usual: Bool = true) {
        self.own = own
        self.usual = usual ? Self.usualPattern : nil
    }

    /// Each matches a digit at least, and begins where no word goes on: nothing else is tried. None has a group in it.
    static let usualMasks: [(name: String, pattern: String)] = [
        ("uuid", #"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"#),
        ("time", #"\d{4}[-/]\d\d[-/]\d\d(?:(?:[T ]|, )\#(clock)(?: ?\#(zone))?)?(?![\w-])"#),
        ("time", #"\d{1,2}[/.]\d{1,2}[/.]\d{4}\b(?!\.\d)(?:,? \#(clock)(?: [AP]M)?(?: \#(zone))?)?"#),
        (
            "time",
            #"(?:\#(weekday),? )?\#(month) {1,2}\d{1,2}(?:,? \d{4})?(?:,? \#(clock)(?: [AP]M)?)?(?: \#(zone))?(?: \d{4})?\b"#
        ),
        ("time", #"(?:\#(weekday),? )?\d{1,2}[ -]\#(month)[ -]\d{4}(?:[ :]\#(clock))?(?: \#(zone))?"#),
        ("mac", #"[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}\b(?![:-])"#),
        ("address", #"(?<![:.])(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}(?:%\w+)?(?:/\d{1,3})?(?![\w:])"#),
        ("address", #"(?<![:.\]])(?=[0-9a-fA-F:]*\d)(?:\#(groups))?::(?:\#(groups))?(?:%\w+)?(?:/\d{1,3})?(?![\w:])"#),
        ("address", #"(?<!\.)(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2}|:\d{1,5})?(?!\w|\.\d)"#),
        ("time", #"(?<![:.])\#(clock)(?: ?[AaPp][Mm])?(?![\w:])"#),
        ("duration", #"(?<!\.)\d+(?:[.,]\d+)? ?(?:ns|us|µs|ms|s|msecs?|secs?|seconds?|mins?|minutes?|hours?|days?)\b"#),
        ("duration", #"(?<!\.)(?:\d+[dhms] ?){1,3}\d+(?:\.\d+)?[hms]\b"#),
        ("pid", #"(?i:p(?:id|rocess(?:[ _-]?id)?))[ =:#]{1,3}\K\d+\b"#),
        ("id", #"0[xX][0-9a-fA-F]{4,}\b"#),
        ("id", #"(?=[0-9a-fA-F]*\d)(?=\d*[a-fA-F])[0-9a-fA-F]{12,32}\b"#),
        ("pid", #"\[\K\d+(?=\]:)"#),
    ]

    private static let clock = #"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?"#
    private static let zone = #"(?:Z|UTC|GMT|CES?T|[ECMP][SD]T|[+-]\d\d:?\d\d)"#
    private static let weekday = #"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*"#
    private static let month = #"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"#
    private static let groups = #"[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,6}"#
    /// How a mask's match can begin; a process number in brackets stands behind its name.
    private static let beginnings = #"(?:(?<!\w)(?=[0-9a-fA-F:JFMASONDTWpP])|(?<=[\w)])(?=\[\d))"#

    private static let usualPattern: Pattern = {
        do throws(PatternError) {
            let masks = usualMasks.map { "(\($0.pattern))" }.joined(separator: "|")
            return try Pattern("\(beginnings)(?:\(masks))", options: .ascii)
        } catch {
            preconditionFailure("the usual masks are wrong \(error.message)")
        }
    }()
}
