import Files
import Glibc
import Recording
import RecordingFormat
import SystemErrors

/// Looks at runs while others seal, prune and read in the same recordings folder: what is wrong is looked at again, with a
/// fresh reading of the chain, for as long as it changes. So nothing is called bad that was only on its way.
struct SettledAudit {
    private let folder: String
    private let signatures: SignatureCheck
    private let isNamed: Bool
    private let first: ChainSurvey?
    /// The newest reading of the chain, and what the file was then.
    private var chain: ChainSurvey?
    private var chainStamp: FileStamp?
    /// How long runs have been looked at again, all of them together.
    private var spent = Duration.zero
    /// What was found out about the chain meanwhile.
    private(set) var finding: Finding?

    private static let patience = Duration.milliseconds(RecordingBound.settling.limit)
    /// Between two looks, in microseconds.
    private static let pause: UInt32 = 10_000

    /// - Parameters:
    ///   - chain: as it was when the runs to look at were chosen; nil where there is none.
    ///   - isNamed: whether the runs were asked for by name.
    init(folder: String, signatures: SignatureCheck, chain: ChainSurvey?, isNamed: Bool) {
        self.folder = folder
        self.isNamed = isNamed
        self.signatures = signatures
        (first, self.chain) = (chain, chain)
        // A line that was added while it was read is looked for where it is needed.
        chainStamp = nil
    }

    mutating func audit(_ run: String) -> AuditedRun {
        let name = FilePaths.name(of: run)
        var began: ContinuousClock.Instant?
        defer { spent += began.map { .now - $0 } ?? .zero }
        while true {
            let before = FileStamp.ofFolder(run)
            let links = chain?.links(of: name)
            let audited = RunAudit.of(run, signatures: signatures, chain: chain, isNamed: isNamed)
            guard audited.findings.contains(where: \.mayPass) else { return audited }
            let start = began ?? .now
            began = start
            readChainAgain()
            let isSettled = before == FileStamp.ofFolder(run) && links == chain?.links(of: name)
            guard !isSettled || isChainLocked, spent + (.now - start) < Self.patience else { return audited }
            usleep(Self.pause)
        }
    }

    private var chainPath: String { "\(folder)/\(RecordedFiles.chain)" }

    private var isChainLocked: Bool { (try? File(chainPath, O_RDONLY).isLocked) ?? false }

    private mutating func readChainAgain() {
        guard let first else { return }
        let stamp = FileStamp(chainPath)
        guard stamp != chainStamp, let fresh = try? ChainSurvey.settled(of: folder, heads: [first.head]) else { return }
        chainStamp = stamp
        // All that was there before must still be.
        guard first.lines == 0 || fresh.places[first.head] == first.lines else {
            let message = "it was changed while it was read, and not only added to"
            finding = Finding(.chainBroken, member: RecordedFiles.chain, message)
            return
        }
        chain = fresh
    }
}

extension Finding {
    /// Whether it may be the moment's, and not the run's.
    fileprivate var mayPass: Bool { level != .note && code != .runRecovered }
}

extension ChainSurvey {
    /// A reading that is whole: where something is wrong and the file has changed meanwhile, it is read again.
    static func settled(of folder: String, heads: Set<String>) throws(SystemError) -> ChainSurvey {
        let path = "\(folder)/\(RecordedFiles.chain)"
        for _ in 0..<5 {
            let before = FileStamp(path)
            let survey = try ChainSurvey(of: folder, heads: heads)
            let isGood = survey.findings.allSatisfy { $0.level == .note }
            if isGood || before == FileStamp(path) { return survey }
        }
        return try ChainSurvey(of: folder, heads: heads)
    }
}

/// What tells whether a file or a folder has changed.
private struct FileStamp: Hashable {
    private var numbers: [Int64] = []
    private var names: [String] = []

    init(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        numbers = [
            Int64(bitPattern: UInt64(status.st_ino)), Int64(status.st_size), Int64(status.st_mtim.tv_sec),
            Int64(status.st_mtim.tv_nsec),
        ]
    }

    /// A folder's time alone may be the same for two changes in one tick of the clock: its names are not.
    static func ofFolder(_ path: String) -> FileStamp {
        var stamp = FileStamp(path)
        stamp.names = (try? FilePaths.names(in: path)) ?? []
        return stamp
    }
}
