import Foundation
import PSRunTestSupport

/// A headless Chromium with one page (Tests/Peers/browser.py).
struct Browser {
    private var actions: [[String]] = []

    /// An action's words, each as JSON.
    private mutating func act(_ name: String, _ arguments: String...) {
        actions.append([HandmadeRecording.string(name)] + arguments)
    }

    mutating func open(_ path: String) { act("open", HandmadeRecording.string(path)) }
    mutating func scripts(_ mayRun: Bool) { act("script", "\(mayRun)") }
    mutating func scheme(_ name: String) { act("scheme", HandmadeRecording.string(name)) }
    mutating func size(_ width: Int, _ height: Int) { act("size", "\(width)", "\(height)") }
    mutating func press(_ keys: String...) { for key in keys { act("key", HandmadeRecording.string(key)) } }
    mutating func type(_ text: String) { act("type", HandmadeRecording.string(text)) }
    mutating func click(_ selector: String) { act("click", HandmadeRecording.string(selector)) }
    mutating func drag(_ selector: String, to part: Double) {
        act("drag", HandmadeRecording.string(selector), "\(part)")
    }
    mutating func wait(_ expression: String) { act("wait", HandmadeRecording.string(expression)) }
    mutating func read(_ expression: String) { act("value", HandmadeRecording.string("String(\(expression))")) }

    struct Answer: Decodable, Sendable {
        /// What was read, in its order.
        var results: [String]
        /// What the page wrote to the console, what its policy refused, and what it tried to load.
        var messages: [String]
    }

    func run() async throws -> Answer {
        let words = actions.map { "[\($0.joined(separator: ","))]" }
        let input = "[\(words.joined(separator: ","))]"
        let outcome = try await ChildProgram.run(Peers.command("browser.py"), input: Array(input.utf8), within: 60)
        guard outcome.ending == .exited(0) else { throw TestSupportError("browser.py: \(outcome)") }
        return try JSONDecoder().decode(Answer.self, from: Data(outcome.standardOutput))
    }
}
