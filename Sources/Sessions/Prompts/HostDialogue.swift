import CLIXML
import PSRP

/// The far side's questions to the console: each answered by a rule, by a person, or refused.
///
/// A question may come in any state of a session, before the first step too, so this is a machine of its own. It does
/// nothing by itself: each call returns what is to be done, in order.
struct HostDialogue: Sendable {
    private enum State {
        case quiet
        /// Waits for a person's answer to the conversation's next item.
        case asking(PromptConversation)
    }

    enum Action {
        /// Text that the console shows.
        case show(String)
        case showAnswer(GivenAnswer)
        case ask(Question)
        /// What became of a prompt, for the recording.
        case tell(HostMethod, String)
        case reply(HostReply, HostCall)
    }

    /// Fields of one prompt: far more than a person is ever asked, and few enough for a rule to be tried on each.
    package static var mostItems: Int { 1000 }

    private var patternTime = PatternTime()
    private let rules: [AnswerRule]
    private let asksPerson: Bool
    private let screen: HostPrompt.Screen
    private var state = State.quiet

    init(_ options: SessionOptions) {
        rules = options.answers
        asksPerson = options.asksPerson
        screen = HostPrompt.Screen(computerName: options.computerName, columns: options.columns)
    }

    /// Takes a call that wants a reply; one that is still open gives way.
    /// - Parameters:
    ///   - isStopping: whether nothing is answered any more.
    ///   - now: on the elapsed clock.
    mutating func take(_ call: HostCall, isStopping: Bool, at now: Duration) -> [Action] {
        guard let prompt = HostPrompt(call, on: screen) else {
            let message = "psrun's console does not support \(call.method.wireName)"
            return [.reply(.refused(message: message, errorID: "NotImplemented"), call)]
        }
        guard prompt.items.count <= Self.mostItems else {
            let message = "psrun answers at most \(Self.mostItems) fields of one prompt"
            return [.reply(.refused(message: message, errorID: "PromptTooLarge"), call)]
        }
        guard !isStopping else { return [.reply(Self.refusal, call)] }
        return proceed(PromptConversation(call, prompt, patternTime: patternTime.ofPrompt(at: now)))
    }

    /// A person's answer to the question that was asked.
    mutating func answer(_ text: String) -> [Action] {
        guard case .asking(var conversation) = state, case .ask(let question, _, _) = conversation.turn() else {
            return []
        }
        conversation.answer(text, isByRule: false)
        let answer = GivenAnswer(text, question.kind, isTyped: true, isEchoed: conversation.prompt.isKeyEchoed)
        return [.showAnswer(answer)] + proceed(conversation)
    }

    /// The person would not answer.
    mutating func decline() -> [Action] {
        guard case .asking(let conversation) = state else { return [] }
        return refuse(conversation, Self.refusal)
    }

    /// Nobody waits for an answer any more.
    mutating func drop() { state = .quiet }

    /// Goes through the items that rules answer, to the first that a person is to answer, or to the reply.
    private mutating func proceed(_ open: PromptConversation) -> [Action] {
        var conversation = open
        /// What answers the items to come, where one rule gave several.
        var prepared: [String] = []
        var actions: [Action] = []
        while true {
            switch conversation.turn() {
            case .ask(let question, let label, let names):
                if prepared.isEmpty {
                    prepared = answers(question.kind, names, &conversation)
                }
                guard !prepared.isEmpty || asksPerson else { return actions + refuse(conversation, Self.refusal) }
                actions.append(.show(conversation.heading(label)))
                guard !prepared.isEmpty else {
                    state = .asking(conversation)
                    return actions + [.ask(question)]
                }
                let text = prepared.removeFirst()
                conversation.answer(text, isByRule: true)
                let isEchoed = conversation.prompt.isKeyEchoed
                actions.append(.showAnswer(GivenAnswer(text, question.kind, isTyped: false, isEchoed: isEchoed)))
            case .reply(let reply, let closing):
                state = .quiet
                let call = conversation.call
                return actions + [.show(closing), .tell(call.method, "answered"), .reply(reply, call)]
            case .invalid(let answer):
                guard !conversation.isAnsweredByRule else {
                    let message = "psrun was given an answer that this prompt does not take: '\(answer)'"
                    return actions + refuse(conversation, .refused(message: message, errorID: "PromptAnswerInvalid"))
                }
                conversation.retry()
            }
        }
    }

    /// What a rule answers: several for a list, which ends with an empty one; none where no rule matches.
    private mutating func answers(
        _ kind: Question.Kind,
        _ names: [String],
        _ conversation: inout PromptConversation
    ) -> [String] {
        let isSecret = kind == .secret
        let before = conversation.patternTime
        defer { patternTime.spend(before - conversation.patternTime) }
        let rule = rules.first { rule in
            rule.isSecret == isSecret && rule.matches(names, within: &conversation.patternTime)
        }
        guard let rule else { return [] }
        return conversation.isAtList ? rule.answer.split(separator: ",").map(String.init) + [""] : [rule.answer]
    }

    private mutating func refuse(_ conversation: PromptConversation, _ refusal: HostReply) -> [Action] {
        state = .quiet
        return [.tell(conversation.call.method, "refused"), .reply(refusal, conversation.call)]
    }

    private static var refusal: HostReply {
        .refused(
            message: "psrun refuses to answer prompts: answer this one with --answer 'REGEX=TEXT' or --answer-secret"
                + " 'REGEX=FILE', or run at a terminal with --ask",
            errorID: "PromptRefused"
        )
    }
}

/// An answer that a prompt was given, typed by a person or by a rule.
struct GivenAnswer: Sendable {
    let isTyped: Bool
    /// What a console shows of it; empty for nothing.
    let shown: String
    /// The event that tells of it where it belongs to a step; nil where it is text like any other.
    let event: SessionEvent?

    /// - Parameter isEchoed: whether a key is shown.
    init(_ text: String, _ kind: Question.Kind, isTyped: Bool, isEchoed: Bool) {
        self.isTyped = isTyped
        switch kind {
        case .secret:
            shown = SessionEvent.recordedSecret
            event = .typedSecret(length: text.utf16.count)
        case .line:
            shown = text + "\n"
            event = isTyped ? .typed(shown, isOnScreen: true) : nil
        case .key:
            shown = isEchoed ? String(text.prefix(1)) : ""
            event = isTyped ? .typed(shown, isOnScreen: false) : nil
        }
    }
}
