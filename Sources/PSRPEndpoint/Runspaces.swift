import PSRP

/// The runspaces of a pool: a shell each, made when one is needed and none is free (server pools do the same).
struct Runspaces {
    struct Runspace {
        /// What runs in it.
        var pipeline: EndpointSession.RunningPipeline?
        /// What its last line left: `$?` and `$LASTEXITCODE`; nil as long as no line ran.
        var lastStatus: Int32?
        /// Why no line can run in it any more.
        var shellIsGone: String?
    }

    /// By their numbers, which are never used again.
    var members: [Int: Runspace] = [0: Runspace()]
    /// Those in which nothing runs. The last one is used first: a client that runs one pipeline at a time meets one state.
    private var free = [0]
    private var nextNumber = 1

    /// Takes a runspace for a pipeline; nil where `most` are busy.
    mutating func take(most: Int) -> Int? {
        if let number = free.popLast() { return number }
        guard members.count < most else { return nil }
        defer { nextNumber += 1 }
        members[nextNumber] = Runspace()
        return nextNumber
    }

    /// Nothing runs in it any more.
    mutating func release(_ number: Int) {
        guard members[number] != nil, !free.contains(number) else { return }
        free.append(number)
    }

    /// Forgets a runspace whose shell is gone, so that a fresh one may take its place.
    mutating func remove(_ number: Int) {
        members[number] = nil
        free.removeAll { $0 == number }
    }

    /// The runspace that a pipeline runs in.
    func number(of pipeline: PipelineID) -> Int? {
        members.first { $0.value.pipeline?.id == pipeline }?.key
    }
}
