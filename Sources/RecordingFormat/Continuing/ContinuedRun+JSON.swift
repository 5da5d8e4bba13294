/// A run that continues another, as a journal's description has it: runs are named once, and told by their place.
extension ContinuedRun {
    var json: JSONValue {
        var runs: [String] = []
        func place(of run: String) -> JSONValue {
            if let index = runs.firstIndex(of: run) { return .integer(Int64(index)) }
            runs.append(run)
            return .integer(Int64(runs.count - 1))
        }
        let starts = starts.map { start -> JSONValue in
            var members: [JSONMember] = []
            if !start.ran.isEmpty {
                let ran = start.ran.map { JSONValue.array([.integer(Int64($0.through)), place(of: $0.run)]) }
                members.append(JSONMember(.ran, .array(ran)))
            }
            if let doubt = start.doubt {
                let (first, last) = (doubt.lines.lowerBound, doubt.lines.upperBound)
                let numbers: [JSONValue] = [.integer(Int64(first)), .integer(Int64(last)), place(of: doubt.run)]
                members.append(JSONMember(.doubt, .array(numbers)))
            }
            if start.repeatsDoubt { members.append(JSONMember(.repeated, .bool(true))) }
            return .object(members)
        }
        return .record([
            .run: .string(run.run),
            .manifestHash: .string(run.manifestHash),
            .runs: .array(runs.map { .string($0) }),
            .starts: .array(starts),
        ])
    }

    /// - Parameter targets: how many the run has.
    /// - Returns: nil where it does not tell of each of them in its own way: nothing could be proved by it.
    init?(_ json: JSONValue, targets: Int) {
        guard let run = PreviousRun(json), let names = json[.runs]?.array?.map(\.string),
            case let runs = names.compactMap(\.self), runs.count == names.count, runs.allSatisfy(RunName.isFolder),
            let values = json[.starts]?.array, values.count == targets
        else { return nil }
        var starts: [TargetStart] = []
        for value in values {
            guard let start = TargetStart(value, runs: runs) else { return nil }
            starts.append(start)
        }
        self.init(run: run, starts: starts)
    }
}

extension TargetStart {
    fileprivate init?(_ json: JSONValue, runs: [String]) {
        self.init(repeatsDoubt: json[.repeated]?.bool ?? false)
        for value in json[.ran]?.array ?? [] {
            guard let numbers = value.numbers, numbers.count == 2, runs.indices.contains(numbers[1]),
                numbers[0] > through
            else { return nil }
            ran.append(Ran(through: numbers[0], run: runs[numbers[1]]))
        }
        guard let value = json[.doubt] else { return }
        guard let numbers = value.numbers, numbers.count == 3, runs.indices.contains(numbers[2]),
            numbers[0] > through, numbers[0] <= numbers[1]
        else { return nil }
        doubt = Doubt(numbers[0]...numbers[1], run: runs[numbers[2]])
    }
}

extension JSONValue {
    /// An array of numbers from 0; nil for anything else.
    fileprivate var numbers: [Int]? {
        guard let array else { return nil }
        let numbers = array.compactMap { $0.integer.flatMap(Int.init(exactly:)) }.filter { $0 >= 0 }
        return numbers.count == array.count ? numbers : nil
    }
}
