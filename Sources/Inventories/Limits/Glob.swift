/// A shell's pattern over a whole name, as Python's `fnmatch` reads it: `*`, `?`, `[a-c]`, `[!a]`; case counts.
struct Glob {
    private enum Part {
        case any
        case one
        case scalar(Unicode.Scalar)
        case set([ClosedRange<UInt32>], isNegated: Bool)

        func matches(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .any, .one: true
            case .scalar(let own): own == scalar
            case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar.value) } != isNegated
            }
        }

        var isStar: Bool {
            if case .any = self { true } else { false }
        }
    }

    private var parts: [Part] = []

    init(_ pattern: String) {
        let scalars = Array(pattern.unicodeScalars)
        var place = 0
        while place < scalars.count {
            let scalar = scalars[place]
            place += 1
            switch scalar {
            case "*": if parts.last?.isStar != true { parts.append(.any) }
            case "?": parts.append(.one)
            case "[":
                // A ] that stands first is one of the set.
                var end = place
                if end < scalars.count, scalars[end] == "!" { end += 1 }
                if end < scalars.count, scalars[end] == "]" { end += 1 }
                while end < scalars.count, scalars[end] != "]" { end += 1 }
                guard end < scalars.count else {
                    parts.append(.scalar(scalar))
                    continue
                }
                parts.append(Self.set(scalars[place..<end]))
                place = end + 1
            default: parts.append(.scalar(scalar))
            }
        }
    }

    private static func set(_ text: ArraySlice<Unicode.Scalar>) -> Part {
        let isNegated = text.first == "!"
        var rest = isNegated ? text.dropFirst() : text
        var ranges: [ClosedRange<UInt32>] = []
        while let first = rest.first {
            rest = rest.dropFirst()
            if rest.count > 1, rest.first == "-", let last = rest.dropFirst().first {
                rest = rest.dropFirst(2)
                if first.value <= last.value { ranges.append(first.value...last.value) }
            } else {
                ranges.append(first.value...first.value)
            }
        }
        return .set(ranges, isNegated: isNegated)
    }

    /// The last star that was met is gone back to: no more steps than the two lengths multiplied.
    func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var part = 0
        var place = 0
        var star: (part: Int, place: Int)?
        while place < scalars.count {
            if part < parts.count, parts[part].isStar {
                star = (part, place)
                part += 1
            } else if part < parts.count, parts[part].matches(scalars[place]) {
                part += 1
                place += 1
            } else if let last = star {
                star = (last.part, last.place + 1)
                part = last.part + 1
                place = last.place + 1
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy(\.isStar)
    }
}
