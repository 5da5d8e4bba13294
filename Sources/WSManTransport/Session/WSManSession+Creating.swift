import Connections
import EventLoops
import Scheduling
import WSMan
import WSManEnvelope

extension WSManSession {
    /// An answer to the request for a shell that is not the carriage's: the service is elsewhere, or takes no more for now.
    /// - Returns: whether it was one, and is seen to.
    func doesOtherwise(_ answer: WinRMAnswer, _ exchange: Exchange) async -> Bool {
        if answer.isRedirection {
            shell = .none
            await goElsewhere(answer.location)
            return true
        }
        guard isBusy(answer, exchange.operation), attempts < WSManTurn.most else {
            turn.finish(answer.status == 200 ? .takenUp : .other)
            return false
        }
        // Nothing was begun, and so there is nothing to be deleted.
        shell = .none
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
        do throws(TransportError) {
            try await move(to: location)
            askAnew(at: place)
        } catch {
            fail(error)
        }
    }

    /// Goes where a server says that the service is, if that is allowed: nothing was begun where it was asked.
    func move(to location: String?) async throws(TransportError) {
        redirections += 1
        let phase = timeline.current ?? .create
        guard let location else {
            throw TransportError(
                .redirected,
                phase: phase,
                "\(place.label): the service says that it is elsewhere, and not where. Ask whoever runs it for its address."
            )
        }
        do throws(TransportError) {
            place = try redirect.rule(place, location, redirections)
        } catch {
            throw TransportError(error.code, phase: phase, error.message)
        }
        for connection in idle { connection.closeFromAnywhere() }
        carriage = environment.carriage(to: place)
        first = makeConnection(isForOpening: true)
        idle = [first]
        await first.setDeadline(deadline)
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
