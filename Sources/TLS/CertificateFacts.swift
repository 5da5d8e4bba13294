import COpenSSL
import Glibc

/// What a certificate says of itself, for messages and for those who look for it.
package struct CertificateFacts: Sendable, Hashable {
    /// As RFC 2253 writes names: `CN=srv01,O=Example`.
    package let subject: String
    package let issuer: String
    /// The hosts that it is for: `DNS:srv01, IP Address:10.0.0.5`; empty where it has none of these.
    package let names: String
    /// The first and the last second that it is valid in, since 1970; nil where it does not say one that can be read.
    package let notBefore: Int64?
    package let notAfter: Int64?
    /// Of its DER form, in upper-case hexadecimal digits.
    package let sha256: String
    /// The same by SHA-1, as Windows names certificates.
    package let thumbprint: String

    /// No name is shown at greater length: whoever made the certificate chose it.
    private static let longest = 256

    init(of certificate: OpaquePointer) {
        subject = Self.text { psrun_print_name($0, X509_get_subject_name(certificate)) }
        issuer = Self.text { psrun_print_name($0, X509_get_issuer_name(certificate)) }
        names = Self.text { psrun_print_alternative_names($0, certificate) }
        notBefore = Self.seconds(X509_get0_notBefore(certificate))
        notAfter = Self.seconds(X509_get0_notAfter(certificate))
        sha256 = Self.hexadecimal(Self.digest(of: certificate, EVP_sha256()))
        thumbprint = Self.hexadecimal(Self.digest(of: certificate, EVP_sha1()))
    }

    /// `valid until 2026-11-30T12:00:00Z`, or what else there is to say of its dates.
    package var validity: String {
        guard let notAfter else { return "valid until a date that cannot be read" }
        return "valid until \(Self.date(notAfter))"
    }

    /// The certificate as messages show it.
    package var shown: String {
        "The certificate: subject \(subject.isEmpty ? "(none)" : subject), issuer \(issuer.isEmpty ? "(none)" : issuer), "
            + "\(validity), SHA-256 \(sha256)."
    }

    static func digest(of certificate: OpaquePointer, _ hash: OpaquePointer?) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard X509_digest(certificate, hash, &bytes, &count) == 1 else { return [] }
        return Array(bytes[..<Int(count)])
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func text(_ print: (OpaquePointer) -> Void) -> String {
        guard let out = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(out) }
        print(out)
        var start: UnsafeMutablePointer<CChar>?
        let count = psrun_bio_text(out, &start)
        guard let start, count > 0 else { return "" }
        let bytes = UnsafeRawBufferPointer(start: start, count: min(count, longest))
        return String(decoding: bytes, as: UTF8.self) + (count > longest ? "…" : "")
    }

    /// Seconds since 1970 of a time, by the distance to that moment.
    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let time, let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_STRING_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Int64(days) * 86400 + Int64(seconds)
    }

    /// A moment in UTC as ISO 8601 writes it.
    package static func date(_ moment: Int64) -> String {
        var time = time_t(moment)
        var fields = tm()
        guard gmtime_r(&time, &fields) != nil else { return "the second \(moment) since 1970" }
        func padded(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let day = "\(Int(fields.tm_year) + 1900)-\(padded(fields.tm_mon + 1))-\(padded(fields.tm_mday))"
        return "\(day)T\(padded(fields.tm_hour)):\(padded(fields.tm_min)):\(padded(fields.tm_sec))Z"
    }
}
