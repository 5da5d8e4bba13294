import CLIXML
import PSRP
import Playbooks

/// From step to step.
extension PlaybookSession {
    /// What asks for `$?`, `$LASTEXITCODE` and the prompt without leaving a trace (server/probe).
    static var probeScript: PSString {
        "$?; [string](Get-Variable LASTEXITCODE -ValueOnly -Scope Global -ErrorAction Ignore); prompt"
    }

    mutating func opened(_ version: PSVersionNumber) {
        phase = nil
        emit(.opened(version))
        if let wanted = options.language, let language, language != wanted {
            outcome = .notRun
            failure = TargetFailure(
                code: "WrongLanguage",
                message:
                    "\(options.target): nothing was sent, since the playbook is for \(FarSide.name(wanted)) and the far "
                    + "side is \(FarSide.name(language)); --any-shell sends it all the same"
            )
            close()
            return
        }
        askPrompt()
    }

    mutating func askPrompt() {
        outputs = []
        if stepDeadline == nil { stepDeadline = options.limits.step.map { now.counted + $0 } }
        activity = .prompt(client.create(.prompt))
    }

    mutating func promptEnded(_ state: PipelineState) {
        prompt = state == .completed ? outputs.lazy.compactMap(\.text).first : nil
        nextStep()
    }

    /// Sends what comes next in the playbook, or closes the session.
    mutating func nextStep() {
        stepDeadline = nil
        guard stopReason == nil, exit == nil, !isEnding else {
            close()
            return
        }
        guard !isStepUnrecorded else {
            activity = .recording
            return
        }
        if profileIsDue, let profile = options.profile {
            profileIsDue = false
            // Quoted as a literal string: the only character that means something in it is the quote itself.
            let text =
                ". '" + profile.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
            begin(StepResult(firstLine: 0, lastLine: 0, text: text), shown: [text])
        } else if let block = cursor.next() {
            shownThrough = block.lastLine
            begin(
                StepResult(firstLine: block.firstLine, lastLine: block.lastLine, text: block.text),
                shown: block.lines.map(\.text)
            )
        } else {
            close()
        }
    }

    /// The step that `.stepEnded` told is on disk, or never will be: what a failure means for the session was told before.
    package mutating func stepIsRecorded(at now: RunMoment) {
        isStepUnrecorded = false
        guard case .recording = activity else { return }
        self.now = now
        nextStep()
    }

    private mutating func begin(_ result: StepResult, shown lines: [String]) {
        emit(.stepBegan(firstLine: result.firstLine))
        let lineEnd = options.startsPromptOnNewLine && !isAtLineStart ? "\n" : ""
        let text = prompt.flatMap { $0.isEmpty ? nil : $0 } ?? "PS>"
        emit(.prompt("\(lineEnd)\(promptText)[\(options.label)]: \(text)"))
        promptText = ""
        isAtLineStart = true
        emit(.input(lines, isContinuation: false))
        var result = result
        result.startedMicroseconds = now.elapsed.microseconds
        step = OpenStep(result: result, began: now.elapsed)
        stepDeadline = options.limits.step.map { now.counted + $0 }
        sendLine()
    }

    private mutating func sendLine() {
        guard let step else { return }
        activity = .line(client.create(.line(PSString(step.result.text))))
    }

    mutating func lineEnded(_ state: PipelineState, _ error: ErrorRecord?) {
        if let began = step?.began { step?.result.durationMicroseconds = (now.elapsed - began).microseconds }
        if state == .failed, let error, error.isIncompleteParse, stopReason == nil {
            extendBlock()
            return
        }
        step?.result.outcome = Self.outcome(of: state, error, isStopping: stopReason != nil)
        guard state != .completed, let error else {
            lineIsOver()
            return
        }
        step?.failure = error
        emit(.record(.error(error)))
        if error.fullyQualifiedErrorID == "ScriptsNotAllowed" { refuseScripts() }
        if lacksOutDefault(error) {
            outputs = []
            activity = .metadata(
                client.createMetadataRequest(CommandMetadataRequest(names: ["Out-Default", "Exit-PSSession"]))
            )
        } else {
            render(error)
        }
    }

    private static func outcome(of state: PipelineState, _ error: ErrorRecord?, isStopping: Bool) -> StepOutcome {
        switch state {
        case .completed: .ok
        // A nested session that was popped ends its line so (client/nested).
        case .stopped where error == nil && !isStopping: .ok
        case .stopped: .stopped
        default: .failed
        }
    }

    private mutating func extendBlock() {
        switch cursor.extend() {
        case .longer(let block):
            var lines = block.lines.filter { $0.number > shownThrough }.map(\.text)
            shownThrough = block.lastLine
            if options.blockRule == .console {
                lines.append("")
                shownThrough += 1
            }
            emit(.input(lines, isContinuation: true))
            step?.result.lastLine = block.lastLine
            step?.result.text = block.text
            step?.sawError = false
            sendLine()
        case .openAtEnd(let block):
            abandon(
                block,
                "The block that line \(block.firstLine) opens is still open at the end of the playbook:"
                    + " a quote, a bracket or a keyword misses its end"
            )
        case .tooLong(let block):
            abandon(
                block,
                "The block that line \(block.firstLine) opens is still open after \(block.lines.count) lines, and"
                    + " --max-block allows no more"
            )
        }
    }

    /// A block that never became whole: a failed step, of which nothing ran.
    private mutating func abandon(_ block: PlaybookBlock, _ what: String) {
        let lines = block.lines.filter { $0.number > shownThrough }.map(\.text)
        shownThrough = block.lastLine
        if !lines.isEmpty { emit(.input(lines, isContinuation: true)) }
        step?.result.lastLine = block.lastLine
        step?.result.text = block.text
        step?.result.outcome = .failed
        show("\(what); nothing of it ran.\n")
        isEnding = true
        failure = TargetFailure(code: "OpenBlock", message: "\(options.target): \(what); nothing of it ran")
        finishStep()
        nextStep()
    }

    /// Has the far side's Out-Default show what ended the line, as the real client does (client/errors).
    private mutating func render(_ error: ErrorRecord) {
        let id = client.create(.rendering)
        activity = .rendering(id)
        // A record that cannot be sent back leaves the pipeline without input; its message is shown then.
        try? client.sendInput(error.value, to: id)
        client.endInput(of: id)
    }

    mutating func renderingEnded() {
        if step?.hasShownFailure == false { showFailure() }
        lineIsOver()
    }

    private mutating func showFailure() {
        guard let message = step?.failure?.message else { return }
        show("Error: \(message)\n")
    }

    private mutating func lineIsOver() {
        guard stopReason == nil, exit == nil, !isEnding else {
            finishStep()
            nextStep()
            return
        }
        if probeWorks {
            outputs = []
            activity = .probe(client.create(.probe(Self.probeScript)))
        } else {
            finishStep()
            askPrompt()
        }
    }

    mutating func probeEnded(_ state: PipelineState) {
        guard stopReason == nil || state == .completed else {
            finishStep()
            nextStep()
            return
        }
        guard outputs.count >= 2, let succeeded = outputs[0].boolValue else {
            probeWorks = false
            finishStep()
            askPrompt()
            return
        }
        step?.result.succeeded = succeeded
        step?.result.lastExitCode = outputs[1].text.flatMap { Int($0) }
        prompt = state == .completed ? outputs.dropFirst(2).lazy.compactMap(\.text).first : nil
        finishStep()
        nextStep()
    }

    /// Records the step's result and puts it behind.
    mutating func finishStep() {
        guard var step else { return }
        if step.result.durationMicroseconds == nil {
            step.result.durationMicroseconds = (now.elapsed - step.began).microseconds
        }
        step.result.outcome = step.finalOutcome
        tell(step.result)
        isStepUnrecorded = options.awaitsRecording
        if options.stopsOnError, step.result.outcome != .ok { isEnding = true }
        self.step = nil
        stepDeadline = nil
    }
}

/// Endpoints that take no lines as they are.
extension PlaybookSession {
    private mutating func refuseScripts() {
        isEnding = true
        failure = TargetFailure(
            code: "ScriptsNotAllowed",
            message:
                "\(options.target): this endpoint takes no scripts (a no-language or restricted session configuration), and"
                + " psrun sends each line as a script, exactly as written; ask for an endpoint that takes them"
        )
    }

    /// Whether the first pipeline failed for want of Out-Default.
    private func lacksOutDefault(_ error: ErrorRecord) -> Bool {
        outcomes.isEmpty && error.reason == "CommandNotFoundException" && error.message.contains("'Out-Default'")
    }

    mutating func metadataEnded(_ state: PipelineState) {
        // One object with the count, and one for each command.
        if state == .completed, outputs.count >= 3, !metadataFailed, let error = step?.failure {
            render(error)
            return
        }
        isEnding = true
        failure = TargetFailure(
            code: "RequiredCommandsMissing",
            message:
                "\(options.target): the session does not provide the commands that entering it needs, Out-Default and"
                + " Exit-PSSession; ask for another session configuration"
        )
        showFailure()
        lineIsOver()
    }
}
