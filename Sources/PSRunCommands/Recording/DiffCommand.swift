import Audit
import Glibc
package import PSRunCommandLine
import Recording
import RecordingFormat
import RecordingSearch
import Reports
import Threads

/// `psrun diff RUN [RUN]`: what is different between two runs, or between the targets of one.
package enum DiffCommand {
    package static func run(_ invocation: DiffInvocation, console: VerbConsole) async -> Int32 {
        do throws(RecordingError) {
            let masks = try MaskFile.masks(for: invocation, environment: console.environment)
            let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
            let runs = try runs(invocation, in: store)
            let opened = try await open(runs, invocation)
            if invocation.keepsAccessLog {
                try await console.noteReading(opened.map { ($0.folder, $0.manifest) }, what(invocation, runs))
            }
            let report = DiffReport(format: invocation.format, output: console.reportOutput)
            return await onOwnThread { compare(opened, masks, report).number }
        } catch {
            return console.fail(error)
        }
    }

    /// The runs to compare, the older one first; one where its targets are compared with each other.
    private static func runs(_ invocation: DiffInvocation, in store: RunStore) throws(RecordingError) -> [RecordedRun] {
        let run = try store.run(invocation.run)
        try run.requireSealed()
        guard !invocation.within else { return [run] }
        let older = if let name = invocation.older { try store.run(name) } else { try former(of: run, in: store) }
        try older.requireSealed()
        return [older, run]
    }

    /// The last sealed run before, of the same playbook.
    private static func former(of run: RecordedRun, in store: RunStore) throws(RecordingError) -> RecordedRun {
        let playbook = RunName.parts(of: run.name)?.playbook
        let runs = try store.runs { RunName.parts(of: $0)?.playbook == playbook }
        let place = runs.firstIndex { $0.name == run.name } ?? runs.endIndex
        let former = runs[..<place].last {
            $0.isSealed && $0.manifest?.playbookName == run.manifest?.playbookName
        }
        guard let former else {
            throw RecordingError(
                .notFound,
                "\(run.name) is the first run of its playbook here. Name two runs, or compare its targets with each other "
                    + "by --within."
            )
        }
        return former
    }

    private static func open(
        _ runs: [RecordedRun],
        _ invocation: DiffInvocation
    ) async throws(RecordingError) -> [FrameIndex] {
        let filter = TargetFilter(invocation.hosts)
        let results = await onOwnThread {
            ArchiveSearch.open(runs.map(\.folder), threads: runs.count) { filter.contains($0) }
        }
        var opened: [FrameIndex] = []
        for result in results { opened.append(try result.get()) }
        if !opened.contains(where: \.hasEntries), !invocation.hosts.isEmpty {
            throw RecordingError(
                .notFound,
                "\(runs.map(\.name).joined(separator: " or ")) has no target \(invocation.hosts.joined(separator: ", "))."
            )
        }
        return opened
    }

    private static func compare(_ runs: [FrameIndex], _ masks: OutputMasks, _ report: DiffReport) -> ExitCode {
        let threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let digests = runs.map { RunDigest(of: $0, masks: masks, threads: threads) }
        let failures = digests.flatMap(\.failures)
        failures.forEach(report.complain)
        var codes: [ExitCode] = failures.isEmpty ? [] : [.recordingNotWhole]
        do throws(SearchFailure) {
            if digests.count == 1 {
                let classes = try RunClasses(of: digests[0], threads: threads)
                report.show(classes, of: digests[0])
                codes.append(classes.classes.count > 1 ? .notAllWell : .allWell)
            } else {
                let comparison = try RunComparison(from: digests[0], to: digests[1], threads: threads)
                report.show(comparison, from: digests[0], to: digests[1])
                codes.append(comparison.isEqual ? .allWell : .notAllWell)
            }
        } catch {
            report.complain(error)
            codes.append(.recordingNotWhole)
        }
        return ExitCode.combined(codes)
    }

    private static func what(_ invocation: DiffInvocation, _ runs: [RecordedRun]) -> String {
        let names = runs.map(\.name).joined(separator: " ")
        let hosts = invocation.hosts.map { " --host \($0)" }.joined()
        return "diff \(names)\(invocation.within ? " --within" : "")\(hosts)"
    }
}
