import ConsoleText
package import Recording
import RecordingExport
import RecordingFormat

/// A recorded run's machine-readable result, as the run itself printed it.
package struct RecordedResult {
    private let recording: SealedRecording
    private let record: RunRecord

    /// - Parameter folder: the run's, as it is told.
    package init(_ recording: SealedRecording, folder: String) {
        self.recording = recording
        let manifest = recording.manifest
        var members =
            RunRecord(
                run: manifest.run,
                playbook: manifest.playbookName,
                recording: folder,
                exitCode: manifest.exitCode,
                startedSeconds: manifest.startedSeconds,
                durationMicroseconds: manifest.durationMicroseconds,
                shard: manifest.shard.map { ($0.index, $0.count) }
            )
            .json.members ?? []
        if let merge = manifest.merge, !merge.missing.isEmpty { members.append(JSONMember(.merged, merge.json)) }
        record = RunRecord(.object(members))
    }

    /// One JSON object, as `--format json` has it; told piece by piece, a target at a time.
    /// - Parameter write: answers false where nobody reads on.
    /// - Throws: `damaged`.
    package func tellJSON(to write: ([UInt8]) -> Bool) throws(RecordingError) {
        let (before, after) = record.aroundTargets
        guard write(before) else { return }
        for (index, entry) in recording.entries.enumerated() {
            guard write((index == 0 ? [] : [0x2C]) + (try target(entry).encoded)) else { return }
        }
        _ = write(after + [0x0A])
    }

    /// A line for each target, then one for the run, as `--format jsonl` has it.
    /// - Parameter write: answers false where nobody reads on.
    /// - Throws: `damaged`.
    package func tellLines(to write: ([UInt8]) -> Bool) throws(RecordingError) {
        for entry in recording.entries {
            guard write(try target(entry).encoded + [0x0A]) else { return }
        }
        _ = write(record.encoded + [0x0A])
    }

    /// A target with its steps, and what a console showed of each.
    private func target(_ entry: IndexedEntry) throws(RecordingError) -> TargetRecord {
        var assembler = StepAssembler()
        var steps: [StepRecord] = []
        func add(_ step: RecordedStep?) {
            guard let step, step.result.outcome != nil else { return }
            // A console ends lines with a carriage return as well.
            let lines = step.output.split(separator: "\r\n", omittingEmptySubsequences: false)
            let output = TerminalText.withoutColors(lines.joined(separator: "\n"))
            let members = step.result.json.members ?? []
            steps.append(StepRecord(.object(members + [JSONMember(.output, .string(output))])))
        }
        try recording.forEachCheckedLine(of: entry) { line, number throws(RecordingError) in
            do throws(CastError) {
                if case .event(let event) = try CastLine(decoding: line, number: number) { add(assembler.take(event)) }
            } catch {
                throw recording.damage(error, in: entry)
            }
        }
        add(assembler.finish())
        return assembler.result.told(as: entry.target, steps: steps)
    }
}
