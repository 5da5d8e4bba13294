/// Folding of one dimension's numbers, as ClusterShell's `RangeSet` prints them when steps are off.
enum NumberRuns {
    /// The runs of numbers that follow each other.
    ///
    /// Whether zeros are written is remembered from a run's or a lone number's beginning until the next run: after `08` the
    /// lone `99` does not begin a run with `100`. Source: `RangeSet._slices_padding` of ClusterShell 1.10.1.
    /// - Parameter numbers: in their order, none twice.
    static func runs(of numbers: [NodeNumber]) -> [ClosedRun] {
        guard let first = numbers.first else { return [] }
        var runs: [ClosedRun] = []
        var run = ClosedRun(first: first, last: first)
        var isPadded = first.isPadded
        var width = first.text.utf8.count
        for number in numbers.dropFirst() {
            let isOther = isPadded ? number.text.utf8.count != width : number.isPadded
            if !isOther, run.last.isFollowed(by: number) {
                run.last = number
                continue
            }
            runs.append(run)
            if isOther || run.first != run.last {
                isPadded = number.isPadded
                width = number.text.utf8.count
            }
            run = ClosedRun(first: number, last: number)
        }
        runs.append(run)
        return runs
    }

    /// `8-10,12`, without brackets.
    static func fold(_ numbers: [NodeNumber]) -> String {
        runs(of: numbers).map(\.text).joined(separator: ",")
    }
}

/// Numbers that follow each other; one number where both ends are the same.
struct ClosedRun: Equatable {
    let first: NodeNumber
    var last: NodeNumber

    var text: String { first == last ? first.text : "\(first.text)-\(last.text)" }
}
