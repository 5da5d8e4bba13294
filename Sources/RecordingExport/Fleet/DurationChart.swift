/// How long one step took from night to night, as two lines.
enum DurationChart {
    private static let width = 240
    private static let height = 48

    static func append(_ series: FleetTrends.Series, _ nights: [NightFacts], to bytes: inout [UInt8]) {
        let known = series.durations.compactMap(\.self)
        let title = series.step.title.prefix(1).uppercased() + series.step.title.dropFirst()
        let most = max(1, known.map(\.high).max() ?? 1)
        bytes += "<figure class=\"trend\"><figcaption><b>\(HTMLText.escaped(title))</b> ".utf8
        bytes += "<code><bdi>\(HTMLText.escaped(series.step.text))</bdi></code></figcaption>\n".utf8
        let words = told(series)
        if !known.isEmpty {
            bytes += "<svg viewBox=\"0 -4 \(width) \(height + 8)\" preserveAspectRatio=\"none\" role=\"img\"".utf8
            bytes += " aria-label=\"\(words)\">".utf8
            bytes += "<path class=\"axis\" d=\"M0 \(height).5H\(width)\"/>".utf8
            bytes += path("high", series.durations.map { $0?.high }, most).utf8
            bytes += path("median", series.durations.map { $0?.median }, most).utf8
            bytes += "</svg>\n".utf8
        }
        bytes += "<p class=\"quiet\">\(words)</p></figure>\n".utf8
    }

    /// A line from night to night, broken where there is none; a night by itself is a dash.
    private static func path(_ kind: String, _ times: [Int32?], _ most: Int32) -> String {
        var commands = ""
        var isOpen = false
        let step = Double(width) / Double(max(1, times.count))
        for (index, time) in times.enumerated() {
            guard let time else {
                isOpen = false
                continue
            }
            let left = Int((Double(index) * step).rounded())
            let right = Int((Double(index + 1) * step).rounded())
            let y = height - Int(Int64(time) * Int64(height) / Int64(most))
            commands += "\(isOpen ? "L" : "M")\(left) \(y)H\(right)"
            isOpen = true
        }
        return "<path class=\"\(kind)\" d=\"\(commands)\"/>"
    }

    /// `590 ms, nine of ten within 1.2 s; before 480 ms (23 % longer)`.
    private static func told(_ series: FleetTrends.Series) -> String {
        func text(_ milliseconds: Int32) -> String { RunFacts.duration(microseconds: Int64(milliseconds) * 1_000) }
        guard let last = series.durations.last, let last else { return "not measured in the last night" }
        let now = "\(text(last.median)), nine of ten within \(text(last.high))"
        let earlier = series.durations.dropLast().compactMap { $0?.median }.sorted()
        guard !earlier.isEmpty else { return now }
        let usual = earlier[(earlier.count - 1) / 2]
        let before = "\(now); before \(text(usual))"
        let change = usual > 0 ? (Int64(last.median) - Int64(usual)) * 100 / Int64(usual) : 0
        guard abs(change) >= 10 else { return before }
        return before + (change > 0 ? " (\(change) % longer)" : " (\(-change) % shorter)")
    }
}
