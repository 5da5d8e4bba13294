/// The commands that drive a shell over its standard input, and what it answers on its control descriptor.
///
/// A line's text never travels in a command: it stands in a memory file that the shell reads with `.`, so that any text
/// of any size arrives as it is, `return` and here-documents work, and an error ends the text and nothing else. Since a
/// shell may throw away what it has read ahead when an error or a SIGINT unwinds it, the command that asks for the
/// status is written only once the shell has said that it began the line.
package struct ShellScript: Sendable, Hashable {
    private let folder: String
    private let linePath: String
    private let controlPath: String
    private let statusPath: String
    private let inputPath: String

    /// - Parameters:
    ///   - folder: where the shell can open the descriptors by number: `/proc/PID/fd` of what holds them.
    ///   - line: the memory file of the line's text.
    ///   - control: the pipe that the shell answers on; either end of it.
    ///   - status: the memory file that sets `$?`.
    ///   - input: the pipe of a line's standard input; either end of it.
    package init(descriptorFolder folder: String, line: Int32, control: Int32, status: Int32, input: Int32) {
        self.folder = folder
        linePath = "\(folder)/\(line)"
        controlPath = "\(folder)/\(control)"
        statusPath = "\(folder)/\(status)"
        inputPath = "\(folder)/\(input)"
    }

    /// Takes away what an interactive shell would print or keep; the first command of all.
    package var preparation: String {
        "\(Self.withoutPrompts) HISTFILE MAILCHECK 2>/dev/null\n"
    }

    /// Has `exit` end the line and not the shell, whose session is kept open: an alias, as a special built-in cannot be a
    /// function, which tells the status and fails as an interactive shell survives it. In a subshell it stays what it is.
    package var staying: String {
        "__psrun_exit() { __psrun_status=\"${1:-$?}\"; read -r __psrun_process __psrun_rest </proc/self/stat; "
            + "[ \"$__psrun_process\" = \"$$\" ] || \\exit \"$__psrun_status\"; \(say("x0 $__psrun_status")) "
            + "{ : \"${__psrun_left?}\"; } 2>/dev/null; }; alias exit=__psrun_exit\n"
    }

    /// Says that it begins, sets `$?` to what the last line left, and runs the memory file's text.
    package func begin(_ number: Int, lastStatus: Int32, hasInput: Bool) -> String {
        let source = hasInput ? inputPath : "/dev/null"
        let restore = lastStatus == 0 ? "" : "{ . \(statusPath); } 2>/dev/null || "
        return "{ \(say("b\(number)")) \(restore). \(linePath); "
            + "{ __psrun_line=$?; \(Self.withoutPrompts); } 2>/dev/null; } <\(source)\n"
    }

    /// Asks for the status of what ran last.
    package func ask(_ number: Int) -> String {
        // Where an error has unwound the line, only the shell itself has its status.
        "\(say("e\(number) ${__psrun_line:-$?}")) { __psrun_line=; \(Self.withoutPrompts); } 2>/dev/null\n"
    }

    /// Takes away what a line has set for a console, which the shell would show, run or obey between two lines.
    private static let withoutPrompts = #"PS1= PS2=; \unset PS0 PROMPT_COMMAND TMOUT"#

    /// The text of the status file: setting `$?` needs no process of its own that way.
    package func statusText(_ status: Int32) -> String { "return \(status)\n" }

    /// An answer on the control descriptor.
    package enum Answer: Sendable, Hashable {
        case began(Int)
        case ended(Int, status: Int32)
        /// The line asked for the session's end, which is kept open.
        case asked(status: Int32)
    }

    /// - Parameter line: one line of the control descriptor, without its terminator.
    package static func answer(_ line: some Sequence<UInt8>) -> Answer? {
        let text = String(decoding: Array(line), as: UTF8.self)
        let words = text.dropFirst().split(separator: " ")
        guard let number = words.first.flatMap({ Int($0) }) else { return nil }
        switch (text.first, words.count) {
        case ("b", 1): return .began(number)
        case ("e", 2): return Int32(words[1]).map { .ended(number, status: $0) }
        case ("x", 2): return .asked(status: (Int32(words[1]) ?? 2) & 0xff)
        default: return nil
        }
    }

    /// A line of the shell's own stderr as a person should see it: without the memory file's name, and nil for the trace
    /// (`set -x`, `set -v`) of the commands above.
    package func cleaned(_ line: [UInt8]) -> [UInt8]? {
        guard let name = line.place(of: "\(folder)/".utf8) else { return line }
        let before = String(decoding: line[..<name.lowerBound], as: UTF8.self)
        if before.hasPrefix("{ ") && before.holds("\\command printf ") || before == "+ . " { return nil }
        let rest = line[name.upperBound...].drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard rest.starts(with: ": ".utf8), before.contains(":"), !before.contains("/") else { return line }
        return Array(before.utf8 + rest.dropFirst(2))
    }

    private func say(_ text: String) -> String {
        "{ \\command printf '%s\\n' \"\(text)\" >\(controlPath); } 2>/dev/null;"
    }
}
