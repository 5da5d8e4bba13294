import RecordingFormat
import Redaction
import Sessions

/// One event of a session on its way to the recording, its texts as they came.
struct RecordedItem: Sendable {
    typealias Text = RedactionQueue.Text

    enum Content: Sendable {
        /// Text behind words of psrun's own.
        case text(lead: String, String)
        /// What is recorded as JSON.
        case value(JSONValue)
    }

    let code: RecordedCode
    let moment: RunMoment
    var content: Content
    /// Whether its text is cut anywhere, and goes on in the next one of its kind.
    var isStream = false
    /// Whether it is psrun's own word in a session's console, which the run's own output has elsewhere.
    var isOwn = false

    init(_ code: RecordedCode, _ moment: RunMoment, _ text: String, lead: String = "", isStream: Bool = false) {
        self.code = code
        self.moment = moment
        content = .text(lead: lead, text)
        self.isStream = isStream
    }

    init(_ code: RecordedCode, _ moment: RunMoment, _ value: JSONValue) {
        self.code = code
        self.moment = moment
        content = .value(value)
    }

    /// Its texts, in the order in which `data` takes them back. Those at the same place of events of one kind are read as
    /// one: a secret may come in pieces.
    var texts: [Text] {
        var texts: [Text] = []
        switch content {
        case .text(let lead, let text):
            var hasher = Hasher()
            hasher.combine(code)
            hasher.combine(lead)
            texts.append(Text(text, channel: hasher.finalize(), isStream: isStream))
        case .value(let value): value.collect(&texts, place: Int(code.rawValue))
        }
        return texts
    }

    /// The event's data, as it came.
    var data: String {
        switch content {
        case .text(let lead, let text): lead + text
        case .value(let value): String(decoding: value.compact, as: UTF8.self)
        }
    }

    /// The event's data, with its texts replaced.
    func data(with texts: [String]) -> String {
        switch content {
        case .text(let lead, _): return lead + (texts.first ?? "")
        case .value(let value):
            var texts = texts[...]
            return String(decoding: value.replacing(&texts).compact, as: UTF8.self)
        }
    }

    /// The same, its keys and numbers looked through: they are not texts that come in pieces.
    func masked(by redactor: inout Redactor) -> RecordedItem {
        guard case .value(let value) = content else { return self }
        var item = self
        // What psrun itself names, counts and measures is not a secret, whatever the letters and digits.
        item.content = .value(value.masked(by: &redactor, isOwn: code == .step || code == .exit))
        return item
    }
}

extension JSONValue {
    fileprivate func collect(_ texts: inout [RecordedItem.Text], place: Int) {
        switch self {
        case .string(let text): texts.append(RecordedItem.Text(text, channel: place, isStream: false))
        case .array(let values): for value in values { value.collect(&texts, place: place) }
        case .object(let members):
            for member in members {
                var hasher = Hasher()
                hasher.combine(place)
                hasher.combine(member.key)
                member.value.collect(&texts, place: hasher.finalize())
            }
        case .null, .bool, .integer, .double: break
        }
    }

    fileprivate func replacing(_ texts: inout ArraySlice<String>) -> JSONValue {
        switch self {
        case .string: .string(texts.popFirst() ?? "")
        case .array(let values): .array(values.map { $0.replacing(&texts) })
        case .object(let members):
            .object(members.map { JSONMember(key: $0.key, value: $0.value.replacing(&texts)) })
        case .null, .bool, .integer, .double: self
        }
    }

    fileprivate func masked(by redactor: inout Redactor, isOwn: Bool) -> JSONValue {
        switch self {
        case .array(let values):
            // Numbers may be a text's bytes.
            if !isOwn, values.count >= Redactor.shortest, let numbers = Self.line(of: values) {
                let masked = redactor.redacted(numbers)
                if masked != numbers { return .string(masked) }
            }
            return .array(values.map { $0.masked(by: &redactor, isOwn: isOwn) })
        case .object(let members):
            return .object(
                members.map { member in
                    JSONMember(
                        key: isOwn ? member.key : redactor.redacted(member.key),
                        value: member.value.masked(by: &redactor, isOwn: isOwn && !member.isCode)
                    )
                }
            )
        case .integer, .double:
            guard !isOwn else { return self }
            let text = String(decoding: compact, as: UTF8.self)
            let masked = redactor.redacted(text)
            return masked == text ? self : .string(masked)
        case .null, .bool, .string: return self
        }
    }

    private static func line(of values: [JSONValue]) -> String? {
        var line = ""
        for value in values {
            guard let number = value.integer else { return nil }
            line += line.isEmpty ? "\(number)" : " \(number)"
        }
        return line
    }
}

extension JSONMember {
    /// Whether it is a number of a result that the far side chose, and long enough to be a code.
    fileprivate var isCode: Bool {
        RecordKey(rawValue: key).map(RecordKey.farNumbers.contains) == true && value.compact.count >= Redactor.shortest
    }
}
