package import CLIXML
package import PSRP
package import Playbooks

/// What happened in a playbook's session: for the console, the report and the recording alike.
package enum SessionEvent: Sendable, Hashable {
    /// The pool is open, at this protocol version.
    case opened(PSVersionNumber)
    /// A line that came before PSRP began.
    case noise(String)
    /// What a program on the far side wrote past the session: a line, or a part of one.
    case foreign(String)
    /// What cuts the playbook into blocks, and the blocks where they are known before the first step.
    case cut(BlockCutter, [PlaybookBlock])
    /// A word about the session for whoever watches it.
    case remark(String)
    /// A step begins with this line of the playbook (0 for the profile).
    case stepBegan(firstLine: Int)
    /// The prompt, its label included.
    case prompt(String)
    /// Lines of the playbook that were just sent; a continuation of those before where the block grew.
    case input([String], isContinuation: Bool)
    /// What a console shows: colours and other sequences included.
    case text(String)
    /// What a person answered; `isOnScreen` where the terminal showed it as it was typed.
    case typed(String, isOnScreen: Bool)
    /// A secret was answered, of so many UTF-16 units.
    case typedSecret(length: Int)
    /// A typed record beside what the console shows.
    case record(SessionRecord)
    /// What the far side holds as a secret (a SecureString's text): not to be written down from now on, itself least of all.
    case secret(String)
    case stepEnded(StepResult)
    /// A person is to answer; `PlaybookSession.answer` takes it.
    case question(Question)
    /// The session is over, and the connection is not needed any more. The last event.
    case finished(TargetResult)

    /// What a console shows for the event; nil for nothing.
    package var consoleText: String? {
        switch self {
        case .prompt(let text), .text(let text), .typed(let text, _): text
        case .input(let lines, let isContinuation):
            (isContinuation ? ">> " : "") + lines.joined(separator: "\n>> ") + "\n"
        // As PowerShell's own console (client/tty).
        case .typedSecret(let length): String(repeating: "*", count: length) + "\n"
        default: nil
        }
    }

    /// The same for whoever reads of it later: how long a secret is, is nothing to be written down.
    package var recordedText: String? {
        if case .typedSecret = self { Self.recordedSecret } else { consoleText }
    }

    static let recordedSecret = "********\n"
}

/// A typed record.
package enum SessionRecord: Sendable, Hashable {
    case error(ErrorRecord)
    /// WriteErrorLine's text.
    case errorLine(String)
    case stream(RecordStream, PSValue)
    /// An object of the output stream.
    case output(PSValue)
    /// A call that shows nothing: a setter, or a prompt with what became of it.
    case hostCall(HostMethod, String)
    case other(MessageType, PSValue)
}

/// What a person is asked. The text before the cursor was shown already.
package struct Question: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case line
        /// Not to be shown while it is typed, and never recorded.
        case secret
        case key
    }

    package let kind: Kind
}

/// Why a target's run is ended early.
package enum StopReason: Sendable, Hashable {
    case stepTimeout(Duration)
    case targetTimeout(Duration)
    case runTimeout
    case interrupt
    /// The recording cannot be kept.
    case recordingLost

    var isTimeout: Bool {
        switch self {
        case .stepTimeout, .targetTimeout, .runTimeout: true
        case .interrupt, .recordingLost: false
        }
    }
}
