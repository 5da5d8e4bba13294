import COpenSSL
import Files
import SystemErrors

/// The authorities and the revocation lists of a context.
enum Trust {
    /// The bundle of a system has 200 kB.
    static let fileBytes = 16 << 20
    /// The files of a folder of authorities that are read.
    static let mostFiles = 4096

    /// The system's authorities in one file: where OpenSSL looks, else where distributions have it.
    static func bundle() -> String {
        let own = X509_get_default_cert_file().map { String(cString: $0) }
        let debian = "/etc/ssl/certs/ca-certificates.crt"
        let places = [own, debian, "/etc/pki/tls/certs/ca-bundle.crt"].compactMap(\.self)
        return places.first(where: FileContents.exists) ?? debian
    }

    static func apply(_ settings: TLSSettings, to context: OpaquePointer) throws(TLSFailure) {
        guard case .authorities(let files, let folder, let lists) = settings.trust else {
            return SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
        }
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, CertificateCheck.callback)
        guard let store = SSL_CTX_get_cert_store(context) else {
            throw TLSFailure(.unusable, "OpenSSL gives no store of certificates.")
        }
        // Whoever signed is not asked with SkipCACheck: then there need not be any.
        let option = settings.trustOption
        var hasLists = false
        for path in files where !settings.skipsCACheck || FileContents.exists(path) {
            let added = try add(path, to: store, option)
            guard added.certificates > 0 else { throw unusable(path, "it holds no certificate in PEM form", option) }
            hasLists = hasLists || added.lists > 0
        }
        if let folder {
            for path in try names(in: folder) { _ = try add(path, to: store, option) }
        }
        guard !settings.skipsRevocationCheck else { return }
        if let lists {
            guard try add(lists, to: store, option).lists > 0 else {
                throw unusable(lists, "it holds no revocation list in PEM form", option)
            }
            hasLists = true
        }
        if hasLists { X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK)) }
    }

    private static func add(
        _ path: String,
        to store: OpaquePointer,
        _ option: String?
    ) throws(TLSFailure) -> (certificates: Int32, lists: Int32) {
        let text: [UInt8]
        do throws(FileFailure) {
            text = try FileContents.read(path, limit: fileBytes, kind: .regular)
        } catch {
            throw unusable(path, error.reason, option)
        }
        guard let input = BIO_new_mem_buf(text, Int32(text.count)) else { throw unusable(path, "no memory", option) }
        defer { BIO_free(input) }
        var certificates: Int32 = 0
        var lists: Int32 = 0
        ERR_clear_error()
        let isWhole = psrun_store_add_pem(store, input, &certificates, &lists) == 1
        // The end of the text stands among the library's errors.
        defer { ERR_clear_error() }
        guard isWhole else { throw unusable(path, OpenSSLErrors.take(), option) }
        return (certificates, lists)
    }

    /// What is in a folder of authorities; links that c_rehash made lead to the same once more, which is harmless.
    private static func names(in folder: String) throws(TLSFailure) -> [String] {
        let names: [String]
        do throws(SystemError) {
            names = try FilePaths.names(in: folder).filter { !$0.hasPrefix(".") }
        } catch {
            throw unusable(folder, describe(errno: error.code))
        }
        guard names.count <= mostFiles else {
            throw unusable(folder, "it has more than \(mostFiles) files, the most that are read")
        }
        return names.map { "\(folder)/\($0)" }.filter { !FilePaths.isFolder($0) }
    }

    /// - Parameter option: what named the path; nil where it is the system's.
    private static func unusable(_ path: String, _ reason: String, _ option: String? = nil) -> TLSFailure {
        let cure =
            option.map { "Name a file of certificates in PEM form with \($0)." }
            ?? "Name a file that can be read with SSL_CERT_FILE, or install ca-certificates."
        return TLSFailure(.unusable, "the authorities in \(path) cannot be used: \(reason). \(cure)")
    }
}
