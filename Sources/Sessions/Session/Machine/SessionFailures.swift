import PSRP
import Playbooks

/// What a session says of what ends it.
extension TargetFailure {
    static func wrongLanguage(_ target: String, _ wanted: PlaybookLanguage, _ found: PlaybookLanguage) -> Self {
        Self(
            code: "WrongLanguage",
            message:
                "\(target): nothing was sent, because the playbook is for \(FarSide.name(wanted)) and the far "
                + "side is \(FarSide.name(found)); --any-shell sends it anyway"
        )
    }

    static func scriptsNotAllowed(_ target: String) -> Self {
        Self(
            code: "ScriptsNotAllowed",
            message:
                "\(target): this endpoint takes no scripts (a no-language or restricted session configuration), but"
                + " psrun sends each line as a script; use an endpoint that takes them"
        )
    }

    static func requiredCommandsMissing(_ target: String) -> Self {
        Self(
            code: "RequiredCommandsMissing",
            message:
                "\(target): the session lacks the commands that entering it needs, Out-Default and"
                + " Exit-PSSession; use another session configuration"
        )
    }

    static func openBlock(_ target: String, why: String) -> Self {
        Self(code: "OpenBlock", message: "\(target): \(why); nothing of it ran")
    }

    /// The far side's parser refused the whole playbook.
    static func syntaxError(
        _ target: String,
        _ problem: SyntaxProblem,
        of cut: PlaybookCut,
        in playbook: Playbook
    ) -> Self {
        let place = LinePlaces(playbook).position(of: problem.offset)
        let others = cut.problems.count - 1
        let rest =
            switch others {
            case 0: ""
            case 1: " (and another error)"
            default: " (and \(others) other errors)"
            }
        return Self(
            code: "PlaybookSyntaxError",
            message:
                "\(target): nothing was sent, because the far side's parser finds an error at line \(place.line),"
                + " column \(place.column) of the playbook: \(problem.message.withoutPeriod.asClause)"
                + " [\(problem.errorID)]\(rest)"
        )
    }

    /// The far side's answer where blocks end contradicts the playbook.
    static func cutNotUsable(_ target: String, _ error: CutError) -> Self {
        let why =
            switch error {
            case .notUsable(let why): why
            }
        return Self(
            code: "CutNotUsable",
            message:
                "\(target): nothing was sent, because the far side's answer where blocks end cannot be used: \(why);"
                + " --blocks incremental asks line by line"
        )
    }

    /// The far side's parser refused one block.
    static func blockRefused(_ target: String, _ step: StepText, _ error: ErrorRecord) -> Self {
        let line = error.parserLine.map { step.playbookLine(ofParserLine: $0) } ?? step.firstLine
        let lines = step.firstLine == step.lastLine ? step.place : "lines \(step.firstLine) to \(step.lastLine)"
        return Self(
            code: "BlockRefused",
            message:
                "\(target): the far side's parser refuses \(lines) for an error in line \(line), so nothing of it ran;"
                + " where the block ends is not known, and later lines were not sent"
        )
    }

    /// A run that is continued ended within what the far side takes for one block.
    static func startWithinBlock(_ target: String, _ block: PlaybookBlock) -> Self {
        Self(
            code: "StartWithinBlock",
            message:
                "\(target): nothing was sent, because the far side takes lines \(block.firstLine) to \(block.lastLine) for one"
                + " block, and some of them ran before; `psrun rerun` sends the whole playbook once more"
        )
    }

    static func endedBeforeFirstLine(_ target: String) -> Self {
        Self(
            code: "SessionEnded",
            message: "\(target): the far side ended the session before the first line, so nothing was sent"
        )
    }

    /// - Parameter place: of the step that was to enter the other session.
    static func nestedSession(_ target: String, _ place: String) -> Self {
        Self(
            code: "NestedSession",
            message:
                "\(target): \(place) was to enter another session from there, which did not come about, and later lines were"
                + " not sent, because they are meant for that session. Name that host as a target of psrun's (--host, with"
                + " ProxyJump in the SSH configuration where \(target) is on the way), or send it lines by Invoke-Command"
                + " -HostName"
        )
    }

    /// The far side asked for the end of the session and did not end the line in which it asked.
    static func leftRunning(_ target: String, _ step: StepText) -> Self {
        Self(
            code: "LineNotEnded",
            message:
                "\(target): \(step.place) asked for the end of the session and did not end itself within the grace, so that"
                + " it is not known how far it ran; the session was closed, and later lines were not sent. Leave as the"
                + " last thing that a line does, or give it more time with --grace"
        )
    }

    /// The far side asked for the end of the session, and ended it before the line in which it asked.
    static func leftUnended(_ target: String, _ step: StepText) -> Self {
        Self(
            code: "LineNotEnded",
            message:
                "\(target): \(step.place) asked for the end of the session, which was lost before the line ended, so that it is"
                + " not known how far it ran; later lines were not sent. Check on that host what it did before you send it"
                + " again"
        )
    }

    /// Of a step: it seems well, and nobody knows.
    static let successUnknown = Self(
        code: "SuccessUnknown",
        message: "the far side did not tell `$?` behind it, so that it is not known whether it went well"
    )

    /// Of a step: a stop that psrun did not ask for.
    /// - Parameter words: the far side's own.
    static func stoppedThere(_ words: String?) -> Self {
        Self(
            code: "StoppedThere",
            message: "it was stopped at the far side" + (words.map { ": \($0.withoutPeriod)" } ?? "")
        )
    }

    /// Of a step: the far side has lost it.
    /// - Parameter words: of whoever noticed.
    static func lineLost(_ words: String?) -> Self {
        Self(
            code: "LineLost",
            message: "it is not known how far it ran" + (words.map { ": \($0.withoutPeriod.asClause)" } ?? "")
        )
    }

    /// The same as a step has it, whose target is known.
    func ofStep(at target: String) -> Self {
        let lead = "\(target): "
        return Self(code: code, message: message.hasPrefix(lead) ? String(message.dropFirst(lead.count)) : message)
    }

    /// - Parameter place: `line 3`: the step that asked; nil where none was under way.
    static func nonZeroExit(_ target: String, code: Int32, _ place: String?, _ reach: ExitReach) -> Self {
        let (ended, left) = reach.words
        return Self(
            code: "NonZeroExit",
            message: "\(target): \(place ?? "the far side") ended \(ended) with exit code \(code)\(left)"
        )
    }

    /// - Parameter what: was under way, as a clause.
    static func stopped(_ target: String, _ reason: StopReason, _ what: String) -> Self {
        let (code, why) =
            switch reason {
            case .stepTimeout(let limit): ("StepTimeout", "the step took longer than \(limit.milliseconds) ms")
            case .targetTimeout(let limit): ("TargetTimeout", "the target took longer than \(limit.milliseconds) ms")
            case .runTimeout: ("RunTimeout", "the run's time ran out")
            case .interrupt: ("Interrupted", "psrun was interrupted")
            case .recordingLost: ("RecordingLost", "the recording could not be kept")
            }
        return Self(code: code, message: "\(target): \(why); \(what), and later lines were not sent")
    }

    /// A session that broke once its pool was open.
    /// - Parameters:
    ///   - step: what had begun, nil between two steps.
    ///   - isRunning: whether its own line was running still.
    ///   - hasRunSteps: whether a step has ended before.
    static func broken(
        _ target: String,
        by cause: Self,
        in step: StepText?,
        isRunning: Bool,
        hasRunSteps: Bool
    ) -> Self {
        let cause = (code: cause.code, message: cause.message.withoutPeriod.asClause)
        guard let step else {
            let when =
                hasRunSteps
                ? "between two lines, and later lines were not sent" : "before the first line, and nothing was sent"
            return Self(code: cause.code, message: "\(target): the session broke \(when): \(cause.message)")
        }
        let fate = isRunning ? "was running, so that it may have run" : "had run"
        let wayOut = isRunning ? ". Check on that host what it did before you send it again" : ""
        return Self(
            code: cause.code,
            message:
                "\(target): the session broke when \(step.place) \(fate), and later lines were not sent:"
                + " \(cause.message)\(wayOut)"
        )
    }

    /// What the protocol refused, or its end, in a session whose pool was open.
    init(_ error: PSRPError, from endpoint: FarEndpoint) {
        // A service's answers are no program's to write into.
        let wayOut = endpoint == .service ? "" : Self.wayOut(of: error)
        self.init(code: Self.code(of: error), message: error.message + wayOut)
    }

    /// A stream that cannot be read any more: what did that, most likely, and how not to do it again.
    private static func wayOut(of error: PSRPError) -> String {
        switch error.code {
        case .noise, .malformedElement, .malformedFragment, .malformedMessage, .malformedBody:
            " A program that a line started there may have written into the session's own stream: run it as a command, or"
                + " give Start-Process a file with -RedirectStandardOutput."
        case .protocolVersion, .limit, .farSide, .ended, .sessionKey: ""
        }
    }

    /// The same before the pool was open: with the phase, and what to do about it.
    init(_ error: PSRPError, connecting options: SessionOptions, in phase: String?) {
        let wayOut =
            switch error.code {
            case .protocolVersion: "Install a PowerShell there that speaks a version from 2.1 to 2.4."
            case .ended, .farSide: options.farEndpoint.adviceOnEnd
            case .noise, .malformedElement, .malformedFragment, .malformedMessage, .malformedBody, .limit, .sessionKey:
                options.farEndpoint.adviceOnNoise
            }
        let phase = phase ?? SessionPhase.opening
        self.init(
            code: Self.code(of: error),
            message: "\(options.target): in phase \(phase): \(error.message.withoutPeriod.asClause)."
                + (wayOut.isEmpty ? "" : " \(wayOut)")
        )
    }

    private static func code(of error: PSRPError) -> String {
        switch error.code {
        case .malformedElement, .malformedFragment, .malformedMessage, .malformedBody: "MalformedData"
        case .protocolVersion: "ProtocolVersion"
        case .limit: "LimitExceeded"
        case .farSide: "FarSideError"
        case .noise: "NotPSRP"
        case .ended: "SessionBroken"
        case .sessionKey: "SessionKey"
        }
    }
}

extension String {
    /// The same, fit to be gone on with.
    var withoutPeriod: String { hasSuffix(".") ? String(dropLast()) : self }

    /// To stand behind a colon: a sentence's first article begins in lower case.
    fileprivate var asClause: String {
        ["The ", "A ", "An "].contains(where: hasPrefix) ? prefix(1).lowercased() + dropFirst() : self
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { microseconds / 1000 }
}
