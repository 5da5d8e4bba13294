/// How outcomes and durations went from night to night: numbers, and drawings of them.
enum FleetTrends {
    /// A step's durations in one night, in milliseconds; nil where no host has one.
    struct Durations: Hashable {
        var median: Int32
        /// Nine of ten hosts took no longer.
        var high: Int32

        init?(_ times: [Int32]) {
            guard !times.isEmpty else { return nil }
            let sorted = times.sorted()
            median = sorted[(sorted.count - 1) / 2]
            high = sorted[(sorted.count * 9 + 9) / 10 - 1]
        }
    }

    /// A step of the last night, over all nights.
    struct Series {
        var step: NightFacts.Step
        var durations: [Durations?]
    }

    /// - Parameter nights: the oldest first.
    static func append(_ nights: [NightFacts], to bytes: inout [UInt8]) {
        bytes += "<section class=\"fleet\" id=\"trends\" aria-labelledby=\"trends-title\">\n".utf8
        bytes += "<h2 id=\"trends-title\">Trends</h2>\n".utf8
        OutcomeChart.append(nights, to: &bytes)
        let all = series(of: nights)
        let shown = longest(all)
        bytes += "<h3>How long each step took</h3>\n".utf8
        bytes += "<p class=\"legend\"><span><svg class=\"key\" viewBox=\"0 0 24 8\" aria-hidden=\"true\">".utf8
        bytes += "<path class=\"median\" d=\"M0 4h24\"/></svg> half of the hosts</span>\n".utf8
        bytes += "<span><svg class=\"key\" viewBox=\"0 0 24 8\" aria-hidden=\"true\">".utf8
        bytes += "<path class=\"high\" d=\"M0 4h24\"/></svg> nine of ten hosts</span></p>\n".utf8
        if shown.count < all.count {
            bytes +=
                "<p class=\"notice\">Of \(all.count) steps these are the \(shown.count) that take longest.</p>\n".utf8
        }
        bytes += "<div class=\"charts\">\n".utf8
        for series in shown { DurationChart.append(series, nights, to: &bytes) }
        bytes += "</div>\n</section>\n".utf8
    }

    /// The last night's steps: where lines were put before a step it is still the same one.
    static func series(of nights: [NightFacts]) -> [Series] {
        guard let last = nights.last else { return [] }
        let places = nights.map { night in
            Dictionary(zip(night.stepNames, night.steps.indices), uniquingKeysWith: { first, _ in first })
        }
        return zip(last.steps, last.stepNames).map { step, name in
            let durations = zip(nights, places).map { night, places -> Durations? in
                guard let place = places[name] else { return nil }
                return Durations(night.hosts.compactMap { $0.times[place] < 0 ? nil : $0.times[place] })
            }
            return Series(step: step, durations: durations)
        }
    }

    /// As many as a page draws, in the playbook's order.
    private static func longest(_ all: [Series]) -> [Series] {
        func weight(_ series: Series) -> Int32 { series.durations.compactMap { $0?.high }.max() ?? -1 }
        let chosen = all.indices.sorted { (-weight(all[$0]), $0) < (-weight(all[$1]), $1) }.prefix(PageSize.trends)
        return chosen.sorted().map { all[$0] }
    }
}
