import PSRunTestSupport
import Recording
import RecordingFormat

extension MutationBase {
    func changeArchive(_ mutation: Mutation, of image: inout StoreImage, using random: inout SplitMix64) throws {
        guard var night = whole.randomElement(using: &random), var forge = archives[night.name] else { return }
        let place = Int.random(in: forge.entries.indices, using: &random)
        switch mutation {
        case .cutAtFrameEdge, .dropFrame:
            let edges = Self.frameEdges(of: night.archive)
            guard let edge = edges.indices.dropLast().randomElement(using: &random) else { return }
            if mutation == .dropFrame {
                night.archive.removeSubrange(edges[edge]..<edges[edge + 1])
            } else {
                let trailer = night.archive.suffix(ArchiveTrailer.byteCount)
                night.archive.removeSubrange(edges[edge]...)
                if Bool.random(using: &random) { night.archive += trailer }
            }
            night.manifest.archiveBytes = UInt64(night.archive.count)
            night.manifest.archiveHash = hexadecimal(sha256(night.archive))
            return try replacing(night, in: &image, using: &random)
        case .dropMember:
            forge.entries.remove(at: place)
        case .renameEntry:
            forge.entries[place].target = "other\(place)"
            forge.entries[place].name = RunName.member(entry: place, target: "other\(place)")
        case .editEntry:
            forge.entries[place].text = Self.withoutALine(forge.entries[place].text, using: &random)
        case .editIndex:
            let other = Int.random(in: forge.entries.indices, using: &random)
            let target = forge.entries[place].target
            forge.entries[place].target = other == place ? target + "x" : forge.entries[other].target
            if other != place { forge.entries[other].target = target }
        case .appendFrame:
            forge.frames.last = ArchiveForge.frame(forge.member("00099-extra.cast", random.bytes(40)))
        case .appendSkippable:
            let frame = ArchiveForge.skippable(random.bytes(Int.random(in: 0...40, using: &random)))
            if Bool.random(using: &random) { forge.frames.last = frame } else { forge.frames.middle = frame }
        default:
            forge.smuggled = Self.smuggled(forge, using: &random)
        }
        (night.archive, night.manifest) = forge.make(for: night.manifest)
        try replacing(night, in: &image, using: &random)
    }

    /// Tar that some readers would take for something else.
    private static func smuggled(
        _ forge: ArchiveForge,
        using random: inout SplitMix64
    ) -> (first: [UInt8], second: [UInt8], last: [UInt8]) {
        let header = ArchiveForge.paxHeader(renaming: "00001-somebody-else.cast")
        let member = forge.member("extra", [0x78])
        return switch Int.random(in: 0..<5, using: &random) {
        case 0: (header, [], [])
        case 1: (ArchiveForge.link("extra", to: "/etc/passwd"), [], [])
        case 2: (member, member, [])
        case 3: ([], [], member + [UInt8](repeating: 0, count: 1_024))
        default: ([UInt8](repeating: 0, count: 1_024), [], [])
        }
    }

    /// A cast without one of its events, and with the hash line that it would have.
    static func withoutALine(_ text: [UInt8], using random: inout SplitMix64) -> [UInt8] {
        var lines: [[UInt8]] = text.split(separator: 0x0A).map { Array($0) }
        guard lines.count > 3, let hashLine = lines.popLast() else { return text }
        lines.remove(at: Int.random(in: 1..<lines.count, using: &random))
        let rest = Array(lines.map { $0 + [0x0A] }.joined())
        let own = Array(hexadecimal(sha256(rest)).utf8)
        return rest + hashLine.dropLast(own.count + 2) + own + Array("\"]\n".utf8)
    }

    /// Where frames begin, and where the last ends.
    static func frameEdges(of archive: [UInt8]) -> [Int] {
        var edges = [0]
        while let place = edges.last, place < archive.count {
            let size = frameSize(archive, at: place)
            guard size > 0 else { break }
            edges.append(place + size)
        }
        return edges
    }
}
