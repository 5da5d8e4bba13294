package import RecordingFormat

/// JUnit XML of a recording: a test suite for each target (see `JUnitSuite`). Holds one session's cases at a time.
package struct JUnitEncoder: RecordingEncoder {
    private var run = ExportedRun(name: "")
    private var session = ExportedSession(number: 1, target: "")
    private var header: EntryHeader?
    private var assembler = StepAssembler()
    private var suite = JUnitSuite(className: "")
    private var cases: [UInt8] = []

    package init() {}

    package mutating func begin(_ run: ExportedRun, to bytes: inout [UInt8]) {
        self.run = run
        bytes += JUnitDocument.beginning(name: run.title, counts: nil, microseconds: run.facts.durationMicroseconds)
    }

    package mutating func begin(_ session: ExportedSession, to bytes: inout [UInt8]) {
        self.session = session
        header = nil
        assembler = StepAssembler()
        let names = [run.playbookName ?? run.name, session.target]
        suite = JUnitSuite(className: names.filter { !$0.isEmpty }.joined(separator: "."))
        cases = []
    }

    package mutating func encode(
        _ line: ArraySlice<UInt8>,
        number: Int,
        to bytes: inout [UInt8]
    ) throws(CastError) {
        switch try CastLine(decoding: line, number: number) {
        case .header(let header): self.header = header
        case .event(let event): assembler.take(event).map { add($0) }
        case .other: break
        }
    }

    package mutating func endSession(to bytes: inout [UInt8]) {
        assembler.finish().map { add($0) }
        let result = assembler.result
        cases += suite.lastCases(of: result)
        bytes += suite.beginning(
            of: session.target,
            microseconds: result.durationMicroseconds ?? 0,
            startedSeconds: header?.startedSeconds
        )
        bytes += cases
        bytes += JUnitSuite.end
        cases = []
    }

    package mutating func end(to bytes: inout [UInt8]) {
        bytes += JUnitDocument.end
    }

    private mutating func add(_ step: RecordedStep) {
        guard step.isStep else { return }
        cases += suite.cases(of: JUnitSuite.Step(step))
    }
}

extension JUnitSuite.Step {
    /// A step as a recording has it. Of one that psrun did not live to see the end of, the marker tells the line.
    fileprivate init(_ step: RecordedStep) {
        self.init(step.result, output: step.output, errors: step.errors)
        text = step.text
        outcome = step.outcome ?? .unknown
        if step.result.firstLine == nil {
            firstLine = step.marker.flatMap(StepMarker.firstLine).map { Int(clamping: $0) } ?? 0
        }
    }
}
