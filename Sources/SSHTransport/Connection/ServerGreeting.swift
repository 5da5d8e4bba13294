import Connections

/// What a server sends in clear before keys are exchanged: lines, its identification among them, and packets (RFC 4253, 4.2
/// and 6). libssh keeps none of it when the connection ends there.
struct ServerGreeting: Sendable {
    /// A wordy server is not listened to for longer.
    static let limit = 8 << 10

    private(set) var bytes: [UInt8] = []

    /// Takes what has come by now.
    /// - Parameters:
    ///   - start: where in the stream `more` begins; what is known of it already is left out.
    mutating func take(_ more: some Collection<UInt8>, from start: Int) {
        guard start <= bytes.count, bytes.count < Self.limit else { return }
        bytes += more.dropFirst(bytes.count - start).prefix(Self.limit - bytes.count)
    }

    /// Whether its identification is among it.
    var isIdentified: Bool {
        bytes.split(separator: UInt8(ascii: "\n")).contains { $0.starts(with: "SSH-".utf8) }
    }

    /// Whether it turned the connection away, as OpenSSH does that has too many logins under way (sshd_config(5),
    /// MaxStartups; the line as sshd 9.2 sends it).
    var turnedAway: TransportError.TurnedAway? {
        if bytes.isEmpty { return .silently }
        return bytes.starts(with: "Exceeded MaxStartups".utf8) ? .tooMany : nil
    }

    /// What the server said instead of going on: the reason of its SSH_MSG_DISCONNECT (RFC 4253, 11.1), else the lines that
    /// are not its identification.
    var reason: String? {
        var lines: [Substring] = []
        var rest = bytes[...]
        var isIdentified = false
        while !isIdentified, !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(line.count + 1)
            isIdentified = line.starts(with: "SSH-".utf8)
            guard !isIdentified else { break }
            let text = String(decoding: line, as: UTF8.self).drop { $0.isWhitespace }
            let trimmed = text.reversed().drop { $0.isWhitespace }.reversed()
            if !trimmed.isEmpty { lines.append(Substring(String(trimmed))) }
        }
        if isIdentified, let reason = Self.disconnect(in: rest) { return reason }
        return lines.isEmpty ? nil : String(lines.prefix(3).joined(separator: " ").prefix(300))
    }

    /// The description of the first SSH_MSG_DISCONNECT among unencrypted packets.
    private static func disconnect(in packets: ArraySlice<UInt8>) -> String? {
        var rest = packets
        while let length = readLength(rest), length >= 2, length <= limit, rest.count >= 4 + length {
            let padding = Int(rest[rest.startIndex + 4])
            guard padding < length else { return nil }
            var payload = rest.dropFirst(5).prefix(length - 1 - padding)
            rest = rest.dropFirst(4 + length)
            switch payload.popFirst() {
            case 1?:
                payload = payload.dropFirst(4)
                guard let text = takeString(&payload), !text.isEmpty else { return nil }
                return String(String(decoding: text, as: UTF8.self).prefix(300))
            // SSH_MSG_NEWKEYS: what follows is encrypted.
            case 21?, nil: return nil
            default: continue
            }
        }
        return nil
    }
}
