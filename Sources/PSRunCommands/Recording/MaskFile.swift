import Files
import PSRunCommandLine
import Patterns
import Recording
import RecordingSearch

/// What `diff` masks: the usual masks, those of the command line, and those of the file `psrun/masks` in the
/// configuration folder: one `[NAME=]REGEX` a line; empty lines and those that begin with `#` say nothing.
enum MaskFile {
    /// - Throws: `notFound` for a mask that is not a regular expression, or a file that cannot be read.
    static func masks(
        for invocation: DiffInvocation,
        environment: [String: String]
    ) throws(RecordingError) -> OutputMasks {
        var own: [OutputMasks.Own] = []
        for mask in invocation.masks { own.append(try compiled(mask, from: "--mask")) }
        if let path = path(environment), FileContents.exists(path) {
            for (number, line) in try lines(of: path).enumerated() where !line.isEmpty && line.first != "#" {
                guard let mask = DiffInvocation.Mask(String(line)) else { continue }
                own.append(try compiled(mask, from: "\(path), line \(number + 1)"))
            }
        }
        if !invocation.within { own.append(try tags()) }
        return OutputMasks(own: own, usual: invocation.usualMasks)
    }

    /// The tags of redacted text are keyed anew in each run: those of two runs cannot be compared.
    private static func tags() throws(RecordingError) -> OutputMasks.Own {
        let mask = DiffInvocation.Mask(name: "tag", pattern: #"\[redacted:\K[0-9a-f]{8}(?=\])"#)
        return try compiled(mask, from: "tags")
    }

    private static func path(_ environment: [String: String]) -> String? {
        func folder(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
        return (folder("XDG_CONFIG_HOME") ?? folder("HOME").map { $0 + "/.config" }).map { $0 + "/psrun/masks" }
    }

    private static func lines(of path: String) throws(RecordingError) -> [Substring] {
        do throws(FileFailure) {
            return String(decoding: try FileContents.read(path, limit: FileContents.textBytes), as: UTF8.self)
                .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        } catch {
            throw RecordingError(.notFound, "The masks in \(path) cannot be read: \(error.reason).")
        }
    }

    private static func compiled(
        _ mask: DiffInvocation.Mask,
        from place: String
    ) throws(RecordingError) -> OutputMasks.Own {
        do throws(PatternError) {
            return OutputMasks.Own(name: mask.name, pattern: try Pattern(mask.pattern))
        } catch {
            throw RecordingError(
                .notFound,
                "\(place): '\(mask.pattern)' is not a regular expression: \(error.message)."
            )
        }
    }
}
