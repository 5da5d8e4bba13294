/// A folder that is gone with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let made = try Command.run("mktemp", "-d")
        guard made.status == 0, made.output.hasSuffix("\n") else { throw CommandFailure(text: made.errors) }
        path = String(made.output.dropLast())
    }

    deinit {
        _ = try? Command.run("rm", "-rf", path)
    }
}
