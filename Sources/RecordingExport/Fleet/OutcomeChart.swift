/// How many hosts were not well in each night, as columns.
enum OutcomeChart {
    private static let columnWidth = 22
    private static let height = 120

    static func append(_ nights: [NightFacts], to bytes: inout [UInt8]) {
        let counts = nights.map { night in
            (bad: night.hosts.count { kind($0) == "bad" }, warn: night.hosts.count { kind($0) == "warn" })
        }
        let most = max(1, counts.map { $0.bad + $0.warn }.max() ?? 1)
        let width = nights.count * columnWidth
        bytes += "<h3>Hosts that were not well</h3>\n<p class=\"quiet\">\(caption(nights))</p>\n".utf8
        bytes += "<p class=\"legend\"><span><svg class=\"key\" viewBox=\"0 0 24 8\" aria-hidden=\"true\">".utf8
        bytes += "<path class=\"bar bad\" d=\"M0 0h24v8H0z\"/></svg> error, failed, broken, unreachable</span>\n".utf8
        bytes += "<span><svg class=\"key\" viewBox=\"0 0 24 8\" aria-hidden=\"true\">".utf8
        bytes += "<path class=\"bar warn\" d=\"M0 0h24v8H0z\"/></svg> any other</span></p>\n".utf8
        bytes += "<div class=\"box chart\"><svg class=\"outcomes\" width=\"\(width)\" height=\"\(height + 44)\"".utf8
        bytes += " viewBox=\"0 0 \(width) \(height + 44)\" role=\"img\" aria-label=\"\(label(nights))\">\n".utf8
        bytes += "<defs><pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"".utf8
        bytes += " patternTransform=\"rotate(45)\"><path d=\"M0 0v5\"/></pattern></defs>\n".utf8
        for (index, (night, count)) in zip(nights, counts).enumerated() {
            let left = index * columnWidth
            let bad = count.bad * height / most
            let all = (count.bad + count.warn) * height / most
            // What there is once is seen.
            let warn = count.warn > 0 ? max(2, all - bad) : 0
            let low = count.bad > 0 ? max(2, bad) : 0
            let middle = left + columnWidth / 2
            bytes += "<g><title>\(night.day): \(count.bad + count.warn) of \(night.hosts.count)</title>".utf8
            if low > 0 { bytes += bar("bad", left, height + 18 - low, low).utf8 }
            if warn > 0 { bytes += bar("warn", left, height + 18 - low - warn, warn).utf8 }
            if count.bad + count.warn > 0 {
                bytes += "<text x=\"\(middle)\" y=\"\(height + 13 - low - warn)\">\(count.bad + count.warn)</text>".utf8
            }
            if (nights.count - 1 - index) % max(1, (nights.count + 14) / 15) == 0 {
                bytes += "<text class=\"day\" x=\"\(middle)\" y=\"\(height + 36)\">\(night.day.suffix(2))</text>".utf8
            }
            bytes += "</g>\n".utf8
        }
        bytes += "<path class=\"axis\" d=\"M0 \(height + 18).5H\(width)\"/></svg></div>\n".utf8
    }

    private static func bar(_ kind: String, _ left: Int, _ top: Int, _ height: Int) -> String {
        "<path class=\"bar \(kind)\" d=\"M\(left + 3) \(top)h\(columnWidth - 6)v\(height)h-\(columnWidth - 6)z\"/>"
    }

    private static func kind(_ host: NightFacts.Host) -> String {
        let kind = OutcomeLetter.kind(host.letter)
        return host.isWell ? "ok" : kind == "bad" ? kind : "warn"
    }

    private static func caption(_ nights: [NightFacts]) -> String {
        let counts = nights.map { night in night.hosts.count { !$0.isWell } }
        guard let last = counts.last, let hosts = nights.last?.hosts.count else { return "" }
        let earlier = counts.dropLast()
        let now = "\(last) of \(hosts) in the last night"
        guard let least = earlier.min(), let most = earlier.max() else { return now }
        return now + (least == most ? ", \(most) in each night before." : ", \(least) to \(most) in the nights before.")
    }

    private static func label(_ nights: [NightFacts]) -> String {
        let parts = nights.map { night in "\(night.day) \(night.hosts.count { !$0.isWell })" }
        return "Hosts that were not well, by night: \(parts.joined(separator: ", "))"
    }
}
