import Foundation
import PSRunTestSupport

/// psrun at a terminal, and what a person does there (Tests/Peers/at_terminal.py).
struct TerminalDialog {
    /// What is typed once the screen shows a text, so many seconds later, and the signal that comes then.
    struct Line: Encodable {
        var wanted: String
        var typed: String
        var signal: String?
        var pause: Double

        init(_ wanted: String, _ typed: String, signal: String? = nil, after pause: Double = 0) {
            (self.wanted, self.typed, self.signal, self.pause) = (wanted, typed, signal, pause)
        }

        func encode(to encoder: any Encoder) throws {
            var items = encoder.unkeyedContainer()
            try items.encode(wanted)
            try items.encode(typed)
            try items.encode(signal)
            try items.encode(pause)
        }
    }

    /// How the terminal was left.
    private struct Rest: Decodable {
        var restored: Bool
        var unread: String
    }

    let outcome: ProgramOutcome
    /// What psrun wrote to its standard error, which is not a terminal.
    let errors: String
    /// Whether the terminal's settings are what they were.
    let isRestored: Bool
    /// What was typed and is left for whoever reads the terminal next.
    let unread: String

    /// Starts psrun at a terminal, and ends with it.
    init(
        _ place: Workplace,
        _ arguments: [String],
        environment: [String: String] = [:],
        _ lines: [Line]
    ) async throws {
        let dialog = try place.folder.write(Array(JSONEncoder().encode(lines)), to: "dialog")
        let errors = place.folder.path(of: "terminal-errors")
        let command = ["/bin/sh", "-c", "exec \"$@\" 2>'\(errors)'", "sh", BuiltProgram.path] + arguments
        outcome = try await ChildProgram.run(
            Peers.command("at_terminal.py", [dialog] + command),
            environment: place.environment(adding: environment),
            within: 90
        )
        self.errors = try text(of: errors)
        guard let last = outcome.output.split(separator: "\n").last else { throw TestSupportError("\(outcome)") }
        let rest = try JSONDecoder().decode(Rest.self, from: Data(last.utf8))
        (isRestored, unread) = (rest.restored, rest.unread)
    }
}
