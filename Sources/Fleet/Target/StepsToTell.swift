import Sessions

/// Steps on their way to a screen: each is told once nothing more can belong to it. What comes between two lines is the
/// earlier one's.
struct StepsToTell {
    private var last: StepResult?

    /// Takes an event.
    /// - Returns: a step to which nothing more is added; nil for none.
    mutating func take(_ event: SessionEvent) -> StepResult? {
        switch event {
        case .stepEnded(let result):
            defer { last = result }
            return last.take()
        case .stepBegan, .finished: return last.take()
        case .text, .typed, .typedSecret:
            last?.write(late: event.recordedText ?? "")
            return nil
        default: return nil
        }
    }
}
