/// Where a session begins in its playbook, when an earlier run has sent lines of it.
package struct SessionStart: Sendable, Hashable {
    /// Lines that ran: behind those of the one before it, up to `through`.
    package struct Ran: Sendable, Hashable {
        package let through: Int
        /// The run's name.
        package let run: String

        package init(through: Int, run: String) {
            self.through = through
            self.run = run
        }
    }

    /// Lines of which nobody knows whether, or how far, they ran.
    package struct Doubt: Sendable, Hashable {
        package let lines: ClosedRange<Int>
        /// The name of the run that sent them.
        package let run: String

        package init(_ lines: ClosedRange<Int>, run: String) {
            self.lines = lines
            self.run = run
        }
    }

    /// In the order of the playbook.
    package var ran: [Ran] = []
    package var doubt: Doubt?
    /// Why the target is not entered at all; nil where it is.
    package var refusal: TargetFailure?

    package init() {}

    /// The last line that ran; 0 for none.
    var through: Int { ran.last?.through ?? 0 }

    func run(ofLine line: Int) -> String? { ran.first { line <= $0.through }?.run }
}
