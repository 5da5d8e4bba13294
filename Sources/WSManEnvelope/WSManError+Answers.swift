extension WSManError {
    /// A fault, as a user reads it: what it means, the server's own words, and its number.
    package init(_ fault: WSManFault, to operation: WSManOperation, host: String) {
        let meaning = fault.number.flatMap { FaultMeaning($0) } ?? fault.meaningWithoutNumber
        var what = meaning?.what ?? "the server refuses it"
        if let words = fault.words { what += ": \(words)" }
        what += " (\(fault.name))"
        self.init(
            meaning?.code ?? .refused,
            host: host,
            activity: operation.activity,
            what: what,
            wayOut: meaning?.wayOut ?? ""
        )
    }

    /// An answer without a SOAP envelope.
    package init(status: Int, isEmpty: Bool, to operation: WSManOperation, host: String) {
        let (code, meaning, wayOut) = Self.meaning(ofStatus: status)
        let what = "HTTP status \(status) came and \(isEmpty ? "no SOAP body" : "a body that is not SOAP"): \(meaning)"
        self.init(code, host: host, activity: operation.activity, what: what, wayOut: wayOut)
    }

    /// An answer that cannot be read.
    package init(_ error: EnvelopeError, to operation: WSManOperation, host: String) {
        let code: Code = error.code == .tooLarge ? .tooLarge : .malformed
        self.init(
            code,
            host: host,
            activity: operation.activity,
            what: "the answer cannot be read: \(error.message)",
            wayOut: "Check that it is a WinRM service that answers there, and no proxy."
        )
    }

    private static func meaning(ofStatus status: Int) -> (Code, String, String) {
        switch status {
        case 300..<400:
            (
                .redirected, "the server sends its clients elsewhere",
                "Use -ConnectionUri with -AllowRedirection, if you trust where it sends them."
            )
        case 401:
            (
                .accessDenied, "the server asks for a login again",
                "Check the credential, and which -Authentication the server allows (winrm get winrm/config/service/auth)."
            )
        case 403: (.accessDenied, "access is forbidden", "Check the account's rights, and what stands between.")
        case 404, 405:
            (
                .notWSMan, "there is no WinRM service under this address",
                "Check -ApplicationName and -Port, or -ConnectionUri."
            )
        case 407:
            (
                .accessDenied, "a proxy asks for a login",
                "psrun logs into no proxy: name another one with -SessionOption Proxy=URL, or go without."
            )
        case 413:
            (
                .tooLarge, "the request is too large",
                "Set MaxEnvelopeSizekb there to 500 or more, or send smaller ones with -SessionOption MaximumEnvelopeSize."
            )
        case 429, 503: (.busy, "the server is too busy", "Try again later, or run fewer at once with --fanout.")
        case 502, 504: (.connectionLost, "what stands between cannot reach the server", "Check it, and the host.")
        case 200..<300:
            (
                .notWSMan, "something that is not a WinRM service answers",
                "Check -ApplicationName and -Port, or -ConnectionUri."
            )
        default: (.notWSMan, "the server failed", "Check its logs.")
        }
    }
}

extension WSManFault {
    /// Whether a Receive had nothing to say in its time.
    package var isTimeout: Bool { number == .timedOut || number == nil && subcode == "TimedOut" }

    /// Whether there is no such shell or command: OMI says it without a number.
    package var isUnknown: Bool { number == .unknown || number == nil && subcode == "DestinationUnreachable" }

    /// The server's own words, without the end of their sentence.
    var words: String? {
        var words = message ?? reason
        while let last = words.last, last == "." || last.isWhitespace { words.removeLast() }
        return words.isEmpty ? nil : words
    }

    /// How a message names the fault.
    var name: String {
        if let number { return "WSManFault \(number.rawValue)" }
        return "SOAP fault " + (subcode ?? (code.isEmpty ? "without a code" : code))
    }

    /// What the subcodes of WS-Addressing and WS-Management say, where there is no number.
    fileprivate var meaningWithoutNumber: FaultMeaning? {
        guard number == nil else { return nil }
        let code: UInt32? =
            switch subcode {
            case "AccessDenied": 5
            case "DestinationUnreachable", "InvalidSelectors": FaultCode.unknown.rawValue
            case "TimedOut": FaultCode.timedOut.rawValue
            case "EncodingLimit": 2_150_858_790
            case "QuotaLimit": 2_150_859_173
            case "InvalidResourceURI": 2_150_858_811
            case "ActionNotSupported": 2_150_858_771
            default: nil
            }
        return code.flatMap { FaultMeaning(FaultCode(rawValue: $0)) }
    }
}
