import Connections
import CredSSP
import EventLoops
import HTTPMessages
import MessageSeal
import TLS
import WinRMAuth

extension WinRMConnection {
    /// Logs in with requests that hold nothing, where messages are sealed: nothing else can be said before.
    func logInBeforehand() async throws {
        timeline.begin(.auth)
        if try await proof().plan.isSealed { _ = try await logIn(carrying: nil, in: nil) }
    }

    /// Logs in.
    /// - Parameter envelope: what goes along over https, once the server may be content; nil where nothing may.
    /// - Returns: the answer to what went along.
    func logIn(carrying envelope: [UInt8]?, in phase: ConnectionPhase?) async throws -> HTTPResponse? {
        timeline.begin(.auth)
        let proof = try await proof()
        let tokens = try await makeTokens(proof)
        var authentication = WinRMAuthentication(proof.plan, digest: environment.digestMeans(for: place))
        var step = authentication.begin()
        var answer: HTTPResponse?
        while true {
            switch step {
            case .need(let request):
                timeline.begin(.auth)
                step = authentication.token(try await token(request, tokens))
            case .send(let authorization, let body):
                let carried = body == .request ? envelope ?? [] : []
                timeline.begin(body == .request ? phase ?? .auth : .auth)
                let heard = try await ask(authorization, carried)
                if heard.isRedirection {
                    throw ServiceElsewhere(location: heard.value(of: "Location"))
                }
                answer = heard.status == 401 || body == .empty ? nil : heard
                step = authentication.answered(
                    status: heard.status,
                    challenges: heard.values(of: "WWW-Authenticate"),
                    information: heard.values(of: "Authentication-Info")
                )
            case .ready(let isSealed):
                login = Login(authentication: authentication, sealer: isSealed ? tokens?.sealer() : nil)
                return answer
            case .failed(let failure): throw failure.error(of: place.label)
            }
        }
    }

    /// One leg. What only logs in was not asked for: whether it arrived does not matter.
    private func ask(_ authorization: String?, _ body: [UInt8]) async throws -> HTTPResponse {
        do {
            return try await ask(try post(authorization, body))
        } catch let broken as WinRMBroken where body.isEmpty {
            throw WinRMBroken(wasGiven: false, end: broken.end)
        }
    }

    private func proof() async throws -> WinRMProof {
        ownWait = "what proves who logs in"
        defer { ownWait = nil }
        return try await told { try await waitForTask { [place] in try await place.login.value() } }
    }

    /// Errors of what proves a user, as those of a connection.
    private func told<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let failure as AuthenticationFailure {
            throw failure.error(of: place.label)
        } catch let failure as CredSSPFailure {
            let code = TransportError.Code(rawValue: failure.code.rawValue)
            throw TransportError(code, phase: .auth, "\(place.label): \(failure.message)")
        } catch let failure as TLSFailure {
            throw failure.error(of: place.label)
        }
    }

    private func makeTokens(_ proof: WinRMProof) async throws -> (any WinRMTokens)? {
        guard let make = proof.tokens else { return nil }
        let binding = stream?.channelBinding
        return try await told { try await waitForTask { [loop] in try await make(binding, loop) } }
    }

    private func token(_ request: TokenRequest, _ tokens: (any WinRMTokens)?) async throws -> TokenResult {
        guard let tokens else { return .failed("There is nothing that makes a token.") }
        // A far side is waited for elsewhere: this wait is for what is on this side, or for a KDC.
        ownWait = tokens.waitsFor
        defer { ownWait = nil }
        return try await waitForTask { await tokens.next(request.input) }
    }
}

extension AuthenticationFailure {
    func error(of target: String) -> TransportError {
        let code = name.map { TransportError.Code(rawValue: $0) } ?? .authenticationFailed
        return TransportError(code, phase: .auth, "\(target): \(message)")
    }
}
