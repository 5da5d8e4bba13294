import CLIXML
import PSRP

// What the client asks.
extension EndpointSession {
    mutating func handle(_ event: ServerEvent) {
        switch event {
        case .opened:
            if let shellIsGone {
                session.breakPool(.shellGone(shellIsGone))
            } else {
                poolIsOpen = true
                if session.isKept { ask(.stay) }
                session.openPool(privateData: facts.privateData + (session.isKept ? [FarSideOrder.promise] : []))
            }
        case .createPipeline(let id, let request):
            let task = EndpointTask(request)
            let input = WaitingInput(makeSpool)
            waiting.append(WaitingPipeline(id: id, work: .task(task, hasInput: !request.noInput), input: input))
            startNext()
        case .commandMetadata(let id, let request):
            waiting.append(WaitingPipeline(id: id, work: .metadata(request), input: WaitingInput()))
            startNext()
        case .input(let id, let value): takeInput(value, of: id)
        case .endOfInput(let id): endInput(of: id)
        case .signal(let id), .closePipeline(let id): stop(id)
        case .closePool: poolIsClosing = true
        case .resetRunspace: reset()
        case .hostReply: break
        }
    }

    /// Gives the only runspace a fresh shell in the home folder.
    private mutating func reset() {
        current = 0
        runspaces.members[current] = Runspaces.Runspace()
        ask(.restart)
    }

    mutating func startNext() {
        while !waiting.isEmpty, let number = runspaces.take(most: Int(session.maxRunspaces)) {
            current = number
            let next = waiting.removeFirst()
            switch next.work {
            case .metadata(let request):
                tell(request, of: next.id)
                runspaces.release(number)
            case .task(let task, let hasInput):
                running = RunningPipeline(
                    id: next.id,
                    task: task,
                    hasInput: hasInput,
                    output: LineSplitter(longest: lineLimit.bytes),
                    errors: LineSplitter(longest: lineLimit.bytes),
                    input: next.input,
                    texts: next.texts,
                    inputEnded: next.inputEnded,
                    inputBytes: next.inputBytes
                )
                begin(task)
            }
        }
    }

    private mutating func tell(_ request: CommandMetadataRequest, of id: PipelineID) {
        guard let answer = CommandCatalog.answer(request) else {
            return session.sendState(.failed, .refused(Refusal.importing.message), of: id)
        }
        for value in answer { session.sendOutput(value, of: id) }
        session.sendState(.completed, of: id)
    }

    private mutating func begin(_ task: EndpointTask) {
        guard let running else { return }
        switch task {
        case .shell(let shell):
            if let shellIsGone {
                endRunning(.failed, .shellGone(shellIsGone))
            } else {
                ask(.check(shell.syntax))
                if runsAsItChecks { askToRun(shell) }
            }
        case .answers(let questions):
            for question in questions { session.sendOutput(answer(question), of: running.id) }
            endRunning(.completed)
        case .versions(let member, isConsole: true):
            for line in facts.versionLines(member: member) { write(line, of: running.id) }
            endRunning(.completed)
        case .versions(let member, isConsole: false):
            session.sendOutput(facts.versions(member: member), of: running.id)
            endRunning(.completed)
        case .completion(let question):
            if let point = CompletionPoint(question.line, cursor: question.cursor) {
                let matches = complete(point, workingDirectory(current))
                session.sendOutput(point.answer(matches), of: running.id)
            }
            endRunning(.completed)
        case .leave:
            session.callHost(.popRunspace, [], pipeline: running.id)
            endRunning(.completed)
        case .render:
            for text in running.texts { write(text, of: running.id) }
            self.running?.texts = []
            if running.inputEnded || !running.hasInput { endRunning(.completed) }
        case .nothing: endRunning(.completed)
        case .refused(let message):
            lastStatus = Self.refusedStatus
            endRunning(.failed, .refused(message))
        }
    }

    /// `$?` after a line that was refused, or that a shell could not parse.
    static let refusedStatus: Int32 = 2

    private func answer(_ question: EndpointTask.Question) -> PSValue {
        switch question {
        case .succeeded: .bool((lastStatus ?? 0) == 0)
        case .lastExitCode: .string(lastStatus.map { "\($0)" } ?? "")
        case .prompt: .string(facts.prompt(workingDirectory: workingDirectory(current)))
        }
    }

    /// Lines of one text that are told one by one, as a real server does. Where there are more, so many are told at a time,
    /// since each message takes 900 bytes.
    private static let mostLines = 1_000

    private mutating func write(_ text: String, of id: PipelineID) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let count = lines.count > Self.mostLines ? Self.mostLines : 1
        for start in stride(from: 0, to: lines.count, by: count) {
            let piece = lines[start..<min(start + count, lines.count)].joined(separator: "\n")
            let isHeld = lineLimit.holds(.string(piece), textBytes: piece.utf8.count)
            session.callHost(.writeLine2, [.string(isHeld ? piece : lineLimit.message)], pipeline: id)
        }
    }

    /// What a real server's Out-Default makes of what ended a pipeline: `Error: boom` (client/errors).
    private static func rendered(_ value: PSValue) -> String {
        let isError = value["FullyQualifiedErrorId"] != nil
        return isError ? "Error: \(ErrorRecord(value: value).message)" : value.programText ?? ""
    }

    private mutating func takeInput(_ value: PSValue, of id: PipelineID) {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            hold(value, at: index)
        } else if select(id), let running {
            if case .render = running.task {
                write(Self.rendered(value), of: id)
            } else {
                takeShellInput(value)
            }
        }
    }

    /// Keeps the input of a pipeline that waits, as the text that it will be.
    private mutating func hold(_ value: PSValue, at index: Int) {
        guard case .task(let task, _) = waiting[index].work else { return }
        var failure: ErrorRecord?
        if case .render = task {
            let text = Self.rendered(value)
            waiting[index].texts.append(text)
            waiting[index].inputBytes += text.utf8.count + Self.inputOverhead
            let held = waiting.reduce(0) { $0 + ($1.texts.isEmpty ? 0 : $1.inputBytes) }
            if held > Self.textLimit { failure = Self.tooMuchInput(Self.textLimit) }
        } else if let text = Self.inputText(value) {
            let line = Self.inputLine(text)
            waiting[index].input.append(line)
            waiting[index].inputBytes += line.count
            let held = waiting.reduce(0) { $0 + ($1.texts.isEmpty ? $1.inputBytes : 0) }
            if held > Self.inputLimit { failure = Self.tooMuchInput(Self.inputLimit) }
        } else {
            failure = .refused(Refusal.input(value.kindName).message)
        }
        guard let failure else { return }
        let id = waiting.remove(at: index).id
        session.sendState(.failed, failure, of: id)
    }

    private mutating func takeShellInput(_ value: PSValue) {
        guard let running, !running.isStopping else { return }
        guard let text = Self.inputText(value) else {
            return stop(running.id, for: .refused(Refusal.input(value.kindName).message))
        }
        let line = Self.inputLine(text)
        self.running?.inputBytes += line.count
        if running.inputBytes + line.count > Self.inputLimit {
            stop(running.id, for: Self.tooMuchInput(Self.inputLimit))
        } else {
            running.input.append(line)
            if running.isChecked { ask(.input(running.input)) }
        }
    }

    /// What a value that is held costs beside its text.
    private static let inputOverhead = 64

    private static func tooMuchInput(_ limit: Int) -> ErrorRecord {
        .refused("The pipeline got more than \(limit >> 20) MiB of input.")
    }

    private mutating func stop(_ id: PipelineID, for failure: ErrorRecord) {
        running?.failure = failure
        stop(id)
    }

    private mutating func endInput(of id: PipelineID) {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting[index].inputEnded = true
        } else if select(id), let running {
            self.running?.inputEnded = true
            if case .render = running.task {
                endRunning(.completed)
                startNext()
            } else if running.isChecked {
                ask(.endOfInput)
            }
        }
    }

    /// What a program reads of a value: a line, or a line for each element of a collection. Nil for what has no text.
    private static func inputText(_ value: PSValue) -> String? {
        var lines: [String] = []
        for element in value.programElements ?? [value] {
            guard let text = element.isNull ? "" : element.programText else { return nil }
            lines.append(text)
        }
        return lines.joined(separator: "\n")
    }

    /// A text as lines of a program's standard input.
    static func inputLine(_ text: String) -> [UInt8] { Array(text.utf8) + [UInt8(ascii: "\n")] }

    private mutating func stop(_ id: PipelineID) {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index)
            session.sendState(.stopped, .stopped, of: id)
        } else if select(id), let running, !running.isStopping {
            self.running?.isStopping = true
            if case .shell = running.task {
                if running.isChecked { ask(.interrupt) }
            } else {
                endRunning(.stopped, .stopped)
                startNext()
            }
        }
    }

    mutating func endRunning(_ state: PipelineState, _ error: ErrorRecord? = nil) {
        guard let id = running?.id else { return }
        running = nil
        runspaces.release(current)
        session.sendState(state, error, of: id)
    }
}
