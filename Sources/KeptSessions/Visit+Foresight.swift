import CLIXML
import PSRP

/// What is foreseen of a held side that keeps to the order in which it is asked.
extension Visit {
    /// Takes the first Data of a pipeline of which the held side knows nothing yet.
    mutating func begin(_ id: PipelineID, with bytes: [UInt8], _ stream: CarriageStream) throws(PSRPError) {
        if stream == .standard, let question = Foresight.question(in: bytes) {
            if let replies = foresight?.replies(to: question) {
                pipelines[id]?.place = .foreseen(question)
                return answer(id, replies)
            }
            if foresight?.wait(Foresight.Asker(pipeline: id, question: question)) == true {
                pipelines[id]?.place = .foreseen(question)
                return
            }
        }
        guard let name = foresight?.nextName() else { return }
        pipelines[id]?.place = .held(name)
        names[name] = id
        requests.append(.command(name, []))
        try send(bytes, stream, of: id, as: name)
        // The far side's own bound holds for these questions as well. While only part of another pipeline has been sent, its
        // rest would make an answer stale.
        guard Foresight.isWhole(bytes), pipelines.count <= limits.openPipelines / 2,
            !pipelines.values.contains(where: \.isPartial)
        else { return }
        requests += foresight?.ask() ?? []
    }

    /// Answers a question as the held side would. Its Data is acknowledged by now, and by nobody else.
    private mutating func answer(_ id: PipelineID, _ replies: [Foresight.Reply]) {
        guard !isGone, !isLeaving, pipelines[id] != nil else { return }
        carriage.write([.acknowledged(.data, .pipeline(id))])
        for reply in replies { send(reply.type, reply.body, of: id) }
    }

    mutating func learn(_ bytes: [UInt8], of name: PipelineID) {
        switch foresight?.receive(bytes, of: name) {
        case .answered(let replies, let askers):
            for asker in askers { answer(asker.pipeline, Foresight.replies(replies, to: asker.question)) }
        case .unanswered(let askers):
            for asker in askers where pipelines[asker.pipeline] != nil { askTheHeldSide(asker) }
        case nil: return
        }
        requests.append(.close(.pipeline(name)))
    }

    /// Has a question answered by the held side after all.
    private mutating func askTheHeldSide(_ asker: Foresight.Asker) {
        guard let name = foresight?.nextName(), let asking = foresight?.request(asker.question, as: name) else {
            return
        }
        pipelines[asker.pipeline]?.place = .held(name)
        names[name] = asker.pipeline
        pipelines[asker.pipeline]?.dataOnTheWay += 1
        pipelines[asker.pipeline]?.hasData = true
        requests += asking
    }

    /// What is known of the held side, for the next visit.
    mutating func takeForesight() -> Foresight? {
        foresight?.forgetAskers()
        return foresight.take()
    }
}
