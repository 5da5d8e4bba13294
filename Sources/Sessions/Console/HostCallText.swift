import CLIXML
package import PSRP

/// What a console shows for a host call.
package enum HostCallText {
    /// The text of a call that writes, line end included; nil for a call that shows nothing (a setter, progress).
    ///
    /// Source: ConsoleHostUserInterface, and what the screens of a real client show (console/*.txt, console/tty.ansi).
    package static func text(of call: HostCall) -> String? {
        let parameters = call.parameters
        func text(_ index: Int) -> String {
            parameters.indices.contains(index) ? ValueText.text(of: parameters[index]) : ""
        }
        func painted(_ text: String) -> String {
            ConsoleColor.painted(
                text,
                foreground: parameters.first?.int32Value,
                background: parameters.dropFirst().first?.int32Value
            )
        }
        return switch call.method {
        case .write1: text(0)
        case .write2: painted(text(2))
        case .writeLine1: "\n"
        case .writeLine2, .writeErrorLine: text(0) + "\n"
        case .writeLine3: painted(text(2)) + "\n"
        case .writeDebugLine: ConsoleColor.notice("DEBUG: " + text(0)) + "\n"
        case .writeVerboseLine: ConsoleColor.notice("VERBOSE: " + text(0)) + "\n"
        case .writeWarningLine: warning(text(0))
        default: nil
        }
    }

    /// A warning as the console's own.
    static func warning(_ text: String) -> String { ConsoleColor.notice("WARNING: " + text) + "\n" }
}
