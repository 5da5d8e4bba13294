extension WinRMAuthentication {
    mutating func header() -> String? {
        switch plan.scheme {
        case .certificate: return "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
        case .digest: return digest?.header()
        case .basic:
            guard let credential = plan.credential else { return nil }
            var bytes = Array("\(credential.user):".utf8) + credential.password()
            defer { for index in bytes.indices { bytes[index] = 0 } }
            return "Basic \(Self.base64(bytes))"
        case .negotiate, .kerberos, .credSSP: return nil
        }
    }

    mutating func send(
        _ header: String?,
        _ body: AuthenticationStep.Body,
        isComplete: Bool = true
    ) -> AuthenticationStep {
        legs += 1
        guard legs <= Self.mostLegs else {
            return fail(
                .malformed,
                "The server was not content after \(Self.mostLegs) answers of \(plan.scheme.rawValue)."
            )
        }
        state = .sent(isComplete: isComplete)
        return .send(authorization: header, body: body)
    }

    mutating func ready() -> AuthenticationStep {
        state = .ready
        legs = 0
        return .ready(sealed: plan.isSealed)
    }

    mutating func fail(
        _ code: AuthenticationFailure.Code,
        _ message: String,
        name: String? = nil
    ) -> AuthenticationStep {
        state = .over
        return .failed(AuthenticationFailure(code, message, name: name))
    }

    mutating func unproven() -> AuthenticationStep {
        fail(
            .serverUnproven,
            "The server took the login and did not prove that it is the one that was meant (\(plan.told)). The connection is not used."
        )
    }

    mutating func reject(_ challenges: [AuthenticationChallenge]) -> AuthenticationStep {
        let offered = challenges.map { $0.scheme.prefix(20) }.reduce(into: [Substring]()) { names, name in
            if !names.contains(name), names.count < 8 { names.append(name) }
        }
        let isOffered = plan.scheme == .certificate || challenges.contains { answers(plan.scheme, $0) }
        guard isOffered || offered.isEmpty else {
            return fail(
                .notOffered,
                "The server does not take \(plan.scheme.rawValue): it offers \(offered.joined(separator: ", ")). "
                    + "-Authentication says which is used; psrun does not choose a weaker one by itself."
            )
        }
        return fail(.rejected, rejection(nil))
    }

    func rejection(_ more: String?) -> String {
        let advice =
            plan.scheme == .certificate
            ? "See whether it maps the certificate to an account (winrm enumerate winrm/config/service/certmapping)."
            : "Check the user and the password, and whether that user may use remote management there."
        return (["The server does not take the login (\(plan.told)).", more, advice] as [String?])
            .compactMap(\.self).joined(separator: " ")
    }
}

extension AuthenticationPlan {
    /// The scheme, the mechanisms and the user, for messages.
    package var told: String {
        let ways = mechanisms.map(\.rawValue).joined(separator: " or ")
        let scheme =
            ways.isEmpty || ways == self.scheme.rawValue ? self.scheme.rawValue : "\(self.scheme.rawValue) with \(ways)"
        let user =
            credential.map { "as \($0.user)" }
            ?? (self.scheme == .certificate ? nil : "with the tickets of this machine's user")
        return [scheme, user].compactMap(\.self).joined(separator: ", ")
    }
}
