import CLIXML
import PSRP

/// The error records that the endpoint makes.
extension ErrorRecord {
    /// An unfinished block, as a real server tells it (server/parse): nothing ran.
    static func incomplete(_ message: String) -> ErrorRecord {
        make(message: message, errorID: "IncompleteInput", category: 17, reason: "IncompleteParseException")
    }

    /// A text that no further line can cure: nothing ran. As a real server does, it names the line, from 1 (server/parse).
    static func invalid(_ message: String, line: Int, of text: String) -> ErrorRecord {
        make(
            message: message,
            errorID: "SyntaxError",
            category: 17,
            reason: "ParseException",
            invocation: invocation(line: line, of: text)
        )
    }

    /// InvocationInfo of a line of a text that ran by itself, not in a script.
    private static func invocation(line: Int, of text: String) -> PSValue {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let shown = lines.indices.contains(line - 1) ? PSString(String(lines[line - 1].prefix(1_000))) : ""
        return .object(
            PSObject(
                typeNames: ["System.Management.Automation.InvocationInfo", "System.Object"],
                toString: "System.Management.Automation.InvocationInfo",
                adapted: [
                    PSProperty("MyCommand", .null),
                    PSProperty("ScriptLineNumber", .int32(Int32(clamping: line))),
                    PSProperty("OffsetInLine", .int32(1)),
                    PSProperty("HistoryId", .int64(-1)),
                    PSProperty("ScriptName", .string("")),
                    PSProperty("Line", .string(shown)),
                    PSProperty("PositionMessage", .string(PSString("At line:\(line) char:1\n+ \(shown.text)"))),
                    PSProperty("InvocationName", .string("")),
                    PSProperty("PipelineLength", .int32(0)),
                    PSProperty("PipelinePosition", .int32(0)),
                    PSProperty("ExpectingInput", .bool(false)),
                    PSProperty("CommandOrigin", .string("Internal")),
                ]
            )
        )
    }

    /// server/stop
    static var stopped: ErrorRecord {
        make(
            message: "The pipeline has been stopped.",
            errorID: "PipelineStopped",
            category: 14,
            reason: "PipelineStoppedException"
        )
    }

    /// A line that a program wrote to stderr, where no console shows it. The first one is the record's target, too; later
    /// ones have an id of their own (PowerShell 7.6.9).
    static func standardError(_ line: String, isFirst: Bool) -> ErrorRecord {
        make(
            message: line,
            errorID: isFirst ? "NativeCommandError" : "NativeCommandErrorMessage",
            category: 0,
            reason: "RemoteException",
            target: isFirst ? line : nil
        )
    }

    static func refused(_ message: String) -> ErrorRecord {
        make(message: message, errorID: "NotSupported", category: 11, reason: "PSNotSupportedException")
    }

    /// Of a line of which nobody knows how far it came.
    static func lineLost(_ message: String) -> ErrorRecord {
        make(message: message, errorID: lostPipelineID, category: 27, reason: "RemoteException")
    }

    /// Of a line that finds no shell.
    static func shellGone(_ message: String) -> ErrorRecord {
        make(message: message, errorID: "ShellGone", category: 21, reason: "RuntimeException")
    }
}
