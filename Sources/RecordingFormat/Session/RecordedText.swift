/// Words of psrun's own before the text of a `C` or an `N` event.
package enum RecordedLead {
    /// Before the version of the far side's protocol, once the session is open.
    package static let opened = "open, protocol "
    /// Before a line of the far side that is not of its protocol.
    package static let noise = of("noise")
    /// Before what a program of the far side wrote past the session, into the stream that carries it.
    package static let foreign = of("past the session")
    /// Before what cuts the playbook into blocks.
    package static let blocks = of("blocks")
    /// Before how a target is reached, as JSON, where its name does not tell.
    package static let place = of("place")
    /// Before a word of psrun's own about the session.
    package static let remark = of("psrun")
    /// Before what the far side says to whoever comes, before the session (SSH_MSG_USERAUTH_BANNER).
    package static let banner = of("banner")
    /// Before what the way in, or the far side's program, wrote to standard error.
    package static let diagnostics = of("stderr")

    /// Before what has a name: a call of the far side's to its host, a record of another kind.
    package static func of(_ name: String) -> String { "\(name): " }

    /// Whether the data of a `C` event is psrun's own, and nothing that the far side or the way in said.
    package static func isOwn(_ data: [UInt8]) -> Bool {
        [opened, blocks, place, remark].contains { data.starts(with: $0.utf8) }
    }

    /// The protocol's version in the data of a `C` event; nil where it tells of something else.
    package static func protocolVersion(in text: String) -> Substring? {
        text.hasPrefix(opened) ? text.dropFirst(opened.count) : nil
    }
}

/// The data of an `E`, `W`, `V`, `D`, `N`, `G`, `P` or `C` event as a person reads it.
package enum RecordedText {
    /// The record's message, where the data is a record with one; else the data.
    package static func message(in data: String) -> String {
        value(of: data).flatMap(message) ?? data
    }

    /// The same, and of progress what is being done, and how far it is.
    package static func summary(of data: String) -> String {
        guard let value = value(of: data) else { return data }
        if let activity = value[Property.activity.rawValue]?.string {
            let percent = value[Property.percentComplete.rawValue]?.integer
            let parts = [
                activity, value[Property.statusDescription.rawValue]?.string,
                percent.flatMap { $0 >= 0 ? "\($0) %" : nil },
            ]
            return parts.compactMap(\.self).joined(separator: ", ")
        }
        return message(value) ?? data
    }

    /// Properties of PowerShell's own records, which are recorded as they come (MS-PSRP 2.2.5.1.27, and
    /// InformationRecord and HostInformationMessage of System.Management.Automation).
    private enum Property: String {
        case activity = "Activity"
        case percentComplete = "PercentComplete"
        case statusDescription = "StatusDescription"
        case messageData = "MessageData"
        case message = "Message"
    }

    private static func value(of data: String) -> JSONValue? {
        data.utf8.first == 0x7B ? try? JSONValue(parsing: Array(data.utf8)) : nil
    }

    private static func message(_ value: JSONValue) -> String? {
        let data = value[Property.messageData.rawValue]
        return value[.message]?.string ?? data?.string ?? data?[Property.message.rawValue]?.string
    }
}
