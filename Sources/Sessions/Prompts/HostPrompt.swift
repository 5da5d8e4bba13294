import CLIXML
import PSRP

/// A host call that wants an answer from a person: what is shown, what is asked, and how the answers become the reply.
struct HostPrompt {
    /// One thing that is asked.
    struct Item {
        /// What the call names it by.
        var name: String
        /// Shown before the cursor, `: ` included; `[0]` and so on is added to a list's name.
        var label: String
        var kind: Question.Kind
        /// Whether several answers are taken, until an empty one.
        var isList = false
    }

    enum Form {
        case line(isSecret: Bool)
        case fields
        case credential(user: String?)
        case choice([Choice], default: Int)
        case choices([Choice], defaults: [Int])
        case key(isEchoed: Bool)
    }

    /// Where console/tty.txt shows a bound on the width.
    struct Screen {
        var computerName: String
        var columns: Int
    }

    let form: Form
    /// Shown before anything is asked.
    let opening: String
    let items: [Item]
    /// Caption and message: what answer rules are tried on besides an item's own names.
    let texts: [String]

    /// nil for a call that asks a person nothing.
    init?(_ call: HostCall, on screen: Screen) {
        let parameters = call.parameters
        func text(_ index: Int) -> String { parameters.indices.contains(index) ? parameters[index].text ?? "" : "" }
        func elements(_ index: Int) -> [PSValue] {
            parameters.indices.contains(index) ? parameters[index].elements ?? [] : []
        }
        let (caption, message) = (text(0), text(1))
        switch call.method {
        case .readLine, .readLineAsSecureString:
            let isSecret = call.method == .readLineAsSecureString
            form = .line(isSecret: isSecret)
            opening = isSecret ? HostCallText.warning(PromptText.secureLine(screen.computerName)) : ""
            items = [Item(name: "", label: "", kind: isSecret ? .secret : .line)]
            texts = []
        case .prompt:
            let fields = elements(2).map(Self.field)
            form = .fields
            let warning = fields.contains { $0.kind == .secret } ? PromptText.secureField(screen.computerName) : nil
            opening = (warning.map(HostCallText.warning) ?? "") + PromptText.heading(caption, message)
            items = fields
            texts = [caption, message]
        case .promptForCredential1, .promptForCredential2:
            let user = text(2).isEmpty ? nil : text(2)
            form = .credential(user: user)
            opening = PromptText.heading(
                PromptText.wrapped(PromptText.credentialCaption(caption), columns: screen.columns),
                PromptText.wrapped(PromptText.credentialWarning(screen.computerName), columns: screen.columns) + "\n\n"
                    + PromptText.wrapped(message, columns: screen.columns)
            )
            let password = { (user: String) in
                Item(
                    name: "Password",
                    label: user.isEmpty ? "Password: " : "Password for user \(user): ",
                    kind: .secret
                )
            }
            items = user.map { [password($0)] } ?? [Item(name: "User", label: "User: ", kind: .line), password("")]
            texts = [caption, message]
        case .promptForChoice, .promptForChoiceMultipleSelection:
            let choices = elements(2).map(Choice.init)
            let isMultiple = call.method == .promptForChoiceMultipleSelection
            let defaults =
                isMultiple
                ? elements(3).compactMap { $0.int32Value.map(Int.init) }
                : [Int(parameters.dropFirst(3).first?.int32Value ?? -1)].filter { $0 >= 0 }
            form = isMultiple ? .choices(choices, defaults: defaults) : .choice(choices, default: defaults.first ?? -1)
            opening = PromptText.heading(caption, message)
            items = [Item(name: "", label: Choice.menu(choices, defaults: defaults), kind: .line)]
            texts = [caption, message]
        case .readKey:
            // ReadKeyOptions: 2 is NoEcho.
            form = .key(isEchoed: (parameters.first?.int32Value ?? 0) & 2 == 0)
            opening = ""
            items = [Item(name: "", label: "", kind: .key)]
            texts = []
        default:
            return nil
        }
    }

    /// Whether a console shows the key that it asks for; false where it asks for none.
    var isKeyEchoed: Bool {
        if case .key(isEchoed: true) = form { true } else { false }
    }

    /// A FieldDescription.
    private static func field(_ value: PSValue) -> Item {
        let name = value["name"]?.text ?? ""
        let label = Choice.withoutHotKey(value["label"]?.text ?? "")
        let type = value["parameterTypeFullName"]?.text ?? ""
        return Item(
            name: name,
            label: label.isEmpty ? name : label,
            kind: type == "System.Security.SecureString" ? .secret : .line,
            isList: type.hasSuffix("[]")
        )
    }
}
