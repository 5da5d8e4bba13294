import Files
import Glibc
package import Recording
import RecordingFormat
import SystemErrors

/// What `verify` found out about a recordings folder, or about some of its runs.
package struct StoreAudit: Sendable, Hashable {
    /// The recordings folder.
    package let folder: String
    package private(set) var runs: [AuditedRun] = []
    /// nil where there is none.
    package private(set) var chain: ChainSummary?
    /// What concerns the whole folder.
    package private(set) var findings: [Finding] = []

    package struct ChainSummary: Sendable, Hashable {
        package let lines: Int
        /// SHA-256 of the last line.
        package let head: String
    }

    /// All there is to say.
    package var allFindings: [Finding] { findings + runs.flatMap(\.findings) }
    package var isProved: Bool { !allFindings.contains { $0.level != .note } }

    /// What is asked of `verify`.
    package struct Request: Sendable {
        package var folder: String
        /// The runs' folders; nil for all runs of the recordings folder.
        package var runs: [String]?
        /// Files that `prove` made.
        package var proofs: [String] = []
        /// Heads of the chain that were kept elsewhere.
        package var heads: [String]
        package var signatures: SignatureCheck

        package init(folder: String, runs: [String]? = nil, heads: [String] = [], signatures: SignatureCheck) {
            self.folder = folder
            self.runs = runs
            self.heads = heads
            self.signatures = signatures
        }
    }

    /// Reads every byte of what is asked for; blocks.
    /// - Throws: `folderUnusable` where the recordings folder cannot be read.
    package static func of(_ request: Request) throws(RecordingError) -> StoreAudit {
        var audit = StoreAudit(folder: request.folder)
        audit.runs = request.proofs.map { ProofAudit.of($0, signatures: request.signatures) }
        if request.runs?.isEmpty == true, request.heads.isEmpty { return audit }
        let chain = audit.survey(request)
        var auditor = SettledAudit(
            folder: audit.folder,
            signatures: request.signatures,
            chain: chain,
            isNamed: request.runs != nil
        )
        for folder in try audit.folders(request, chain) { audit.runs.append(auditor.audit(folder)) }
        if let finding = auditor.finding { audit.findings.append(finding) }
        return audit
    }

    private init(folder: String) {
        self.folder = folder
    }

    // MARK: The chain

    private mutating func survey(_ request: Request) -> ChainSurvey? {
        let survey: ChainSurvey
        do throws(SystemError) {
            survey = try ChainSurvey.settled(of: folder, heads: Set(request.heads))
        } catch {
            let isCopy = error.code == ENOENT && request.runs != nil && request.heads.isEmpty
            let message =
                isCopy
                ? "there is no chain here: it cannot be proved that no run before or after was removed"
                : "it cannot be read: \(error.text)"
            findings.append(Finding(.chainMissing, isCopy ? .note : .problem, member: RecordedFiles.chain, message))
            return nil
        }
        chain = ChainSummary(lines: survey.lines, head: survey.head)
        findings += survey.findings
        compareHeads(request.heads, survey)
        return survey
    }

    private mutating func compareHeads(_ heads: [String], _ survey: ChainSurvey) {
        for head in heads where survey.places[head] == nil && !(head == Chain.emptyHead && survey.lines == 0) {
            findings.append(
                Finding(
                    .headUnknown,
                    member: RecordedFiles.chain,
                    "no line has the hash \(head): lines that it vouched for are gone or were changed"
                )
            )
        }
        guard let last = survey.places.values.max() else {
            guard heads.isEmpty else { return }
            return findings.append(
                Finding(
                    .headNotGiven,
                    .note,
                    member: RecordedFiles.chain,
                    "only a head of the chain that was kept elsewhere (--head) proves that the newest runs are all here and "
                        + "that the folder is not an older copy"
                )
            )
        }
        if last < survey.lines {
            let count = survey.lines - last
            findings.append(
                Finding(
                    .linesAfterHead,
                    .note,
                    member: RecordedFiles.chain,
                    "\(count) \(count == 1 ? "line was" : "lines were") added after line \(last), whose hash is the given head: "
                        + "it does not vouch for them"
                )
            )
        }
    }

    // MARK: The runs

    /// The folders to look at: those that were asked for, or each that the chain tells of and each that is there.
    private func folders(_ request: Request, _ chain: ChainSurvey?) throws(RecordingError) -> [String] {
        if let runs = request.runs { return runs }
        let names: [String]
        do throws(SystemError) {
            names = try FilePaths.names(in: folder)
        } catch {
            throw RecordingError(.folderUnusable, "The recordings folder \(folder) cannot be read: \(error.text).")
        }
        let sealed = chain?.order ?? []
        let known = Set(sealed)
        let others = names.filter { name in
            (!RunName.isFolder(name) || !known.contains(name)) && RunStore.mayBeRun("\(folder)/\(name)")
        }
        return (sealed + others).map { "\(folder)/\($0)" }
    }
}
