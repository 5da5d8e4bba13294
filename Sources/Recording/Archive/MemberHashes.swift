import RecordingFormat

/// The hashes of an archive's members, by their names.
enum MemberHashes {
    /// For looking up many.
    case table([String: String])
    /// The file SHA256SUMS, for looking up few: taking all of it apart costs more than they do.
    case text([UInt8])

    /// nil where a line of the file is none.
    init?(all sums: [UInt8]) {
        guard let members = [MemberHash](sums: sums) else { return nil }
        self = .table(Dictionary(members.map { ($0.name, $0.hash) }, uniquingKeysWith: { first, _ in first }))
    }

    init(few sums: [UInt8]) {
        self = .text(sums)
    }

    subscript(name: String) -> String? {
        switch self {
        case .table(let hashes): return hashes[name]
        case .text(let sums):
            let line = Array("  \(name)\n".utf8)
            guard let place = sums.firstPlace(of: line, ignoringCase: false), place >= 64 else { return nil }
            return [MemberHash](sums: Array(sums[(place - 64)..<(place + line.count)]))?.first?.hash
        }
    }
}
