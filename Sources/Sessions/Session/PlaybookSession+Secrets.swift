import CLIXML
import PSRP

/// Secure strings from the far side, whose text is to be written down nowhere.
extension PlaybookSession {
    /// More than these do not wait for a key.
    private static var mostUnread: Int { 1000 }

    /// Tells of each secure string's text before what it came in.
    mutating func noticeSecrets(in event: ClientEvent) {
        switch event {
        case .output(_, let value), .record(_, _, let value): noticeSecrets(in: value)
        case .other(let type, let value):
            noticeSecrets(in: value)
            if type == .encryptedSessionKey { tellSecrets() }
        case .error(_, let error): noticeSecrets(in: error.value)
        case .ended(_, _, let error): if let error { noticeSecrets(in: error.value) }
        case .hostCall(let call): for value in call.parameters { noticeSecrets(in: value) }
        case .noise, .privateData, .opened, .availability, .closed: break
        }
    }

    private mutating func noticeSecrets(in value: PSValue) {
        guard value.containsSecureString else { return }
        unreadSecrets += value.secureStrings.prefix(Self.mostUnread - unreadSecrets.count)
        tellSecrets()
    }

    private mutating func tellSecrets() {
        let unread = unreadSecrets
        unreadSecrets = []
        for bytes in unread {
            do throws(PSRPError) {
                if let text = try client.revealSecureString(bytes) {
                    emit(.secret(text.text))
                } else {
                    unreadSecrets.append(bytes)
                }
            } catch {
                // What cannot be read holds no text that could be written down.
            }
        }
    }
}
