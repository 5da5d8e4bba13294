/// Where one session of a run that continues another begins: which lines of the playbook ran before, and which may have.
package struct TargetStart: Sendable, Hashable {
    /// Lines that ran: behind those of the one before it, up to `through`.
    package struct Ran: Sendable, Hashable {
        /// In the playbook, from 1.
        package let through: Int
        /// The name of the run's folder.
        package let run: String

        package init(through: Int, run: String) {
            self.through = through
            self.run = run
        }
    }

    /// Lines that were sent, and of which nobody knows whether, or how far, they ran.
    package struct Doubt: Sendable, Hashable {
        /// In the playbook, from 1.
        package let lines: ClosedRange<Int>
        /// The name of the folder of the run that sent them.
        package let run: String

        package init(_ lines: ClosedRange<Int>, run: String) {
            self.lines = lines
            self.run = run
        }
    }

    /// In the order of the playbook.
    package var ran: [Ran]
    package var doubt: Doubt?
    /// Whether the lines in doubt are sent once more, as somebody asked by name.
    package var repeatsDoubt: Bool

    package static let beginning = TargetStart()

    package init(ran: [Ran] = [], doubt: Doubt? = nil, repeatsDoubt: Bool = false) {
        self.ran = ran
        self.doubt = doubt
        self.repeatsDoubt = repeatsDoubt
    }

    /// The last line that ran; 0 for none.
    package var through: Int { ran.last?.through ?? 0 }

    /// Whether the target is not entered: later lines may depend on those in doubt.
    package var isHeld: Bool { doubt != nil && !repeatsDoubt }

    /// The run in which a line ran, where this start knows of it; nil for a later line.
    package func run(ofLine line: Int) -> String? { ran.first { line <= $0.through }?.run }
}

/// The run that a run continues, and where each of its targets begins.
package struct ContinuedRun: Sendable, Hashable {
    package var run: PreviousRun
    /// One for each target, in their order.
    package var starts: [TargetStart]

    package init(run: PreviousRun, starts: [TargetStart]) {
        self.run = run
        self.starts = starts
    }
}
