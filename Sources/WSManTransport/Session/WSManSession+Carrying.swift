import Connections
import EventLoops
import HTTPMessages
import WSMan

extension WSManSession {
    /// What became of a request.
    private enum Result {
        case answered(WinRMAnswer)
        /// Nothing of it was given to the kernel, or the server said that it has not looked at it.
        case notSent(any Error)
        case unknown(any Error)
        /// The answer is larger than this side takes; what.
        case tooLarge(HTTPFault)
    }

    /// A request of which nothing was sent moves to a fresh connection so often.
    private static let mostMoves = 2

    /// Carries an exchange to its end, unless it is dropped meanwhile.
    func carry(_ exchange: Exchange) async {
        var moves = 0
        while var connection = running[exchange.id]?.connection {
            if await connection.isAborted {
                guard let fresh = await move(exchange, from: connection) else { return }
                connection = fresh
            }
            let result = await post(exchange, on: connection)
            guard running[exchange.id]?.connection === connection else { return }
            if case .notSent(let error) = result, moves < Self.mostMoves, mayMove(error) {
                moves += 1
                guard await move(exchange, from: connection) != nil else { return }
                continue
            }
            let isSpent = await connection.isOver || isForgotten(result)
            guard running[exchange.id]?.connection === connection, end(exchange.id) != nil else { return }
            release(connection, isSpent: isSpent)
            return await conclude(exchange, result)
        }
    }

    /// Has a fresh connection carry an exchange in another one's place.
    /// - Returns: nil where the exchange was dropped meanwhile.
    private func move(_ exchange: Exchange, from connection: WinRMConnection) async -> WinRMConnection? {
        guard running[exchange.id]?.connection === connection else { return nil }
        let opens = exchange.createsShell
        let fresh = makeConnection(isForOpening: opens)
        connection.closeFromAnywhere()
        if opens { first = fresh }
        running[exchange.id]?.connection = fresh
        if opens { await fresh.setDeadline(deadline) }
        return running[exchange.id]?.connection === fresh ? fresh : nil
    }

    private func post(_ exchange: Exchange, on connection: WinRMConnection) async -> Result {
        do {
            let phase: ConnectionPhase? = if exchange.createsShell { .create } else { nil }
            return .answered(try await connection.exchange(exchange.envelope, in: phase))
        } catch let elsewhere as ServiceElsewhere where exchange.createsShell {
            return .answered(elsewhere.answer)
        } catch let broken as WinRMBroken where broken.tooLarge != nil && !exchange.createsShell {
            return broken.tooLarge.map { .tooLarge($0) } ?? .unknown(broken)
        } catch let broken as WinRMBroken {
            return broken.wasGiven ? .unknown(broken) : .notSent(broken)
        } catch let forgotten as WinRMConnection.LoginForgotten {
            // Nothing runs twice for a word that nobody sealed.
            return forgotten.isUnproven && exchange.runs ? .unknown(forgotten) : .notSent(forgotten)
        } catch {
            return await connection.hasGivenBody ? .unknown(error) : .notSent(error)
        }
    }

    /// Whether a fresh connection may do what this one did not: one that broke, or whose login the server forgot. What was
    /// refused on a connection that was fresh already would be refused again.
    private func mayMove(_ error: any Error) -> Bool {
        error is WinRMBroken || error is WinRMConnection.LoginForgotten
    }

    /// A connection that an exchange is done with may carry the next one.
    private func release(_ connection: WinRMConnection, isSpent: Bool) {
        if isSpent || idle.count >= Self.mostIdle || isOver {
            connection.closeFromAnywhere()
        } else {
            idle.append(connection)
        }
    }

    private func conclude(_ exchange: Exchange, _ result: Result) async {
        switch result {
        case .answered(let answer):
            if exchange.createsShell, await doesOtherwise(answer, exchange) { return }
            let outcome = ExchangeOutcome.answered(
                status: answer.status,
                contentType: answer.contentType,
                body: answer.body
            )
            take(carriage.heard(exchange.id, outcome))
        case .notSent(let error):
            if exchange.createsShell { shell = .none }
            // Who logs in is not asked again: accounts are locked for that.
            if shell == .none || isRefusal(error) { return fail(connectionError(error)) }
            take(carriage.heard(exchange.id, .notSent(reason(error))))
        case .tooLarge(let fault): take(carriage.heard(exchange.id, .tooLarge(fault.message)))
        case .unknown(let error):
            let progress = carriage.heard(exchange.id, .unknownWhetherSent(reason(error)))
            // Nobody is told of a shell that there may be: it is deleted on the way out.
            if exchange.createsShell { return fail(connectionError(error)) }
            take(progress)
        }
    }

    private func isForgotten(_ result: Result) -> Bool {
        switch result {
        case .notSent(let error), .unknown(let error): error is WinRMConnection.LoginForgotten
        case .answered, .tooLarge: false
        }
    }

    private func isRefusal(_ error: any Error) -> Bool {
        guard let error = error as? TransportError else { return error is WinRMConnection.LoginForgotten }
        return error.phase == .auth && error.code != .timedOut
    }

    func connectionError(_ error: any Error) -> any Error {
        guard !(error is TransportError), !(error is CancellationError) else { return error }
        let isForgotten = error is WinRMConnection.LoginForgotten
        let end = (error as? WinRMBroken)?.end
        let code = isForgotten ? .authenticationFailed : end?.code ?? .connectionFailed
        let phase = timeline.current ?? (isForgotten ? .auth : .create)
        let suspicion =
            place.showsCertificate
            ? " The certificate may have been refused: see that its authority, and the user that it stands for, are known there."
            : " See that WinRM listens at that port (-Port), and whether with TLS (-UseSSL)."
        let cure = isForgotten ? "" : suspicion
        return TransportError(
            code,
            phase: phase,
            "\(place.label): the connection failed while \(phase.activity): \(reason(error)).\(cure)"
        )
    }

    /// For `…: why`, without the target, which is told already, and without the end of a sentence.
    private func reason(_ error: any Error) -> String {
        switch error {
        case let broken as WinRMBroken: return broken.end.reason
        case let error as TransportError:
            let words = error.words(without: place.label)
            return words.hasSuffix(".") ? String(words.dropLast()) : words
        case is ServiceElsewhere: return "the service says now that it is elsewhere"
        case is WinRMConnection.LoginForgotten:
            return "the server asks again who the user is, and does not take the answer"
        default: return "the connection was given up"
        }
    }
}
