import CLIXML
import PSRP

/// What the far side asks of the console.
extension PlaybookSession {
    mutating func took(_ call: HostCall) {
        switch call.method {
        case .setShouldExit, .popRunspace:
            switch activity {
            // Once the session is being closed, there is nothing left that could end by itself.
            case .metadata, .closing, .finished: return
            case .connecting, .prompt, .line, .rendering, .probe, .recording: break
            }
            let code = call.method == .setShouldExit ? call.parameters.first?.int32Value : nil
            exit = Exit(code: code, until: exit?.until ?? now.elapsed + options.limits.grace)
            emit(.record(.hostCall(call.method, code.map(String.init) ?? "")))
        default:
            if call.needsReply {
                converse(call)
            } else {
                write(call)
            }
        }
    }

    private mutating func write(_ call: HostCall) {
        guard let text = HostCallText.text(of: call) else {
            // Progress comes as a record as well.
            if call.method != .writeProgress {
                emit(.record(.hostCall(call.method, call.parameters.map(ValueText.text(of:)).joined(separator: " "))))
            }
            return
        }
        if activity.isOfStep {
            if call.method == .writeErrorLine {
                step?.sawError = true
                emit(.record(.errorLine(call.parameters.first?.text ?? "")))
            }
            if case .rendering = activity { step?.hasShownFailure = true }
        }
        show(text)
    }

    /// Fields of one prompt: far more than a person is ever asked, and few enough for a rule to be tried on each.
    private static var promptItems: Int { 1000 }

    private mutating func converse(_ call: HostCall) {
        let screen = HostPrompt.Screen(computerName: options.computerName, columns: options.columns)
        guard let prompt = HostPrompt(call, on: screen) else {
            reply(
                .refused(message: "psrun's console does not do \(call.method.wireName)", errorID: "NotImplemented"),
                to: call
            )
            return
        }
        guard prompt.items.count <= Self.promptItems else {
            reply(
                .refused(
                    message: "psrun answers at most \(Self.promptItems) fields of one prompt",
                    errorID: "PromptTooLarge"
                ),
                to: call
            )
            return
        }
        guard stopReason == nil else {
            reply(Self.refusal, to: call)
            return
        }
        queuedAnswers = []
        conversation = PromptConversation(call, prompt)
        continueConversation()
    }

    /// A person's answer to the question that was emitted.
    package mutating func answer(_ text: String, at now: RunMoment) {
        self.now = now
        guard var conversation, case .ask(let question, _, _) = conversation.turn() else { return }
        conversation.answer(text)
        self.conversation = conversation
        if activity.isOfStep { showAnswer(text, question.kind, conversation, isTyped: true) }
        continueConversation()
    }

    /// The person would not answer.
    package mutating func declineAnswer(at now: RunMoment) {
        self.now = now
        guard let conversation else { return }
        refuse(conversation, Self.refusal)
    }

    private mutating func continueConversation() {
        while var conversation {
            switch conversation.turn() {
            case .ask(let question, let label, let names):
                guard let text = nextAnswer(question.kind, names, isList: conversation.isAtList) else {
                    guard options.asksPerson else {
                        refuse(conversation, Self.refusal)
                        return
                    }
                    showHeading(&conversation, label)
                    self.conversation = conversation
                    emit(.question(question))
                    return
                }
                showHeading(&conversation, label)
                conversation.answer(text)
                conversation.isAnsweredByRule = true
                showAnswer(text, question.kind, conversation, isTyped: false)
                self.conversation = conversation
            case .reply(let reply, let closing):
                show(closing)
                emit(.record(.hostCall(conversation.call.method, "answered")))
                self.conversation = nil
                self.reply(reply, to: conversation.call)
            case .invalid(let answer):
                guard !conversation.isAnsweredByRule else {
                    let message = "psrun was given an answer that this prompt does not take: '\(answer)'"
                    refuse(conversation, .refused(message: message, errorID: "PromptAnswerInvalid"))
                    return
                }
                conversation.retry()
                self.conversation = conversation
            }
        }
    }

    private mutating func showHeading(_ conversation: inout PromptConversation, _ label: String) {
        show((conversation.isOpened ? "" : conversation.prompt.opening) + label)
        conversation.isOpened = true
    }

    /// What a rule answers; nil where none matches.
    private mutating func nextAnswer(_ kind: Question.Kind, _ names: [String], isList: Bool) -> String? {
        if !queuedAnswers.isEmpty { return queuedAnswers.removeFirst() }
        guard let rule = options.answers.first(where: { $0.isSecret == (kind == .secret) && $0.matches(names) }) else {
            return nil
        }
        guard isList else { return rule.answer }
        // A list ends with an empty answer.
        queuedAnswers = rule.answer.split(separator: ",").map(String.init) + [""]
        return queuedAnswers.removeFirst()
    }

    private mutating func refuse(_ conversation: PromptConversation, _ refusal: HostReply) {
        emit(.record(.hostCall(conversation.call.method, "refused")))
        self.conversation = nil
        reply(refusal, to: conversation.call)
    }

    private mutating func reply(_ reply: HostReply, to call: HostCall) {
        do throws(PSRPError) {
            try client.reply(reply, to: call)
        } catch {
            // Only a secret that cannot be sealed is refused here; the refusal itself holds none.
            try? client.reply(.refused(message: error.message, errorID: "PromptAnswerNotSent"), to: call)
        }
    }

    private static var refusal: HostReply {
        .refused(
            message: "psrun refuses to answer prompts: answer this one with --answer 'REGEX=TEXT' or --answer-secret"
                + " 'REGEX=FILE', or run at a terminal with --ask",
            errorID: "PromptRefused"
        )
    }

    /// Shows what a console shows of an answer, typed by a person or given by a rule.
    private mutating func showAnswer(
        _ text: String,
        _ kind: Question.Kind,
        _ conversation: PromptConversation,
        isTyped: Bool
    ) {
        switch kind {
        case .secret where activity.isOfStep && step != nil:
            emit(.typedSecret(length: text.utf16.count))
            noteShown(SessionEvent.recordedSecret)
        case .secret: show(SessionEvent.recordedSecret)
        case .line where isTyped: showTyped(text + "\n", isOnScreen: true)
        case .line: show(text + "\n")
        case .key:
            guard case .key(isEchoed: true) = conversation.prompt.form else { return }
            if isTyped { showTyped(String(text.prefix(1)), isOnScreen: false) } else { show(String(text.prefix(1))) }
        }
    }

    private mutating func showTyped(_ text: String, isOnScreen: Bool) {
        guard !text.isEmpty else { return }
        emit(.typed(text, isOnScreen: isOnScreen))
        noteShown(text)
    }
}
