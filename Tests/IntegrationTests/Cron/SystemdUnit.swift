import Glibc
import PSRunTestSupport
import Testing

/// A unit as systemd itself reads it: `systemd --user --test` prints what it has loaded.
struct SystemdUnit {
    private let lines: [(key: String, value: String)]

    /// - Throws: TestSupportError where systemd does not load it.
    init(_ name: String, in folder: String, _ place: Workplace) async throws {
        let runtime = try place.folder.makeFolder("run-\(UInt32.random(in: 0...UInt32.max))", mode: 0o755)
        // For root it would be the system's manager.
        let account: [String]
        if getuid() == 0 {
            #expect(chown(runtime, 65_534, 65_534) == 0)
            account = ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        } else {
            account = []
        }
        let outcome = try await ChildProgram.run(
            account + ["/lib/systemd/systemd", "--user", "--test", "--unit=\(name)"],
            environment: [
                "PATH": "/usr/bin:/bin", "HOME": runtime, "XDG_RUNTIME_DIR": runtime, "SYSTEMD_UNIT_PATH": "\(folder):",
                "SYSTEMD_LOG_TARGET": "console",
            ]
        )
        let part = outcome.output.split(separator: "-> Unit ").first { $0.hasPrefix("\(name):\n") }
        guard let part else { throw TestSupportError("systemd has not loaded \(name): \(outcome.errors)") }
        lines = part.split(separator: "\n").compactMap { line in
            let text = String(line.drop { $0 == "\t" || $0 == " " })
            guard let colon = text.firstRange(of: ": ") else { return nil }
            return (String(text[..<colon.lowerBound]), String(text[colon.upperBound...]))
        }
    }

    subscript(_ key: String) -> String? { lines.first { $0.key == key }?.value }

    /// The words of ExecStart=, as the program gets them: systemd prints them for a shell, and `$$` still doubled.
    var words: [String] {
        var words: [String] = []
        var (word, isQuoted, isOpen) = ("", false, false)
        var rest = Substring(self["Command Line"] ?? "")
        while let character = rest.popFirst() {
            switch character {
            case "\"":
                isQuoted.toggle()
                isOpen = true
            case "\\": if let next = rest.popFirst() { word.append(next) }
            case " " where !isQuoted:
                if isOpen || !word.isEmpty { words.append(word) }
                (word, isOpen) = ("", false)
            default: word.append(character)
            }
        }
        if isOpen || !word.isEmpty { words.append(word) }
        return words.map { $0.split(separator: "$$", omittingEmptySubsequences: false).joined(separator: "$") }
    }
}
