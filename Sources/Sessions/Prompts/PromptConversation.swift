import CLIXML
import PSRP

/// The answering of one host prompt, item by item.
struct PromptConversation {
    /// What comes next.
    enum Turn {
        /// The item's answer is wanted, behind its label.
        case ask(Question, label: String, names: [String])
        case reply(HostReply, closing: String)
        /// An answer that the prompt does not take: a choice that there is not.
        case invalid(String)
    }

    let call: HostCall
    let prompt: HostPrompt
    /// Whether the last answer came from a rule, which would give the same again.
    private(set) var isAnsweredByRule = false
    /// How long the answer rules may still look at this prompt.
    var patternTime: Duration
    private var isOpened = false
    private var answers: [[String]]
    private var position = 0

    init(_ call: HostCall, _ prompt: HostPrompt, patternTime: Duration) {
        self.patternTime = patternTime
        self.call = call
        self.prompt = prompt
        answers = prompt.items.map { _ in [] }
    }

    /// Whether the item that is to be answered takes a list.
    var isAtList: Bool { prompt.items.indices.contains(position) && prompt.items[position].isList }

    /// The item that is to be answered, or the reply once all are.
    func turn() -> Turn {
        guard position < prompt.items.count else { return finish() }
        let item = prompt.items[position]
        var label = item.isList ? "\(item.label)[\(answers[position].count)]" : item.label
        if case .fields = prompt.form { label += ": " }
        if case .credential(nil) = prompt.form, position == 1, let user = answers[0].first {
            label = "Password for user \(user): "
        }
        return .ask(Question(kind: item.kind), label: label, names: [item.name, item.label] + prompt.texts)
    }

    /// What is shown before an answer: an item's label, the first time behind the prompt's opening.
    mutating func heading(_ label: String) -> String {
        defer { isOpened = true }
        return isOpened ? label : prompt.opening + label
    }

    /// Takes the answer to the item that `turn` asked.
    mutating func answer(_ text: String, isByRule: Bool) {
        isAnsweredByRule = isByRule
        let item = prompt.items[position]
        if item.isList, !text.isEmpty {
            answers[position].append(text)
            return
        }
        if !item.isList { answers[position] = [text] }
        position += 1
    }

    /// Takes the same item's answer again.
    mutating func retry() {
        position = max(0, position - 1)
    }

    private func finish() -> Turn {
        func first(_ index: Int) -> String { answers.indices.contains(index) ? answers[index].first ?? "" : "" }
        switch prompt.form {
        case .line(let isSecret):
            return .reply(.result(isSecret ? Self.secure(first(0)) : .string(first(0))), closing: "")
        case .fields:
            let entries = zip(prompt.items, answers).map { item, answers -> (PSValue, PSValue) in
                if item.isList { return (.string(item.name), Self.strings(answers)) }
                let text = answers.first ?? ""
                return (.string(item.name), item.kind == .secret ? Self.secure(text) : .string(text))
            }
            return .reply(.result(.dictionary(entries)), closing: "")
        case .credential(let user):
            let credential = PSObject(
                typeNames: ["System.Management.Automation.PSCredential", "System.Object"],
                toString: "System.Management.Automation.PSCredential",
                adapted: [
                    PSProperty("UserName", .string(user ?? first(0))),
                    PSProperty("Password", Self.secure(first(user == nil ? 1 : 0))),
                ]
            )
            return .reply(.result(.object(credential)), closing: "\n")
        case .choice(let choices, let preset):
            let answer = first(0)
            let chosen = answer.isEmpty && preset >= 0 ? preset : Choice.index(of: answer, in: choices)
            guard let chosen else { return .invalid(answer) }
            return .reply(.result(.int32(Int32(chosen))), closing: "")
        case .choices(let choices, let defaults):
            let answer = first(0)
            let chosen =
                answer.isEmpty
                ? defaults
                : answer.split(separator: ",").compactMap { Choice.index(of: String($0), in: choices) }
            guard answer.isEmpty || chosen.count == answer.split(separator: ",").count else { return .invalid(answer) }
            return .reply(.result(.list(chosen.map { .int32(Int32($0)) })), closing: "")
        case .key:
            guard let unit = first(0).utf16.first else { return .invalid("") }
            return .reply(.result(Self.key(unit)), closing: "")
        }
    }

    private static func secure(_ text: String) -> PSValue {
        .secureString(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    }

    private static func strings(_ texts: [String]) -> PSValue {
        .object(
            PSObject(
                typeNames: ["System.String[]", "System.Array", "System.Object"],
                base: .list(texts.map { .string($0) })
            )
        )
    }

    /// A KeyInfo, its virtual key code that of the letter or digit (client/tty).
    private static func key(_ unit: UInt16) -> PSValue {
        let isLower = (0x61...0x7A).contains(unit)
        let code = unit == 0x0A ? 13 : isLower ? unit - 0x20 : unit
        return .properties([
            ("virtualKeyCode", .int32(Int32(code))),
            ("character", .char(unit == 0x0A ? 13 : unit)),
            ("controlKeyState", .int32(0)),
            ("keyDown", .bool(true)),
        ])
    }
}
