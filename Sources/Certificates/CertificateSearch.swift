import Files
import SystemErrors
import TLS

/// One look through the folder, with the passphrases that are known by then.
struct CertificateSearch {
    enum Outcome: Sendable {
        case found(ClientCertificate)
        /// Of a file that has not been asked for yet.
        case needsPassphrase(String)
    }

    /// A certificate of that thumbprint in one file.
    private struct Match {
        let file: StoredFile
        let certificate: Certificate
        let chain: [Certificate]
        /// Known where the file is open: PKCS#12.
        var key: PrivateKey?

        var hasOwnKey: Bool {
            if case .text(_, let hasKey) = file.contents { hasKey } else { key != nil }
        }
    }

    private let thumbprint: Thumbprint
    private let folder: String
    /// What was given for each file that was asked for; nil where nothing was.
    private let passphrases: [String: Secret?]
    private let files: [StoredFile]

    /// Reads the folder; blocks.
    /// - Throws: CertificateStoreFailure, folderUnusable.
    init(
        _ thumbprint: Thumbprint,
        in folder: String,
        _ passphrases: [String: Secret?]
    ) throws(CertificateStoreFailure) {
        self.thumbprint = thumbprint
        self.folder = folder
        self.passphrases = passphrases
        let names: [String]
        do throws(SystemError) {
            names = try FilePaths.names(in: folder).filter { !$0.hasPrefix(".") }
        } catch {
            throw CertificateStoreFailure(
                .folderUnusable,
                "the folder of certificates \(folder) cannot be read: \(describe(errno: error.code)). Make it, with the "
                    + "certificate as a PEM or PKCS#12 file in it."
            )
        }
        guard names.count <= CertificateStore.mostFiles else {
            throw CertificateStoreFailure(
                .folderUnusable,
                "the folder of certificates \(folder) has more than \(CertificateStore.mostFiles) files, the most that are "
                    + "looked at. Name one that has only client certificates."
            )
        }
        files = names.map { "\(folder)/\($0)" }.filter { !FilePaths.isFolder($0) }.compactMap { path in
            StoredFile(path, passphrase: passphrases[path] ?? nil)
        }
    }

    /// - Throws: CertificateStoreFailure.
    func outcome(now: Int64) throws(CertificateStoreFailure) -> Outcome {
        let matches = files.compactMap(match)
        guard !matches.isEmpty else {
            guard let next = locked.first(where: { passphrases[$0] == nil }) else { throw notFound }
            return .needsPassphrase(next)
        }
        let facts = matches[0].certificate.facts
        try checkDates(facts, now)
        // A copy of the certificate alone does not matter where another file has it with the key.
        var usable = matches.compactMap { match in match.hasOwnKey ? (match: match, holder: match.file) : nil }
        if usable.isEmpty {
            let beside = matches.lazy.compactMap { match in keyHolder(of: match).map { (match: match, holder: $0) } }
            usable = beside.first.map { [$0] } ?? []
        }
        guard let (match, holder) = usable.first else { throw noKey(matches[0].file.path, facts) }
        guard usable.count == 1 else {
            throw CertificateStoreFailure(
                .ambiguous,
                "the certificate \(thumbprint) is in \(folder) more than once, with a key each: "
                    + "\(usable.map { FilePaths.name(of: $0.match.file.path) }.joined(separator: ", ")). Leave one of them."
            )
        }
        if let exposure = holder.exposure {
            throw CertificateStoreFailure(.exposed, "the key in \(holder.path) cannot be used: \(exposure).")
        }
        if let key = match.key { return .found(ClientCertificate(match.certificate, key, chain: match.chain)) }
        return try open(holder, for: match)
    }

    // MARK: Certificates

    private func match(_ file: StoredFile) -> Match? {
        switch file.contents {
        case .text(let certificates, _):
            guard let own = certificates.first(where: { $0.facts.thumbprint == thumbprint.text }) else { return nil }
            return Match(file: file, certificate: own, chain: certificates.filter { $0 !== own })
        case .opened(let contents):
            guard let own = contents.certificate, own.facts.thumbprint == thumbprint.text else { return nil }
            return Match(file: file, certificate: own, chain: contents.chain, key: contents.key)
        case .locked, .broken: return nil
        }
    }

    private var locked: [String] {
        files.filter { if case .locked = $0.contents { true } else { false } }.map(\.path)
    }

    private func checkDates(_ facts: CertificateFacts, _ now: Int64) throws(CertificateStoreFailure) {
        let fault: String? =
            if let end = facts.notAfter, end < now {
                "has expired, on \(CertificateFacts.date(end))"
            } else if let begin = facts.notBefore, begin > now {
                "is not valid before \(CertificateFacts.date(begin))"
            } else { nil }
        guard let fault else { return }
        throw CertificateStoreFailure(
            .outOfDate,
            "the certificate \(thumbprint) in \(folder) \(fault). \(facts.shown) Have it renewed, and name the new one."
        )
    }

    private var notFound: CertificateStoreFailure {
        var message = "no certificate with the thumbprint \(thumbprint) is in \(folder)."
        let unread = files.compactMap { file -> String? in
            let name = FilePaths.name(of: file.path)
            switch file.contents {
            case .locked:
                return (passphrases[file.path] ?? nil) == nil ? "\(name): no passphrase" : "\(name): wrong passphrase"
            case .broken(let words): return "\(name): \(words)"
            case .text, .opened: return nil
            }
        }
        if !unread.isEmpty { message += " These could not be looked into: \(unread.joined(separator: "; "))." }
        let code: CertificateStoreFailure.Code = unread.isEmpty ? .notFound : locked.isEmpty ? .broken : .locked
        return CertificateStoreFailure(
            code,
            "\(message) Put it there as a PEM or PKCS#12 file, with its key, or give the passphrase with --passphrase-file."
        )
    }

    // MARK: Keys

    /// The file beside a match's own that has its key.
    private func keyHolder(of match: Match) -> StoredFile? {
        files.first { file in
            guard case .text(_, hasKey: true) = file.contents else { return false }
            let key = Result { () throws(CertificateReading.Failure) in try file.key(passphrase: nil) }
            switch key {
            case .success(let key): return key.fits(match.certificate)
            // It cannot be seen whose it is, unless its name says so: web.crt and web.key.
            case .failure: return Self.stem(of: file.path) == Self.stem(of: match.file.path)
            }
        }
    }

    private static func stem(of path: String) -> Substring {
        let name = FilePaths.name(of: path)
        return name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
    }

    private func noKey(_ path: String, _ facts: CertificateFacts) -> CertificateStoreFailure {
        CertificateStoreFailure(
            .noKey,
            "the certificate \(thumbprint) is in \(path), and its private key is neither there nor beside it. \(facts.shown) "
                + "Put the key into the same file."
        )
    }

    private func open(_ holder: StoredFile, for match: Match) throws(CertificateStoreFailure) -> Outcome {
        let given = passphrases[holder.path]
        do throws(CertificateReading.Failure) {
            let key = try holder.key(passphrase: given ?? nil)
            guard key.fits(match.certificate) else {
                throw .broken("its key is that of another certificate")
            }
            return .found(ClientCertificate(match.certificate, key, chain: match.chain))
        } catch {
            switch error {
            case .needsPassphrase where given == nil: return .needsPassphrase(holder.path)
            case .needsPassphrase:
                throw CertificateStoreFailure(
                    .locked,
                    "the key in \(holder.path) has a passphrase. Give it with --passphrase-file."
                )
            case .wrongPassphrase:
                throw CertificateStoreFailure(.locked, "the passphrase of the key in \(holder.path) is wrong.")
            case .broken(let words):
                throw CertificateStoreFailure(.broken, "the key in \(holder.path) cannot be used: \(words).")
            }
        }
    }
}
