import RecordingFormat

/// gzip (RFC 1952), the same bytes for the same bytes; a browser has the way back.
package typealias CompressFunction = (_ bytes: [UInt8]) throws -> [UInt8]

/// What a page tells of all hosts at once: this run's steps, and the nights before it.
package struct FleetOverview {
    /// The run whose sessions the page has.
    let tonight: NightFacts
    /// The oldest first; `tonight` is the last.
    let nights: [NightFacts]
    let gaps: [NightGap]
    /// Older nights that the page has no room for.
    let nightsLeftOut: Int
    /// Names of all hosts of all nights, this run's first, in its order.
    let hosts: [String]
    /// The letter of each host in each night.
    let letters: [[UInt8]]
    /// Each night's details, compressed; empty where they are left out.
    let details: [[UInt8]]
    /// Its sections, and what its script reads.
    private let sections: [UInt8]
    private let data: [UInt8]

    /// - Parameters:
    ///   - earlier: nights before it, the oldest first; nil where nobody asked for them.
    ///   - gaps: runs that cannot be told of.
    /// - Throws: what `compress` throws.
    package init(
        _ tonight: NightFacts,
        earlier: [NightFacts]?,
        gaps: [NightGap] = [],
        nightsLeftOut: Int = 0,
        compress: CompressFunction
    ) throws {
        self.tonight = tonight
        nights = earlier.map { $0 + [tonight] } ?? []
        self.gaps = gaps
        self.nightsLeftOut = nightsLeftOut
        let names = nights.map(\.hostNames)
        var places: [String: Int] = [:]
        var hosts: [String] = []
        for name in [tonight.hostNames] + names.reversed() {
            for name in name where places[name] == nil {
                places[name] = hosts.count
                hosts.append(name)
            }
        }
        var letters = Array(repeating: Array(repeating: OutcomeLetter.none, count: nights.count), count: hosts.count)
        for (column, night) in nights.enumerated() {
            for (host, name) in zip(night.hosts, names[column]) {
                if let row = places[name] { letters[row][column] = host.letter }
            }
        }
        self.hosts = hosts
        self.letters = letters
        details = try NightDetails.pack(nights.dropLast(), places: places, compress: compress)
        var sections: [UInt8] = []
        StepGrid.append(tonight, to: &sections)
        var data: [UInt8] = []
        if !nights.isEmpty {
            NightGrid.append(
                NightGrid.Content(
                    nights: nights,
                    hosts: hosts,
                    letters: letters,
                    tonight: tonight,
                    gaps: gaps,
                    leftOut: nightsLeftOut,
                    detailsLeftOut: details.count { $0.isEmpty }
                ),
                to: &sections
            )
            FleetTrends.append(nights, to: &sections)
        }
        FleetData.append(tonight, nights, details, to: &data)
        self.sections = sections
        self.data = data
    }

    /// Bytes that it takes in a page.
    package var byteCount: Int { sections.count + data.count }

    /// Ids and titles of its sections.
    var parts: [(id: String, title: String)] {
        [("steps", "Hosts and steps")] + (nights.isEmpty ? [] : [("nights", "Hosts and nights"), ("trends", "Trends")])
    }

    func appendSections(to bytes: inout [UInt8]) { bytes += sections }
    func appendData(to bytes: inout [UInt8]) { bytes += data }
}

/// What the page's script reads: numbers, and words of psrun's own.
enum FleetData {
    /// `[[milliseconds of each step] of each host, [run, moment, place of its details or -1] of each night, [letter,
    /// words, kind] of each outcome]`, and behind it a block for each night's details.
    static func append(_ tonight: NightFacts, _ nights: [NightFacts], _ details: [[UInt8]], to bytes: inout [UInt8]) {
        var json: [UInt8] = Array("[[".utf8)
        for (index, host) in tonight.hosts.enumerated() {
            json += "\(index > 0 ? "," : "")[\(host.times.map { String($0) }.joined(separator: ","))]".utf8
        }
        json += "],[".utf8
        for (index, night) in nights.enumerated() {
            json += "\(index > 0 ? "," : "")[".utf8
            appendJSONString(night.run.utf8, to: &json)
            json.append(0x2C)
            appendJSONString(night.moment.utf8, to: &json)
            json += ",\(details.indices.contains(index) && !details[index].isEmpty ? index : -1)]".utf8
        }
        json += "],[".utf8
        for (index, letter) in OutcomeLetter.all.enumerated() {
            json += "\(index > 0 ? "," : "")[".utf8
            for (place, text) in [
                OutcomeLetter.shown([letter]), OutcomeLetter.words(letter), OutcomeLetter.kind(letter),
            ]
            .enumerated() {
                if place > 0 { json.append(0x2C) }
                appendJSONString(text.utf8, to: &json)
            }
            json.append(0x5D)
        }
        json += "]]".utf8
        bytes += "<div id=\"fleet-data\" hidden>".utf8
        DataBlock.append(json: json, to: &bytes)
        bytes += "</div>\n".utf8
        for (index, block) in details.enumerated() where !block.isEmpty {
            DataBlock.append(packed: block, id: "night-\(index)", to: &bytes)
        }
    }
}

/// Data for a page's script, in an element that no browser runs or shows.
enum DataBlock {
    /// JSON in which nothing is markup: `<` and `&` stand only in strings there.
    static func append(json: [UInt8], to bytes: inout [UInt8]) {
        for byte in json {
            switch byte {
            case 0x26: bytes += "\\u0026".utf8
            case 0x3C: bytes += "\\u003c".utf8
            default: bytes.append(byte)
            }
        }
    }

    /// Base64, in which there is no `<`.
    static func append(packed: [UInt8], id: String, to bytes: inout [UInt8]) {
        bytes += "<script type=\"application/gzip\" id=\"\(id)\">".utf8
        bytes += packed
        bytes += "</script>\n".utf8
    }
}

extension NightFacts {
    /// `2026-11-22 02:00:00 UTC`.
    var moment: String { RunFacts.moment(UTCTime(secondsSince1970: startedSeconds).extended) }
    /// `11-22`.
    var day: String { String(UTCTime(secondsSince1970: startedSeconds).extended.prefix(10).suffix(5)) }
}
