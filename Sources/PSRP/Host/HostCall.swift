package import CLIXML

/// The methods of a PowerShell host that a far side may call (MS-PSRP 2.2.3.17).
package enum HostMethod: Int32, Sendable, Hashable, CaseIterable {
    case getName = 1, getVersion, getInstanceId, getCurrentCulture, getCurrentUICulture
    case setShouldExit = 6
    case enterNestedPrompt, exitNestedPrompt, notifyBeginApplication, notifyEndApplication
    case readLine = 11, readLineAsSecureString
    case write1 = 13, write2
    case writeLine1 = 15, writeLine2, writeLine3
    case writeErrorLine = 18, writeDebugLine, writeProgress, writeVerboseLine, writeWarningLine
    case prompt = 23, promptForCredential1, promptForCredential2, promptForChoice
    case getForegroundColor = 27, setForegroundColor, getBackgroundColor, setBackgroundColor
    case getCursorPosition = 31, setCursorPosition, getWindowPosition, setWindowPosition
    case getCursorSize = 35, setCursorSize, getBufferSize, setBufferSize, getWindowSize, setWindowSize
    case getWindowTitle = 41, setWindowTitle
    case getMaxWindowSize = 43, getMaxPhysicalWindowSize, getKeyAvailable
    case readKey = 46, flushInputBuffer
    case setBufferContents1 = 48, setBufferContents2, getBufferContents, scrollBufferContents
    case pushRunspace = 52, popRunspace, getIsRunspacePushed, getRunspace
    case promptForChoiceMultipleSelection = 56

    /// Whether it only shows something: Write, WriteLine and their like.
    package var isOutput: Bool { (Self.write1.rawValue...Self.writeWarningLine.rawValue).contains(rawValue) }

    /// The method's name on the wire: `WriteLine2`.
    package var wireName: String {
        let name = String(describing: self)
        return name.prefix(1).uppercased() + name.dropFirst()
    }
}

/// A call that the far side makes on its client's host.
package struct HostCall: Sendable, Hashable {
    /// -100 for a call that wants no reply; others are numbered from 1.
    package static let voidCallID: Int64 = -100

    package let callID: Int64
    package let method: HostMethod
    package let parameters: [PSValue]
    /// nil for the pool's own (a start-up script's).
    package let pipeline: PSGuid?

    package init(callID: Int64, method: HostMethod, parameters: [PSValue], pipeline: PSGuid?) {
        self.callID = callID
        self.method = method
        self.parameters = parameters
        self.pipeline = pipeline
    }

    package var needsReply: Bool { callID != Self.voidCallID }
}

/// What a client answers to a host call.
package enum HostReply: Sendable, Hashable {
    /// `mr`; nil for a method that returns nothing.
    case result(PSValue?)
    /// `me`: an error record that says why (server/prompts-refused).
    case refused(message: String, errorID: String)
}

/// The sizes and names that a client's host tells when it opens a pool; the far side answers RawUI questions from them.
package struct HostDescription: Sendable, Hashable {
    package var columns: Int32
    package var rows: Int32
    package var title: String

    package init(columns: Int32 = 120, rows: Int32 = 50, title: String = "psrun") {
        self.columns = columns
        self.rows = rows
        self.title = title
    }
}
