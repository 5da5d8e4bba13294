/// The commands that drive a shell over its standard input, and what it answers on its control descriptor.
///
/// A line's text never travels in a command: it stands in a memory file that the shell reads with `.`, so that any text
/// of any size arrives as it is, `return` and here-documents work, and an error ends the text and nothing else. Since a
/// shell may throw away what it has read ahead when an error or a SIGINT unwinds it, the command that asks for the
/// status is written only once the shell has said that it began the line.
package struct ShellScript: Sendable, Hashable {
    /// The shell's descriptors, far from those that scripts use.
    package static let lineDescriptor: Int32 = 241
    package static let controlDescriptor: Int32 = 242
    package static let statusDescriptor: Int32 = 243
    package static let inputDescriptor: Int32 = 244

    private let folder: String

    /// - Parameter folder: where descriptors can be opened by number: `/dev/fd`, or `/proc/self/fd`.
    package init(descriptorFolder folder: String = "/dev/fd") {
        self.folder = folder
    }

    /// Takes away what an interactive shell would print or keep; the first command of all.
    package var preparation: String {
        "PS1= PS2=; unset HISTFILE MAILCHECK PROMPT_COMMAND 2>/dev/null\n"
    }

    /// Says that it begins, sets `$?` to what the last line left, and runs the memory file's text.
    package func begin(_ number: Int, lastStatus: Int32, hasInput: Bool) -> String {
        let source = hasInput ? path(Self.inputDescriptor) : "/dev/null"
        let restore = lastStatus == 0 ? "" : "{ . \(path(Self.statusDescriptor)); } 2>/dev/null || "
        return "{ \(say("b\(number)")) \(restore). \(path(Self.lineDescriptor)); } <\(source)\n"
    }

    /// Asks for the status of what ran last.
    package func ask(_ number: Int) -> String {
        "\(say("e\(number) $?"))\n"
    }

    /// The text of the status file: setting `$?` needs no process of its own that way.
    package func statusText(_ status: Int32) -> String { "return \(status)\n" }

    /// An answer on the control descriptor.
    package enum Answer: Sendable, Hashable {
        case began(Int)
        case ended(Int, status: Int32)
    }

    /// - Parameter line: one line of the control descriptor, without its terminator.
    package static func answer(_ line: some Sequence<UInt8>) -> Answer? {
        let text = String(decoding: Array(line), as: UTF8.self)
        let words = text.dropFirst().split(separator: " ")
        guard let number = words.first.flatMap({ Int($0) }) else { return nil }
        switch (text.first, words.count) {
        case ("b", 1): return .began(number)
        case ("e", 2): return Int32(words[1]).map { .ended(number, status: $0) }
        default: return nil
        }
    }

    /// A line of the shell's own stderr as a person should see it: without the memory file's name, and nil for the trace
    /// (`set -x`, `set -v`) of the commands above.
    package func cleaned(_ line: [UInt8]) -> [UInt8]? {
        guard line.contains(UInt8(ascii: "/")) else { return line }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("{ ") && text.contains(path(Self.controlDescriptor)) { return nil }
        if text == "+ . \(path(Self.lineDescriptor))" { return nil }
        let name = Array("\(path(Self.lineDescriptor)): ".utf8)
        guard let place = line.firstRange(of: name)?.lowerBound, line[..<place].contains(UInt8(ascii: ":")),
            !line[..<place].contains(UInt8(ascii: "/"))
        else { return line }
        return Array(line[..<place] + line[(place + name.count)...])
    }

    private func say(_ text: String) -> String {
        "{ \\command printf '%s\\n' \"\(text)\" >\(path(Self.controlDescriptor)); } 2>/dev/null;"
    }

    private func path(_ descriptor: Int32) -> String { "\(folder)/\(descriptor)" }
}
