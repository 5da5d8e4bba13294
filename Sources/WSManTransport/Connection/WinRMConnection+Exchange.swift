import Connections
import EventLoops
import HTTPMessages
import MessageSeal
import WinRMAuth

/// What a service answered, without its seal.
struct WinRMAnswer: Sendable {
    let status: Int
    let contentType: String
    let body: [UInt8]
    /// Where else it says to ask; of a redirection.
    var location: String?

    var isRedirection: Bool { Self.redirections.contains(status) }

    /// The service is elsewhere, for now or for good (RFC 9110, 15.4). What is asked is asked anew there, as it was: 303 and
    /// the habit of making a GET of 301 and 302 are for pages that people look at.
    static let redirections: Set<Int> = [301, 302, 303, 307, 308]
}

extension HTTPResponse {
    var isRedirection: Bool { WinRMAnswer.redirections.contains(status) }
}

/// A server says while it logs in that the service is elsewhere.
struct ServiceElsewhere: Error {
    /// As it wrote it; nil where it did not say.
    let location: String?

    /// As an answer to what was to be asked.
    var answer: WinRMAnswer { WinRMAnswer(status: 302, contentType: "", body: [], location: location) }
}

extension WinRMConnection {
    /// The server does not know the connection's login any more, and has not looked at the request (RFC 9110, 15.5.2).
    struct LoginForgotten: Error {
        /// Whether the server's words are sealed on this connection: this one never is, and anybody on the way may have said it.
        let isUnproven: Bool
    }

    /// Connects, and logs in where nothing has to go along: for a connection that is needed soon.
    func prepare() {
        guard !isPrepared, preparation == nil else { return }
        preparation = Task(executorPreference: loop.taskExecutor) {
            try await self.connect()
            try await self.logInBeforehand()
        }
    }

    /// Waits for what `prepare` began.
    func prepared() async throws {
        guard let preparation else { return }
        try await preparation.value
        // The connection stands. Its task would hold on to the memory of its calls.
        self.preparation = nil
        isPrepared = true
    }

    /// Posts an envelope, and waits for its answer; connects and logs in first, where that is not done.
    /// - Throws: WinRMBroken, LoginForgotten, TransportError, or what `abort` was given.
    /// - Parameter phase: what it is for, where it is a part of connecting.
    func exchange(_ envelope: [UInt8], in phase: ConnectionPhase?) async throws -> WinRMAnswer {
        hasGivenBody = false
        prepare()
        try await prepared()
        if login == nil, let answer = try await logIn(carrying: envelope, in: phase) { return try opened(answer) }
        let request = try sealed(envelope)
        if let phase { timeline.begin(phase) }
        let answer = try await ask(request)
        guard answer.status != 401 else { throw LoginForgotten(isUnproven: login?.sealer != nil) }
        return try opened(answer)
    }

    /// A request of a service.
    /// - Parameter body: an envelope; empty where it only logs in.
    func post(_ authorization: String?, _ body: [UInt8], type: String = WinRMConnection.envelopeType) throws
        -> HTTPRequest
    {
        var headers = [HTTPHeader("Connection", "Keep-Alive"), HTTPHeader("User-Agent", environment.userAgent)]
        if let authorization { headers.append(HTTPHeader("Authorization", authorization)) }
        if !body.isEmpty { headers.append(HTTPHeader("Content-Type", type)) }
        do throws(HTTPFault) {
            return try HTTPRequest(target: place.target, host: place.authority, headers: headers, body: body)
        } catch {
            throw TransportError(
                .httpProtocol,
                phase: timeline.current,
                "\(place.label): no request can be made of what was given: \(error.message)."
            )
        }
    }

    static let envelopeType = "application/soap+xml;charset=UTF-8"

    private func sealed(_ envelope: [UInt8]) throws -> HTTPRequest {
        guard var login else { throw WinRMBroken(wasGiven: false, end: .closed) }
        defer { self.login = login }
        guard var sealer = login.sealer, let sealing = login.authentication.plan.scheme.sealing else {
            return try post(login.authentication.headerForRequest(), envelope)
        }
        defer { login.sealer = sealer }
        let (type, body) = try SealedMessage.encode(
            envelope,
            type: Self.envelopeType,
            as: sealing,
            with: &sealer
        )
        return try post(nil, body, type: type)
    }

    private func opened(_ answer: HTTPResponse) throws -> WinRMAnswer {
        let type = answer.value(of: "Content-Type") ?? ""
        let location = answer.value(of: "Location")
        guard var login, var sealer = login.sealer else {
            return WinRMAnswer(status: answer.status, contentType: type, body: answer.body, location: location)
        }
        defer {
            login.sealer = sealer
            self.login = login
        }
        // What is not sealed is not believed: it can say that something failed, and no more.
        if answer.status != 200, answer.status != 500, !SealedMessage.isSealed(contentType: type) {
            return WinRMAnswer(status: answer.status, contentType: type, body: [], location: location)
        }
        do {
            let opened = try SealedMessage.decode(contentType: type, body: answer.body, with: &sealer)
            return WinRMAnswer(status: answer.status, contentType: opened.contentType, body: opened.body, location: nil)
        } catch is SealFault where answer.status == 500 && answer.body.isEmpty {
            // A service that fails so says nothing else.
            return WinRMAnswer(status: answer.status, contentType: type, body: [])
        } catch {
            throw TransportError(.sealBroken, phase: timeline.current, "\(place.label): \(error)")
        }
    }
}
