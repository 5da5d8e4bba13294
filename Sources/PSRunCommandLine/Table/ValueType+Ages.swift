extension ValueType<Int64?> {
    /// A number of hours, days, weeks or years, in seconds.
    static let age = ValueType("AGE") { (text) throws(ValueError) in
        guard let seconds = seconds(text) else {
            throw ValueError(why: "it takes a whole number and a unit, such as 36h, 90d, 12w or 7y, up to 1000y.")
        }
        return seconds
    }

    /// nil where a text is not an age.
    fileprivate static func seconds(_ text: String) -> Int64? {
        let hour: Int64 = 3_600
        let units: [Character: Int64] = ["h": hour, "d": 24 * hour, "w": 7 * 24 * hour, "y": 366 * 24 * hour]
        guard
            let unit = text.last.flatMap({ units[$0] }),
            text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int64(text.dropLast()),
            count > 0, count <= 1_000 * 366 * 24 * hour / unit
        else { return nil }
        return count * unit
    }
}

extension ValueType<Retention?> {
    /// A day, a moment of UTC, or an age from the run's beginning.
    static let retention = ValueType("WHEN") { (text) throws(ValueError) in
        if let seconds = ValueType<Int64?>.seconds(text) { return .duration(seconds) }
        let isMoment = text.wholeMatch(of: /\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?/) != nil
        guard isMoment, text.allSatisfy(\.isASCII) else {
            throw ValueError(
                why: "it takes a day (2027-11-22), a moment (2027-11-22T02:00:00Z), or a time, such as 90d."
            )
        }
        return .moment(text)
    }
}
