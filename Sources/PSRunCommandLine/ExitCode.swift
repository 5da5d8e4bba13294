/// How psrun ends: the one table behind the program, its help, its manual and its README.
package enum ExitCode: Sendable, Hashable {
    case allWell
    case notAllWell
    case usage
    case recordingLost
    case unreachable
    case unreachableAndNotAllWell
    case recordingNotWhole
    case locked
    case timedOut
    /// Ended by the signal of this number.
    case signal(Int32)

    /// What the shell sees.
    package var number: Int32 {
        switch self {
        case .allWell: 0
        case .notAllWell: 1
        case .usage: 2
        case .recordingLost: 3
        case .unreachable: 4
        case .unreachableAndNotAllWell: 5
        case .recordingNotWhole: 6
        case .locked: 75
        case .timedOut: 124
        case .signal(let number): 128 + number
        }
    }

    /// The one that is told when all of `codes` hold. Several are told by rank; 4 beside 1 is 5.
    package static func combined(_ codes: some Collection<ExitCode>) -> ExitCode {
        var codes = Array(codes)
        if codes.contains(.unreachable), codes.contains(.notAllWell) {
            codes.append(.unreachableAndNotAllWell)
        }
        return codes.min { $0.rank < $1.rank } ?? .allWell
    }

    /// Lower goes first.
    private var rank: Int {
        switch self {
        case .usage: 0
        case .locked: 1
        case .signal: 2
        case .recordingLost: 3
        case .timedOut: 4
        case .unreachableAndNotAllWell: 5
        case .unreachable: 6
        case .notAllWell: 7
        case .recordingNotWhole: 8
        case .allWell: 9
        }
    }
}

extension ExitCode {
    /// One line of the table as it is printed.
    package struct Description: Sendable, Hashable {
        /// `0`, `75`, or `128+n`.
        package var number: String
        package var meaning: String
    }

    /// Every exit code, in the order of its numbers.
    package static let descriptions = [
        Description(number: "0", meaning: "all well"),
        Description(
            number: "1",
            meaning: """
                a step was not ok, a session broke or asked for a non-zero exit, a target was not run, verify or \
                diff found something, or search found nothing
                """
        ),
        Description(number: "2", meaning: "wrong usage, or a bad playbook"),
        Description(number: "3", meaning: "the recording could not be kept and the run was ended for it"),
        Description(number: "4", meaning: "a target was unreachable (and nothing else)"),
        Description(number: "5", meaning: "both 1 and 4"),
        Description(
            number: "6",
            meaning: """
                the run is whole but its recording is not, or what was replayed or verified is truncated or recovered
                """
        ),
        Description(number: "75", meaning: "another run holds the lock"),
        Description(number: "124", meaning: "a step, a target or the run timed out"),
        Description(number: "128+n", meaning: "ended by signal n (130 is Ctrl-C)"),
    ]

    /// The numbers of those that can hold together, the one that is told first.
    package static let precedence = ["2", "75", "128+n", "3", "124", "5", "4", "1", "6"]
}
