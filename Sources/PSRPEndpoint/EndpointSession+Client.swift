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
                session.openPool(privateData: facts.privateData)
            }
        case .createPipeline(let id, let request):
            let task = EndpointTask(request)
            waiting.append(WaitingPipeline(id: id, work: .task(task, hasInput: !request.noInput)))
            startNext()
        case .commandMetadata(let id, let request):
            waiting.append(WaitingPipeline(id: id, work: .metadata(request)))
            startNext()
        case .input(let id, let value): takeInput(value, of: id)
        case .endOfInput(let id): endInput(of: id)
        case .signal(let id), .closePipeline(let id): stop(id)
        case .closePool: poolIsClosing = true
        case .hostReply, .resetRunspace: break
        }
    }

    mutating func startNext() {
        while running == nil, !waiting.isEmpty {
            let next = waiting.removeFirst()
            switch next.work {
            case .metadata(let request):
                for value in CommandCatalog.answer(request) { session.sendOutput(value, of: next.id) }
                session.sendState(.completed, of: next.id)
            case .task(let task, let hasInput):
                running = RunningPipeline(
                    id: next.id,
                    task: task,
                    hasInput: hasInput,
                    input: next.input,
                    inputEnded: next.inputEnded
                )
                begin(task)
            }
        }
    }

    private mutating func begin(_ task: EndpointTask) {
        guard let running else { return }
        switch task {
        case .shell(let shell):
            if let shellIsGone {
                endRunning(.failed, .shellGone(shellIsGone))
            } else {
                requests.append(.check(shell.text))
            }
        case .answers(let questions):
            for question in questions { session.sendOutput(answer(question), of: running.id) }
            endRunning(.completed)
        case .leave:
            session.callHost(.popRunspace, [], pipeline: running.id)
            endRunning(.completed)
        case .render:
            for value in running.input { render(value, of: running.id) }
            if running.inputEnded || !running.hasInput { endRunning(.completed) }
        case .nothing: endRunning(.completed)
        case .refused(let message): endRunning(.failed, .refused(message))
        }
    }

    private func answer(_ question: EndpointTask.Question) -> PSValue {
        switch question {
        case .succeeded: .bool((lastStatus ?? 0) == 0)
        case .lastExitCode: .string(lastStatus.map { "\($0)" } ?? "")
        case .prompt: .string(facts.prompt(workingDirectory: workingDirectory()))
        }
    }

    /// What a real server's Out-Default makes of what ended a pipeline: `Error: boom` (client/errors).
    private mutating func render(_ value: PSValue, of id: PipelineID) {
        let isError = value["FullyQualifiedErrorId"] != nil
        let text = isError ? "Error: \(ErrorRecord(value: value).message)" : EndpointTask.text(of: value) ?? ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            session.callHost(.writeLine2, [.string(String(line))], pipeline: id)
        }
    }

    private mutating func takeInput(_ value: PSValue, of id: PipelineID) {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting[index].input.append(value)
        } else if running?.id == id, let running {
            if case .render = running.task {
                render(value, of: id)
            } else {
                takeShellInput(value)
            }
        }
    }

    private mutating func takeShellInput(_ value: PSValue) {
        let line = Self.inputLine(value)
        running?.inputBytes += line.count
        guard let running, !running.isStopping else { return }
        if running.inputBytes > Self.inputLimit {
            self.running?.failure = .refused("The pipeline got more than \(Self.inputLimit >> 20) MiB of input.")
            stop(running.id)
        } else if running.isChecked {
            requests.append(.input(line))
        } else {
            self.running?.input.append(value)
        }
    }

    private mutating func endInput(of id: PipelineID) {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting[index].inputEnded = true
        } else if running?.id == id, let running {
            self.running?.inputEnded = true
            if case .render = running.task {
                endRunning(.completed)
                startNext()
            } else if running.isChecked {
                requests.append(.endOfInput)
            }
        }
    }

    /// A value as a line of a program's standard input.
    static func inputLine(_ value: PSValue) -> [UInt8] {
        Array((EndpointTask.text(of: value) ?? "").utf8) + [UInt8(ascii: "\n")]
    }

    private mutating func stop(_ id: PipelineID) {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index)
            session.sendState(.stopped, .stopped, of: id)
        } else if running?.id == id, let running, !running.isStopping {
            self.running?.isStopping = true
            if case .shell = running.task {
                if running.isChecked { requests.append(.interrupt) }
            } else {
                endRunning(.stopped, .stopped)
                startNext()
            }
        }
    }

    mutating func endRunning(_ state: PipelineState, _ error: ErrorRecord? = nil) {
        guard let id = running?.id else { return }
        running = nil
        session.sendState(state, error, of: id)
    }
}
