import Connections
import EventLoops
import Scheduling
import WSMan
import WSManEnvelope

extension WSManSession {
    /// An answer to the request for a shell that is not the carriage's: the service is elsewhere, or takes no more for now.
    /// - Returns: whether it was one, and is seen to.
    func doesOtherwise(_ answer: WinRMAnswer, _ exchange: Exchange) async -> Bool {
        if answer.status == 302 {
            await goElsewhere(answer.location)
            return true
        }
        guard isBusy(answer, exchange.operation), attempts < WSManTurn.most else {
            turn.finish(answer.status == 200 ? .takenUp : .other)
            return false
        }
        turn.finish(.dropped)
        attempts += 1
        let pause = min(WSManTurn.pause(before: attempts), deadline?.left ?? .seconds(60))
        guard (try? await turn.again(after: pause)) != nil else { return false }
        guard failure == nil, !isLeaving else { return true }
        if let deadline, deadline.left <= .zero {
            fail(deadline.failure(of: place.label, in: .create))
        } else {
            askAnew(at: place)
        }
        return true
    }

    /// The server is asked anew, with nothing of what was asked before: there is no shell yet.
    private func askAnew(at place: WinRMPlace) {
        self.place = place
        carriage = environment.carriage(to: place)
        if let opening { ask([opening]) }
    }

    private func goElsewhere(_ location: String?) async {
        guard failure == nil, !isLeaving else { return }
        redirections += 1
        do throws(TransportError) {
            guard let location else {
                throw TransportError(
                    .redirected,
                    phase: .create,
                    "\(place.label): the service says that it is elsewhere, and not where."
                )
            }
            let next = try redirect.rule(place, location, redirections)
            for connection in idle { connection.closeFromAnywhere() }
            place = next
            first = makeConnection(isForOpening: true)
            idle = [first]
            await first.setDeadline(deadline)
            askAnew(at: next)
        } catch {
            fail(error)
        }
    }

    /// Whether the server says that it takes no more just now: nothing was begun then.
    private func isBusy(_ answer: WinRMAnswer, _ operation: WSManOperation) -> Bool {
        guard answer.status != 503 else { return true }
        guard answer.status == 500, case .fault(let fault)? = try? WSManReply(answer.body, to: operation).answer,
            let number = fault.number, number != .stillPending
        else { return false }
        return FaultMeaning(number)?.code == .busy
    }
}
