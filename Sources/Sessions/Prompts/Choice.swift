import CLIXML

/// A ChoiceDescription: a label whose `&` marks its hot key.
struct Choice {
    let label: String
    let hotKey: String

    init(_ value: PSValue) {
        let text = value["label"]?.text ?? value.text ?? ""
        label = Self.withoutHotKey(text)
        hotKey = text.firstIndex(of: "&").flatMap { text[text.index(after: $0)...].first.map { $0.uppercased() } } ?? ""
    }

    static func withoutHotKey(_ label: String) -> String {
        guard let mark = label.firstIndex(of: "&") else { return label }
        return String(label[..<mark] + label[label.index(after: mark)...])
    }

    /// The line that offers the choices: `[Y] Yes  [N] No  [?] Help (default is "N"): ` (console/prompts.txt).
    static func menu(_ choices: [Choice], defaults: [Int]) -> String {
        let offered = choices.map { "[\($0.hotKey)] \($0.label)  " }.joined()
        let names = defaults.filter(choices.indices.contains).map { choices[$0].shortName }
        let preset =
            switch names.count {
            case 0: ""
            case 1: " (default is \"\(names[0])\")"
            default: " (default choices are \(names.joined(separator: ",")))"
            }
        return offered + "[?] Help" + preset + ": "
    }

    /// The choice that a person means by a hot key or a label, letter case aside.
    static func index(of answer: String, in choices: [Choice]) -> Int? {
        let wanted = answer.lowercased()
        return choices.firstIndex { $0.hotKey.lowercased() == wanted && !wanted.isEmpty }
            ?? choices.firstIndex { $0.label.lowercased() == wanted }
    }

    private var shortName: String { hotKey.isEmpty ? label : hotKey }
}
