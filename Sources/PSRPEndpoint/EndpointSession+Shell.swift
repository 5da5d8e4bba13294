import CLIXML
import PSRP

// What the shell does.
extension EndpointSession {
    package mutating func handle(_ event: ShellEvent, in runspace: Int = 0) {
        current = runspace
        switch event {
        case .checked(let verdict): judge(verdict)
        case .output where isStopping(runspace): break
        case .output(let bytes, .output):
            for line in runspaces.members[runspace]?.pipeline?.output.take(bytes) ?? [] { sendOutput(line) }
            tellOverlong(runspaces.members[runspace]?.pipeline?.output.takeOverlong())
        case .output(let bytes, .error):
            for line in runspaces.members[runspace]?.pipeline?.errors.take(bytes) ?? [] { sendErrors(line) }
            tellOverlong(runspaces.members[runspace]?.pipeline?.errors.takeOverlong())
        case .ended(let status):
            lastStatus = status
            sendRest()
            finishLine()
        case .left(let status):
            lastStatus = status
            sendRest()
            if let id = running?.id { session.callHost(.setShouldExit, [.int32(status)], pipeline: id) }
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
        case .invalid(let message, let line):
            lastStatus = Self.refusedStatus
            endRunning(.failed, .invalid(message, line: line, of: shell.syntax))
        case .complete: askToRun(shell)
        }
    }

    mutating func askToRun(_ shell: EndpointTask.ShellText) {
        guard let running else { return }
        self.running?.isChecked = true
        ask(.run(shell.text, lastStatus: lastStatus ?? 0, hasInput: running.hasInput))
        if running.hasInput { ask(.input(running.input)) }
        if running.inputEnded { ask(.endOfInput) }
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
        let message = "The session is over: its shell \(end.words)."
        switch end {
        case .exited(let status):
            lastStatus = status
            runspaces.members[current]?.shellIsGone = message
            if let id = running?.id { session.callHost(.setShouldExit, [.int32(status)], pipeline: id) }
            finishLine()
            if session.maxRunspaces > 1 {
                runspaces.remove(current)
            } else if session.isKept, poolIsOpen {
                // Whoever comes next is to know it before a line is sent.
                session.breakPool(.shellGone(message))
            }
        case .killed(let signal):
            lastStatus = 128 + signal
            lose(message)
        case .exitedOrKilled(let status):
            lastStatus = status
            lose(message)
        }
    }

    /// The shell was ended: a line that ran in it was told to stop, or nobody knows how far it came.
    private mutating func lose(_ message: String) {
        if running?.isStopping == true { finishLine() }
        if running?.isChecked == true { endRunning(.failed, .lineLost(message)) }
        shellFailed(message, in: current)
    }

    private mutating func sendRest() {
        guard !isStopping(current) else { return }
        if let rest = running?.output.finish() { sendOutput(rest) }
        if let rest = running?.errors.finish() { sendErrors(rest) }
    }

    private mutating func sendOutput(_ line: [UInt8]) {
        guard let running, case .shell(let shell) = running.task else { return }
        let text = PSValue.string(String(decoding: line, as: UTF8.self))
        if !lineLimit.holds(text, textBytes: line.count) {
            tellError(lineLimit.message, shell)
        } else if shell.isConsole {
            session.callHost(.writeLine2, [text], pipeline: running.id)
        } else {
            session.sendOutput(text, of: running.id)
        }
    }

    private mutating func sendErrors(_ line: [UInt8]) {
        guard let running, case .shell(let shell) = running.task,
            let line = clean(current, line)
        else { return }
        let text = String(decoding: line, as: UTF8.self)
        let isHeld = lineLimit.holds(ErrorRecord.standardError(text, isFirst: true).value, textBytes: line.count)
        tellError(isHeld ? text : lineLimit.message, shell)
        guard !running.isHinted, let hint = PowerShellText.hint(at: text, of: shell.syntax, shell: facts.shell) else {
            return
        }
        self.running?.isHinted = true
        tellError(hint, shell)
    }

    private mutating func tellOverlong(_ count: Int?) {
        guard let count, count > 0, case .shell(let shell)? = running?.task else { return }
        for _ in 0..<count { tellError(lineLimit.message, shell) }
    }

    private mutating func tellError(_ text: String, _ shell: EndpointTask.ShellText) {
        guard let running else { return }
        if shell.isConsole {
            let record = facts.informationRecord(stderr: text, at: now())
            session.sendRecord(.information, record, of: running.id)
            session.callHost(.writeLine2, [.string(text)], pipeline: running.id)
        } else {
            let record = ErrorRecord.standardError(text, isFirst: !running.hasErrors)
            self.running?.hasErrors = true
            if shell.mergesErrors {
                session.sendOutput(record.value, of: running.id)
            } else {
                session.sendError(record, of: running.id)
            }
        }
    }
}
