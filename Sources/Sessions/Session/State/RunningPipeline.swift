import PSRP

/// The pipeline that a session waits for.
struct RunningPipeline: Sendable {
    /// How long its end is waited for.
    enum Patience: Sendable {
        /// As long as the session's limits have it.
        case limits
        /// It was told to stop, and so was the session: until then on the elapsed clock, whatever the limits say.
        case grace(Duration)
    }

    let id: PipelineID
    private(set) var patience = Patience.limits

    init(_ id: PipelineID) {
        self.id = id
    }

    /// The next pipeline of a session that is as patient as before.
    func followed(by id: PipelineID) -> RunningPipeline {
        var next = RunningPipeline(id)
        next.patience = patience
        return next
    }

    func stopped(graceEnd: Duration) -> RunningPipeline {
        var stopped = self
        stopped.patience = .grace(graceEnd)
        return stopped
    }
}

extension SessionState {
    /// The same with its pipeline told to stop.
    func stopped(graceEnd: Duration) -> SessionState {
        switch self {
        case .prompt(let pipeline, let asked): .prompt(pipeline.stopped(graceEnd: graceEnd), asked)
        case .line(let pipeline, let step): .line(pipeline.stopped(graceEnd: graceEnd), step)
        case .rendering(let pipeline, let rendered): .rendering(pipeline.stopped(graceEnd: graceEnd), rendered)
        case .metadata(let pipeline, let survey): .metadata(pipeline.stopped(graceEnd: graceEnd), survey)
        case .probe(let pipeline, let probed): .probe(pipeline.stopped(graceEnd: graceEnd), probed)
        case .connecting, .recording, .announced, .closing, .finished: self
        }
    }
}
