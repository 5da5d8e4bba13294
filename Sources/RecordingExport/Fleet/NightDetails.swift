import ConsoleText
import RecordingFormat

/// What a page tells of each host of an earlier night when it is asked: compressed, the newest nights first, as far as
/// there is room.
enum NightDetails {
    /// - Parameters:
    ///   - nights: the oldest first.
    ///   - places: the number of a host's row, by its name.
    /// - Returns: Base64 of gzip of JSON for each night; empty where there was no room.
    static func pack(
        _ nights: some BidirectionalCollection<NightFacts>,
        places: [String: Int],
        compress: CompressFunction
    )
        throws -> [[UInt8]]
    {
        var room = PageSize.details
        var blocks: [[UInt8]] = []
        for night in nights.reversed() {
            let block = room > 0 ? Base64.bytes(try compress(json(of: night, places: places))) : []
            room = block.count <= room ? room - block.count : 0
            blocks.append(room > 0 ? block : [])
        }
        return blocks.reversed()
    }

    /// `[[title, text] of each step, [text, …], [row, milliseconds, ending, reason, letters, [milliseconds of each step]] of
    /// each host]`; ending and reason are places in the texts.
    private static func json(of night: NightFacts, places: [String: Int]) -> [UInt8] {
        var bytes: [UInt8] = Array("[[".utf8)
        for (index, step) in night.steps.enumerated() {
            bytes += (index > 0 ? ",[" : "[").utf8
            append(step.title, to: &bytes)
            bytes.append(0x2C)
            append(step.text, to: &bytes)
            bytes.append(0x5D)
        }
        bytes += "],[".utf8
        for (index, text) in night.texts.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            append(text, to: &bytes)
        }
        bytes += "],[".utf8
        for (index, (host, name)) in zip(night.hosts, night.hostNames).enumerated() {
            bytes +=
                "\(index > 0 ? "," : "")[\(places[name] ?? -1),\(host.milliseconds),\(host.ending),\(host.reason),".utf8
            append(OutcomeLetter.shown(host.letters), to: &bytes)
            bytes += ",[\(host.times.map { String($0) }.joined(separator: ","))]]".utf8
        }
        bytes += "]]".utf8
        return bytes
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        appendJSONString(TerminalText.presentable(text, colored: false).utf8, to: &bytes)
    }
}
