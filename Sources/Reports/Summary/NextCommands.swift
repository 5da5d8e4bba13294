/// The two commands that come next after a run of which something is not well: a look at it, and another try.
package struct NextCommands: Sendable, Hashable {
    /// As typed at a shell.
    package let lines: [String]

    /// - Parameters:
    ///   - run: the recording's name.
    ///   - folder: what `--recordings` named; nil where it was not given.
    ///   - brief: what the run came to.
    /// - Returns: nil where all is well.
    package init?(run: String, folder: String?, _ brief: RunInBrief) {
        guard let host = brief.firstNotWell else { return nil }
        let place = folder.map { " --recordings \(Self.quoted($0))" } ?? ""
        let show = "psrun show \(Self.quoted(run))\(place) --host \(Self.quoted(host))"
        let kinds = brief.kinds
        let wanted = (kinds.failed ? " --failed" : "") + (kinds.unreachable ? " --unreachable" : "")
        let again =
            brief.isCutShort ? "resume \(Self.quoted(run))\(place)" : "rerun \(Self.quoted(run))\(place)\(wanted)"
        lines = [show, "psrun \(again)"]
    }

    /// A word as a shell reads it back.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "-._/@:%+=,".utf8.contains(byte)
        }
        return isPlain && !word.isEmpty
            ? word
            : "'"
                + word.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "'\\''") + "'"
    }
}
