import CLIXML
import PSRP

/// Secure strings from the far side, whose text is to be written down nowhere; those that wait for the session's key.
struct FarSideSecrets: Sendable {
    /// More than these do not wait for a key.
    private static var mostUnread: Int { 1000 }
    /// Nor do more bytes.
    private static var mostUnreadBytes: Int { 4 << 20 }

    private var unread: [[UInt8]] = []
    private var unreadBytes = 0

    /// Notes the secure strings of an event. Tells whether `reveal` can make something of what is noted.
    mutating func notice(in event: ClientEvent) -> Bool {
        switch event {
        case .output(_, let value), .record(_, _, let value): notice(in: value)
        case .other(let type, let value): notice(in: value) || type == .encryptedSessionKey
        case .error(_, let error): notice(in: error.value)
        case .ended(_, _, let error?): notice(in: error.value)
        case .hostCall(let call): call.parameters.reduce(false) { notice(in: $1) || $0 }
        case .ended(_, _, nil), .noise, .foreign, .privateData, .opened, .availability, .closed: false
        }
    }

    private mutating func notice(in value: PSValue) -> Bool {
        guard value.containsSecureString else { return false }
        for bytes in value.secureStrings where unread.count < Self.mostUnread {
            guard unreadBytes + bytes.count <= Self.mostUnreadBytes else { break }
            unreadBytes += bytes.count
            unread.append(bytes)
        }
        return true
    }

    /// The texts that can be read by now, in order; what cannot yet waits on.
    mutating func reveal(by client: some SessionClient) -> [String] {
        let waiting = unread
        unread = []
        unreadBytes = 0
        var texts: [String] = []
        for bytes in waiting {
            do throws(PSRPError) {
                if let text = try client.revealSecureString(bytes) {
                    texts.append(text.text)
                } else {
                    unreadBytes += bytes.count
                    unread.append(bytes)
                }
            } catch {
                // What cannot be read holds no text that could be written down.
            }
        }
        return texts
    }
}
