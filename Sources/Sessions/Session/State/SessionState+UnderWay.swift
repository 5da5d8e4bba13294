extension SessionState {
    /// What is under way, as a clause, for whoever says what was stopped. A line that has ended is not called stopped.
    var underWay: String {
        switch self {
        case .line(_, let step): "\(step.text.place) was stopped"
        case .rendering(_, let rendered):
            "\(rendered.step.text.place) had ended, and how its error is shown was being asked"
        case .metadata(_, let survey):
            "\(survey.step.text.place) had ended, and the session's commands were being asked for"
        case .probe(_, let probed):
            "\(probed.step.text.place) had ended, and `$?` and the prompt behind it were being asked for"
        case .prompt(_, let asked):
            asked.isAskedForCut
                ? "no line was running, and where the blocks end was being asked"
                : "no line was running, and the prompt was being asked for"
        case .recording: "no line was running, and the last one was being recorded"
        case .announced(let step): "\(step.text.place) was not sent"
        case .connecting, .closing, .finished: "nothing was running"
        }
    }

    /// The same where nothing of its pipeline was sent.
    var underWayUnsent: String {
        if case .line(_, let step) = self { "\(step.text.place) was not sent" } else { underWay }
    }
}

extension StepText {
    /// What is said of it where nothing answered a stop.
    var unanswered: String {
        "\(place) was told to stop and nothing answered, so that it is not known how far it ran"
    }
}
