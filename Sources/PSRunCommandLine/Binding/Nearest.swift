/// The spelling that `given` most likely meant, or nil when none is near: a third of its letters may differ, letter case
/// and dashes aside.
package func nearest(to given: String, in spellings: [String]) -> String? {
    let bare = { (text: String) in Array(text.lowercased().filter { $0 != "-" }.utf8) }
    let wanted = bare(given)
    let ranked = spellings.map { (spelling: $0, distance: editDistance(wanted, bare($0))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, wanted.count / 3) ? best.spelling : nil
}

/// How many insertions, deletions, replacements and swaps of neighbours lead from one to the other (the optimal string
/// alignment distance).
private func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for (i, a) in first.enumerated() {
        var row = [i + 1]
        for (j, b) in second.enumerated() {
            var distance = min(last[j] + (a == b ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a == second[j - 1], b == first[i - 1] {
                distance = min(distance, beforeLast[j - 1] + 1)
            }
            row.append(distance)
        }
        (beforeLast, last) = (last, row)
    }
    return last[second.count]
}
