extension UTCTime {
    /// Reads `2026-11-22T02:00:00Z`, or the date alone for its first second; nil for anything else, and for a day or a
    /// second that there is not.
    package init?(_ text: String) {
        let bytes = Array((text.utf8.count == 10 ? text + "T00:00:00Z" : text).utf8)
        func number(_ range: Range<Int>) -> Int64? {
            bytes[range].allSatisfy { (0x30...0x39).contains($0) }
                ? Int64(String(decoding: bytes[range], as: UTF8.self)) : nil
        }
        guard
            bytes.count == 20,
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            month >= 1, month <= 12, hour < 24, minute < 60, second < 60
        else { return nil }
        // Howard Hinnant's days_from_civil: the inverse of the other initializer.
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        self.init(secondsSince1970: days * 86_400 + hour * 3_600 + minute * 60 + second)
        // 31 April comes out as 1 May, and a stray separator as the right one.
        guard extended.utf8.elementsEqual(bytes) else { return nil }
    }
}
