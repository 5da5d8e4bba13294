import Connections
import EventLoops
import WSMan

extension WSManSession {
    /// What became of a request.
    private enum Result {
        case answered(WinRMAnswer)
        /// Nothing of it was given to the kernel, or the server said that it has not looked at it.
        case notSent(any Error)
        case unknown(any Error)
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
        case .answered: false
        }
    }

    private func isRefusal(_ error: any Error) -> Bool {
        (error as? TransportError)?.code == .authenticationFailed || error is WinRMConnection.LoginForgotten
    }

    func connectionError(_ error: any Error) -> any Error {
        guard !(error is TransportError), !(error is CancellationError) else { return error }
        let isForgotten = error is WinRMConnection.LoginForgotten
        let code: TransportError.Code = isForgotten ? .authenticationFailed : .connectionFailed
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

    /// For `…: why`, without the end of a sentence.
    private func reason(_ error: any Error) -> String {
        switch error {
        case let broken as WinRMBroken: broken.end.reason
        case let error as TransportError:
            error.message.hasSuffix(".") ? String(error.message.dropLast()) : error.message
        case is WinRMConnection.LoginForgotten: "the server asks again who the user is, and does not take the answer"
        default: "the connection was given up"
        }
    }
}
