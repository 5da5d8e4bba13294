package import Audit
import ConsoleText
package import PSRunCommandLine
package import RecordingFormat

extension StoreAudit {
    /// How `verify` ends for it.
    package var exitCode: ExitCode {
        let levels = Set(allFindings.map(\.level))
        return levels.contains(.problem) ? .notAllWell : levels.contains(.incomplete) ? .recordingNotWhole : .allWell
    }

    // MARK: For people

    /// A paragraph for each run, what concerns all of them, and the verdict.
    package var text: String {
        var lines = runs.flatMap(\.lines)
        if let chain { lines.append("chain.log: \(chain.lines) lines, head \(chain.head)") }
        lines += findings.map(\.line)
        lines.append(verdict)
        return lines.map { line in
            let ownLine = line.split(whereSeparator: \.isNewline).joined(separator: " ")
            return TerminalText.presentable(ownLine, colored: false) + "\n"
        }.joined()
    }

    private var verdict: String {
        let sealed = self.sealed
        let count = Self.count(sealed.count)
        let unsigned = sealed.count { !$0.isSigned }
        // One word for one thing: what is not signed is consistent, and no more.
        let isAllSigned = sealed.allSatisfy { $0.isSigned || !$0.isProved }
        let good = "\(sealed.count { $0.isProved }) of \(count) \(isAllSigned ? "proved" : "consistent")"
        let words =
            switch exitCode {
            case .allWell where sealed.isEmpty && !runs.isEmpty: "Nothing is sealed yet."
            case .allWell where unsigned > 0:
                "Consistent: \(count), every byte as it was sealed. "
                    + "\(unsigned < sealed.count ? "\(unsigned) of them not" : "Not") signed by an allowed signer."
            case .allWell: "Proved: \(count), every byte as it was sealed and signed."
            case .recordingNotWhole:
                "Not whole: \(good); the others were recovered, never sealed, or could not be checked."
            default: "NOT PROVED: \(good)."
            }
        let underWay = runs.count - sealed.count
        return words + (underWay == 0 ? "" : " Under way, and not sealed yet: \(Self.count(underWay)).")
    }

    /// The runs about which a verdict is given: nobody can tell anything of those that are under way.
    private var sealed: [AuditedRun] { runs.filter { $0.state != .running } }

    private static func count(_ runs: Int) -> String { "\(runs) \(runs == 1 ? "run" : "runs")" }

    // MARK: For programs

    /// - Parameter signers: the file of those whose signatures count.
    package func json(signers: String?) -> JSONValue {
        .record([
            .recordings: .string(folder),
            .exitCode: .integer(Int64(exitCode.number)),
            .proved: .bool(exitCode == .allWell && sealed.allSatisfy(\.isSigned)),
            .consistent: .bool(exitCode == .allWell),
            .allowedSigners: .optional(signers),
            .chain: chain.map { .record([.lines: .integer(Int64($0.lines)), .head: .string($0.head)]) } ?? .null,
            .runs: .array(runs.map(\.json)),
            .findings: .array(findings.map(\.json)),
        ])
    }
}

extension AuditedRun {
    fileprivate var lines: [String] {
        var about: [String] = []
        if let entries, let goodEntries { about.append("\(goodEntries) of \(entries) entries are good") }
        if case .trusted(let principal, let key) = signature { about.append("signed by \(principal) (\(key))") }
        if let continuedRun { about.append("continues \(continuedRun)") }
        let verdict =
            isProved
            ? "good"
            : isUnsuspected ? "under way" : findings.contains { $0.level == .problem } ? "NOT PROVED" : "not whole"
        return [
            ([run, state.rawValue, verdict].joined(separator: "  ")
                + (about.isEmpty ? "" : ": " + about.joined(separator: ", ")))
        ]
            + findings.map { "  \($0.line)" }
    }

    fileprivate var json: JSONValue {
        var members = [
            JSONMember(.run, .string(run)),
            JSONMember(.state, .string(state.rawValue)),
            JSONMember(.proved, .bool(isProved && isSigned)),
            JSONMember(.consistent, .bool(isProved)),
            JSONMember(.signature, signature.map(\.json) ?? .null),
            JSONMember(.entries, .optional(entries)),
            JSONMember(.goodEntries, .optional(goodEntries)),
            JSONMember(.findings, .array(findings.map(\.json))),
        ]
        if let continuedRun { members.append(JSONMember(.continues, .string(continuedRun))) }
        return .object(members)
    }
}

extension SignatureStatus {
    fileprivate var json: JSONValue {
        switch self {
        case .trusted(let principal, let key):
            .record([.counts: true, .principal: .string(principal), .key: .string(key)])
        case .untrusted(let key, _):
            .record([.counts: false, .principal: nil, .key: .string(key)])
        case .bad:
            .record([.counts: false, .principal: nil, .key: nil])
        }
    }
}

extension Finding {
    fileprivate var line: String {
        "\(level == .note ? "note" : code.rawValue): \(member.map { "\($0): " } ?? "")\(message)"
    }

    fileprivate var json: JSONValue {
        .record([
            .code: .string(code.rawValue),
            .level: .string(level.rawValue),
            .member: .optional(member),
            .message: .string(message),
        ])
    }
}
