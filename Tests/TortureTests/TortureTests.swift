import FoundationEssentials
import Glibc
import PSRunTestSupport
import Sessions
import Testing

/// Faults at any byte between psrun and a far side: clocks hold, nothing is left, and nothing that ran is denied. As many
/// as CI runs; with PSRUN_TORTURE, a number of seconds, as many as that takes.
@Suite(.serialized)
struct TortureTests {
    private static let faults = 300
    private static let mustStrike = faults * 3 / 4
    private static let batch = 50

    @Test("No fault outlasts its clock by 100 ms, denies a line that ran, or leaves anything behind")
    func faults() async throws {
        let fleet = try await FaultyFleet()
        let lengths = try await fleet.lengths()
        var generator = SplitMix64(seed: 1)
        var seen: [Fault.Kind: Int] = [:]
        var passed = 0
        var atRest: Holdings?
        let end = getenv("PSRUN_TORTURE").flatMap { Double(String(cString: $0)) }
            .map { ContinuousClock.now + .seconds($0) }
        // On a busy machine a clock may end a session before its fault has come: more are tried then.
        func isShort() -> Bool {
            passed < Self.faults || seen.values.reduce(0, +) < Self.mustStrike && passed < 3 * Self.faults
        }
        while end.map({ ContinuousClock.now < $0 }) ?? isShort() {
            let batch = (0..<Self.batch).map { _ in lengths.fault(using: &generator) }
            let proxied = passed / Self.batch % 2 == 1
            for passage in try await fleet.pass(batch, proxied: proxied) {
                if passage.hasStruck { seen[passage.fault.kind, default: 0] += 1 }
                check(passage)
                if let late = passage.overrun { try await recheck(passage.fault, proxied, late, on: fleet) }
            }
            passed += batch.count
            // The first batch opens what libraries open once.
            let held = try await Holdings.settled(atMost: atRest)
            if let atRest { #expect(held <= atRest, "of \(atRest), \(held) are held behind \(passed) faults") }
            atRest = atRest ?? held
        }
        print("\(passed) faults, of which struck: \(seen)")
        #expect(Set(seen.keys) == Set(Fault.Kind.harmful))
        #expect(seen.values.reduce(0, +) >= Self.mustStrike, "too few faults strike: \(seen) of \(passed)")
        try await verify(fleet)
    }

    /// What was recorded is what happened, whatever the fault.
    private func check(_ passage: FaultyFleet.Passage) {
        let (fault, result) = (passage.fault, passage.result)
        for step in result.steps.prefix(passage.linesRun) {
            #expect(step.outcome != .notSent, "line \(step.firstLine) ran: \(fault): \(result)")
        }
        let isWell = result.steps.allSatisfy { $0.outcome == .ok }
        #expect((result.outcome == .ok) <= isWell, "\(fault): \(result)")
        // Garbled base64 may be whole, and then says something else.
        guard fault.kind != .garble || fault.layer == .ssh else { return }
        for (step, answer) in zip(result.steps, FaultyFleet.answers) where step.outcome == .ok {
            #expect(step.output.contains(answer), "\(fault): \(step)")
        }
    }

    /// One that was late counts where it is late by itself as well: this machine may have been busy with the others.
    private func recheck(_ fault: Fault, _ proxied: Bool, _ first: String, on fleet: FaultyFleet) async throws {
        var late = first
        for _ in 0..<5 {
            let passage = try await fleet.pass([fault], proxied: proxied)
            guard let again = passage.first?.overrun else { return }
            late = again
        }
        Issue.record("\(fault): \(late)")
    }

    /// All recordings are whole.
    private func verify(_ fleet: FaultyFleet) async throws {
        let arguments = [BuiltProgram.path, "verify", "--all", "--recordings", fleet.recordings]
        let ended = try await ChildProgram.run(arguments, within: 120)
        #expect(ended.ending == .exited(0), "\(ended)")
        let left = try FileManager.default.subpathsOfDirectory(atPath: fleet.recordings)
        #expect(!left.isEmpty && !left.contains { $0.hasSuffix(".part") }, "\(left)")
    }
}

extension Bool {
    /// Whether the first of two implies the second.
    fileprivate static func <= (premise: Bool, conclusion: Bool) -> Bool { !premise || conclusion }
}

extension FaultyFleet.Passage {
    private static let tolerance = Duration.milliseconds(100)

    /// What took longer than its clock allows; nil where nothing did.
    var overrun: String? {
        let limits = FaultyFleet.limits
        let connecting = Duration.microseconds(result.phasesMicroseconds.values.reduce(0, +))
        guard connecting <= FaultyFleet.connectingTimeout + Self.tolerance else {
            return "connecting took \(connecting): \(result)"
        }
        for step in result.steps {
            let took = Duration.microseconds(step.durationMicroseconds ?? 0)
            guard took <= (limits.step ?? .zero) + limits.grace + Self.tolerance else {
                return "line \(step.firstLine) took \(took): \(result)"
            }
        }
        let took = Duration.microseconds(result.durationMicroseconds)
        let isInTime = took <= (limits.target ?? .zero) + limits.grace + Self.tolerance
        return isInTime ? nil : "it took \(took): \(result)"
    }
}
