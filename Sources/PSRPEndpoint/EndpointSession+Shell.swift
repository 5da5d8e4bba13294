import CLIXML
import PSRP

// What the shell does.
extension EndpointSession {
    package mutating func handle(_ event: ShellEvent) {
        switch event {
        case .checked(let verdict): judge(verdict)
        case .output(let bytes, .output):
            for line in running?.output.take(bytes) ?? [] { sendOutput(line) }
        case .output(let bytes, .error):
            for line in running?.errors.take(bytes) ?? [] { sendErrors(line) }
        case .ended(let status):
            lastStatus = status
            sendRest()
            finishLine()
        case .gone(let end):
            sendRest()
            leave(end)
        }
        startNext()
    }

    private mutating func judge(_ verdict: SyntaxVerdict) {
        guard let running, case .shell(let shell) = running.task else { return }
        guard !running.isStopping else { return finishLine() }
        switch verdict {
        case .incomplete(let message): endRunning(.failed, .incomplete(message))
        case .invalid(let message):
            lastStatus = Self.refusedStatus
            endRunning(.failed, .invalid(message))
        case .complete:
            self.running?.isChecked = true
            requests.append(.run(shell.text, lastStatus: lastStatus ?? 0, hasInput: running.hasInput))
            for text in running.input { requests.append(.input(Self.inputLine(text))) }
            if running.inputEnded { requests.append(.endOfInput) }
            self.running?.input = []
        }
    }

    private mutating func finishLine() {
        if running?.isStopping == true {
            let failure = running?.failure
            endRunning(failure == nil ? .stopped : .failed, failure ?? .stopped)
        } else {
            endRunning(.completed)
        }
    }

    private mutating func leave(_ end: ShellEnd) {
        switch end {
        case .exited(let status):
            lastStatus = status
            shellIsGone = "The session is over: its shell has exited with status \(status)."
            if let id = running?.id { session.callHost(.setShouldExit, [.int32(status)], pipeline: id) }
            finishLine()
        case .killed(let signal):
            lastStatus = 128 + signal
            let message = "The session is over: its shell was killed by signal \(signal)."
            if running?.isStopping == true { finishLine() }
            shellFailed(message)
        }
    }

    private mutating func sendRest() {
        if let rest = running?.output.finish() { sendOutput(rest) }
        if let rest = running?.errors.finish() { sendErrors(rest) }
    }

    private mutating func sendOutput(_ line: [UInt8]) {
        guard let running, case .shell(let shell) = running.task else { return }
        let text = PSValue.string(String(decoding: line, as: UTF8.self))
        if shell.isConsole {
            session.callHost(.writeLine2, [text], pipeline: running.id)
        } else {
            session.sendOutput(text, of: running.id)
        }
    }

    private mutating func sendErrors(_ line: [UInt8]) {
        guard let running, case .shell(let shell) = running.task, let line = script.cleaned(line) else { return }
        // A shell that is interrupted ends its terminal's line.
        if running.isStopping && line.isEmpty { return }
        let text = String(decoding: line, as: UTF8.self)
        tellError(text, shell)
        guard !running.isHinted, let hint = PowerShellText.hint(at: text, of: shell.syntax, shell: facts.shell) else {
            return
        }
        self.running?.isHinted = true
        tellError(hint, shell)
    }

    private mutating func tellError(_ text: String, _ shell: EndpointTask.ShellText) {
        guard let running else { return }
        if shell.isConsole {
            let record = facts.informationRecord(stderr: text, at: now())
            session.sendRecord(.information, record, of: running.id)
            session.callHost(.writeLine2, [.string(text)], pipeline: running.id)
        } else if shell.mergesErrors {
            session.sendOutput(ErrorRecord.standardError(text).value, of: running.id)
        } else {
            session.sendError(.standardError(text), of: running.id)
        }
    }
}
