// What comes.
extension DrivenShell {
    package mutating func receive(_ bytes: [UInt8], from stream: Stream, at now: UInt64) {
        guard phase != .gone else { return }
        if phase != .greeting { (quietSince, patience) = (now, Self.firstPatience) }
        let items = stream == .output ? output.take(bytes) : errors.take(bytes)
        for item in items where phase != .gone {
            switch item {
            case .text(let bytes): take(bytes, stream)
            case .mark(let mark): take(mark, stream, at: now)
            }
        }
    }

    /// Nothing more comes of either stream. What ran has ended with the shell.
    package mutating func receiveEnd() {
        guard phase != .gone else { return }
        for (bytes, stream) in [(output.finish(), Stream.output), (errors.finish(), .errors)] where !bytes.isEmpty {
            take(bytes, stream)
        }
        phase = .gone
        (job, stopping) = (nil, nil)
    }

    private mutating func take(_ bytes: [UInt8], _ stream: Stream) {
        switch phase {
        case .greeting where startedStreams.contains(stream):
            if chatter.count < Self.mostChatter { chatter += bytes }
        case .fresh, .greeting: events.append(.noise(bytes, stream))
        case .gone: break
        case .idle: hold(bytes, stream)
        case .busy where stream == .output && job?.isTellingLook == true:
            if let job, job.lookWords.count < Self.mostHeld { self.job?.lookWords += bytes }
        case .busy:
            if case .look? = job?.work { hold(bytes, stream) } else { events.append(.output(bytes, stream)) }
        }
    }

    /// What a job of the background writes between two lines is the next line's.
    private mutating func hold(_ bytes: [UInt8], _ stream: Stream) {
        held.append((bytes, stream))
        heldBytes += bytes.count
    }

    private mutating func take(_ mark: ShellMark, _ stream: Stream, at now: UInt64) {
        switch mark {
        case .fact(let name, let value): learn(name, value)
        case .started: startedStreams.insert(stream)
        case .refused(let shell): fail(Self.refusal(of: shell))
        case .free(let status, let number, let begun, let flags, let folder):
            if phase == .greeting {
                if stream == .output { workingDirectory = folder }
                greetingMarks.insert(stream)
                if greetingMarks.count == 2 { isGreeted() }
                return
            }
            guard let job, number >= job.awaited else { return }
            if stream == .output {
                self.flags = flags
                if !folder.isEmpty { workingDirectory = folder }
                // The first one tells the line's status: a question's that was asked meanwhile has its own.
                if job.outputMark == nil { self.job?.outputMark = (status, begun) }
            } else {
                self.job?.hasErrorMark = true
            }
            finishIfAnswered(at: now)
        case .unwound(let status, let number):
            guard let job, number == job.number, job.status == nil else { return }
            self.job?.status = status
            if stopping == nil { write(commands.ask(nextNumber()), at: now) }
        case .look(let number): if number == job?.number { job?.isTellingLook = true }
        case .looked(let status, let number):
            guard number == job?.number else { return }
            job?.isTellingLook = false
            job?.lookStatus = status
        }
    }

    private mutating func finishIfAnswered(at now: UInt64) {
        guard let job, let mark = job.outputMark, job.hasErrorMark else { return }
        let wasStopped = stopping != nil
        if let begun = mark.begun, begun < job.number {
            // What the shell had read ahead was thrown away by a signal: this never began.
            guard !wasStopped else { return end(job, status: 130) }
            return sendAgain(job, at: now)
        }
        end(job, status: job.status ?? mark.status)
    }

    private mutating func sendAgain(_ job: Job, at now: UInt64) {
        guard job.attempts < 3 else { return fail("The shell does not begin what it is given.") }
        var next = Job(work: job.work, number: nextNumber(), awaited: number)
        next.attempts = job.attempts + 1
        self.job = next
        send(next.work, next.number, at: now)
    }

    private mutating func end(_ job: Job, status: Int32) {
        (self.job, stopping) = (nil, nil)
        phase = .idle
        let words = String(decoding: job.lookWords, as: UTF8.self)
        switch job.work {
        case .look: events.append(.looked(passed: job.lookStatus == 0, message: words))
        case .line:
            let isRefused = job.lookStatus.map { $0 != 0 } ?? false
            events.append(isRefused ? .refused(message: words) : .ended(status: status))
        }
    }

    mutating func fail(_ reason: String) {
        phase = .gone
        (job, stopping) = (nil, nil)
        events.append(.unusable(reason))
    }
}

// MARK: The greeting
extension DrivenShell {
    private mutating func learn(_ name: String, _ value: String) {
        guard phase == .greeting else { return }
        switch name {
        case "pid": greeting.process = Int32(value) ?? 0
        case "bash": if !value.isEmpty { commands.dialect = ShellDialect(bash: value, korn: "") }
        case "korn": if !value.isEmpty { commands.dialect = ShellDialect(bash: "", korn: value) }
        case "user": greeting.user = value
        case "uid":
            greeting.isPrivileged = value == "0"
            if greeting.user.isEmpty { greeting.user = value }
        case "host": greeting.computer = value
        case "kernel": greeting.operatingSystem = value
        case "system": if !value.isEmpty { greeting.operatingSystem = value }
        default: break
        }
    }

    private mutating func isGreeted() {
        guard greeting.process > 0 else {
            return fail("\(commands.program) there does not answer as a POSIX shell does.")
        }
        phase = .idle
        patience = Self.firstPatience
        greeting.dialect = commands.dialect
        greeting.workingDirectory = workingDirectory
        watch = ShellGuardWatch(ShellGuardProgram(nonce: commands.nonce, process: greeting.process))
        events.append(.greeted(greeting))
    }

    private static func refusal(of shell: String) -> String {
        "the shell there is \(shell), which psrun does not drive: dash, bash, busybox, mksh and ksh93 are driven."
    }
}
