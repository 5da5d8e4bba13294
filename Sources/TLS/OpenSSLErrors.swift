import COpenSSL

/// OpenSSL's queue of errors, which each thread has for itself.
enum OpenSSLErrors {
    /// The first error, in the library's words: it is what the others follow from. Empties the queue.
    static func take() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        return text(code)
    }

    /// The reason's number, and the library's words for it. Empties the queue.
    static func takeReason() -> (reason: Int32, text: String) {
        let code = ERR_get_error()
        ERR_clear_error()
        return (psrun_error_reason(code), text(code))
    }

    private static func text(_ code: UInt) -> String {
        guard code != 0 else { return "no reason given" }
        return ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
