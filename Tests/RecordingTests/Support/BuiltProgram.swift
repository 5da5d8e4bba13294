import PSRunTestSupport

/// A program that the package's build puts beside its tests.
enum BuiltProgram {
    static func path(_ name: String) throws -> String {
        let shown = try Command.run("ls", "\(PackageRoot.path)/.build/debug/\(name)")
        guard shown.status == 0 else { throw CommandFailure(text: shown.errors) }
        return String(shown.output.dropLast())
    }
}
