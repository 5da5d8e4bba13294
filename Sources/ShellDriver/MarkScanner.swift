/// Finds a driven shell's marks in one of its streams, wherever its reads were cut. What may be a mark's beginning waits.
struct MarkScanner {
    enum Item: Hashable {
        case text([UInt8])
        case mark(ShellMark)
    }

    /// A mark is never as long as this; what seems to be a longer one is text.
    private static let longest = 64 << 10

    private let beginning: [UInt8]
    private let end: [UInt8]
    private var held: [UInt8] = []
    /// How much of what is held has no end in it, and no other beginning: it is not looked through once more.
    private var searched = 0

    /// - Parameter nonce: 32 hexadecimal digits.
    init(nonce: String) {
        beginning = Array("<\(nonce):".utf8)
        end = Array(":\(nonce)>".utf8)
    }

    /// - Returns: what is settled now, in order.
    mutating func take(_ bytes: [UInt8]) -> [Item] {
        held += bytes
        let alreadySearched = searched
        searched = 0
        var items: [Item] = []
        var text: [UInt8] = []
        var place = 0
        scan: while place < held.count {
            guard let start = held[place...].firstIndex(of: beginning[0]) else {
                text += held[place...]
                place = held.count
                break
            }
            text += held[place..<start]
            place = start
            switch find(at: start, from: start == 0 ? alreadySearched : 0) {
            case .waiting:
                // The last bytes may be the beginning of an end.
                searched = max(0, held.count - start - max(beginning.count, end.count))
                break scan
            case .none:
                text.append(held[start])
                place += 1
            case .mark(let mark, let next):
                if !text.isEmpty { items.append(.text(text)) }
                text = []
                items.append(.mark(mark))
                place = next
            }
        }
        if !text.isEmpty { items.append(.text(text)) }
        held.removeFirst(place)
        return items
    }

    /// What was held, since nothing more comes.
    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return held
    }

    private enum Found {
        case none
        case waiting
        case mark(ShellMark, next: Int)
    }

    /// - Parameter searched: up to where there is no end.
    private func find(at start: Int, from searched: Int) -> Found {
        let rest = held[start...]
        guard rest.count > beginning.count else { return beginning.starts(with: rest) ? .waiting : .none }
        guard rest.starts(with: beginning) else { return .none }
        let content = start + beginning.count
        let limit = min(held.count, content + Self.longest)
        var place = max(content, searched)
        while place < limit, !isAt(place, end) {
            // No mark stands within another.
            if isAt(place, beginning) { return .none }
            place += 1
        }
        guard place < limit else { return limit < held.count ? .none : .waiting }
        guard let mark = ShellMark(String(decoding: held[content..<place], as: UTF8.self)) else { return .none }
        let next = place + end.count
        // A prompt has no line end.
        if case .unwound = mark { return .mark(mark, next: next) }
        guard next < held.count else { return .waiting }
        return .mark(mark, next: next + (held[next] == UInt8(ascii: "\n") ? 1 : 0))
    }

    private func isAt(_ place: Int, _ part: [UInt8]) -> Bool {
        held[place] == part[0] && held[place...].starts(with: part)
    }
}

/// What a mark says.
enum ShellMark: Hashable {
    /// The shell is free.
    /// - number: the question's.
    /// - begun: the number of the line that began last, nil where that cannot be told.
    case free(status: Int32, number: Int, begun: Int?, flags: String, folder: String)
    /// An error or a signal has unwound the shell.
    case unwound(status: Int32, number: Int)
    /// The words of a look begin.
    case look(Int)
    /// They have ended, and this was the look's status.
    case looked(status: Int32, number: Int)
    case fact(name: String, value: String)
    /// Start-up files have ended: what comes now is the shell's own.
    case started
    /// The shell is one that is not driven.
    case refused(shell: String)

    /// - Parameter content: what stands between a mark's beginning and its end.
    init?(_ content: String) {
        let parts = content.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return nil }
        func fields(_ count: Int) -> [Substring]? {
            let fields = parts[1].split(separator: ":", maxSplits: count - 1, omittingEmptySubsequences: false)
            return fields.count == count ? fields : nil
        }
        switch parts[0] {
        case "m":
            guard let found = fields(5), let status = Int32(found[0]), let number = Int(found[1]) else { return nil }
            self = .free(
                status: status,
                number: number,
                begun: Int(found[2]),
                flags: String(found[3]),
                folder: String(found[4])
            )
        case "p":
            guard let found = fields(2), let status = Int32(found[0]), let number = Int(found[1]) else { return nil }
            self = .unwound(status: status, number: number)
        case "b":
            guard let number = Int(parts[1]) else { return nil }
            self = .look(number)
        case "c":
            guard let found = fields(2), let status = Int32(found[0]), let number = Int(found[1]) else { return nil }
            self = .looked(status: status, number: number)
        case "f":
            guard let found = fields(2) else { return nil }
            self = .fact(name: String(found[0]), value: String(found[1]))
        case "s": self = .started
        case "x": self = .refused(shell: parts[1].split(separator: " ").joined(separator: ", "))
        default: return nil
        }
    }
}
