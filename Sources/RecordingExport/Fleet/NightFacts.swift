import RecordingFormat

/// One run of a playbook: how each of its targets ended, and each step on each of them.
package struct NightFacts: Sendable {
    /// A step, of all targets that had it.
    package struct Step: Sendable, Hashable {
        package var line: Int64
        package var title: String
        package var text: String
    }

    package struct Host: Sendable {
        package var target: String
        /// The number of its session in the run, from 1.
        package var number: Int
        package var isWell: Bool
        package var letter: UInt8
        /// -1 where it was not measured; so are those of the steps.
        package var milliseconds: Int32
        /// Where its words stand in `texts`: how it ended, and why it is not well, or -1.
        package var ending: Int
        package var reason: Int
        /// A letter for each of the night's steps, and its milliseconds.
        package var letters: [UInt8] = []
        package var times: [Int32] = []
    }

    package let run: String
    /// Seconds since 1970, UTC.
    package let startedSeconds: Int64
    package private(set) var steps: [Step] = []
    package private(set) var hosts: [Host] = []
    /// What hosts say, each text once.
    package private(set) var texts: [String] = []
    /// Steps that more than the page takes had.
    package private(set) var stepsLeftOut = false

    private var places: [Int64: Int] = [:]
    private var textPlaces: [String: Int] = [:]

    package init(run: String, startedSeconds: Int64) {
        self.run = run
        self.startedSeconds = startedSeconds
    }

    /// Hosts times steps.
    package var cells: Int { hosts.count * max(1, steps.count) }

    /// Takes a session, in the order of the run.
    package mutating func add(_ facts: SessionFacts, number: Int) {
        var host = Host(
            target: facts.target,
            number: number,
            isWell: facts.isWell,
            letter: facts.letter,
            milliseconds: facts.milliseconds ?? -1,
            ending: place(of: facts.ending),
            reason: facts.reason.map { place(of: $0) } ?? -1
        )
        for step in facts.steps {
            guard let place = place(of: step) else {
                stepsLeftOut = true
                continue
            }
            host.reach(place + 1)
            // Where two steps begin in one line, the worse one is seen.
            guard host.letters[place] == OutcomeLetter.none || host.letters[place] == OutcomeLetter.of(.ok) else {
                continue
            }
            host.letters[place] = step.letter
            host.times[place] = step.milliseconds ?? -1
        }
        hosts.append(host)
    }

    /// After the last session: the steps in the playbook's order.
    package mutating func finish() {
        let order = steps.indices.sorted { steps[$0].line < steps[$1].line }
        steps = order.map { steps[$0] }
        for index in hosts.indices {
            hosts[index].reach(order.count)
            hosts[index].letters = order.map { hosts[index].letters[$0] }
            hosts[index].times = order.map { hosts[index].times[$0] }
        }
        places = [:]
        textPlaces = [:]
    }

    /// How many hosts ended with a letter.
    func count(_ letter: UInt8) -> Int { hosts.count { $0.letter == letter } }

    /// Names of the steps that stay the same when lines are put before them: the text, and how often it came before.
    var stepNames: [String] { Self.numbered(steps.map { $0.text.isEmpty ? $0.title : $0.text }) }
    /// The same of the hosts: a target may be named twice.
    var hostNames: [String] { Self.numbered(hosts.map(\.target)) }

    private static func numbered(_ texts: [String]) -> [String] {
        var seen: [String: Int] = [:]
        return texts.map { text in
            let count = seen[text, default: 0]
            seen[text] = count + 1
            return count == 0 ? text : "\(text)\u{0}\(count)"
        }
    }

    private mutating func place(of step: SessionFacts.Step) -> Int? {
        if let place = places[step.line] {
            if steps[place].text.isEmpty { steps[place].text = step.text }
            return place
        }
        guard steps.count < PageSize.steps else { return nil }
        places[step.line] = steps.count
        steps.append(Step(line: step.line, title: step.title, text: step.text))
        return steps.count - 1
    }

    private mutating func place(of text: String) -> Int {
        if let place = textPlaces[text] { return place }
        textPlaces[text] = texts.count
        texts.append(text)
        return texts.count - 1
    }
}

extension NightFacts.Host {
    fileprivate mutating func reach(_ count: Int) {
        guard letters.count < count else { return }
        letters += repeatElement(OutcomeLetter.none, count: count - letters.count)
        times += repeatElement(-1, count: count - times.count)
    }
}

/// A run since then of which the page tells no host.
package struct NightGap: Sendable, Hashable {
    package var run: String
    /// Why, in a sentence's end: `it was pruned`.
    package var reason: String

    package init(run: String, reason: String) {
        self.run = run
        self.reason = reason
    }
}
