import PSRunTestSupport
import Recording
import RecordingFormat

extension MutationBase {
    // MARK: Signatures

    func changeSignatures(_ mutation: Mutation, of image: inout StoreImage, using random: inout SplitMix64) throws {
        let paths = image.files.keys.filter { $0.hasSuffix(".sig") }.sorted()
        guard let first = paths.randomElement(using: &random), let second = paths.randomElement(using: &random) else {
            return
        }
        switch mutation {
        case .swapSignatures:
            (image[first], image[second]) = (image[second], image[first])
        case .dropSignatures:
            image.files[first] = nil
            image.files[second] = nil
        case .resealByStranger where Bool.random(using: &random):
            image[first] = try stranger.sign(image[String(first.dropLast(".sig".count))])
        default:
            // The whole folder, with one run less or as it was.
            let name = nights.randomElement(using: &random)?.name ?? ""
            let kept = Bool.random(using: &random) ? events : events.filter { !$0.concerns(name) }
            image = try StoreForge(signer: mutation == .resealUnsigned ? nil : stranger).make(kept).image
        }
    }

    // MARK: The chain

    func changeChain(_ mutation: Mutation, of image: inout StoreImage, using random: inout SplitMix64) {
        var lines = Self.lines(of: image["chain.log"])
        let place = Int.random(in: lines.indices, using: &random)
        let other = Int.random(in: lines.indices, using: &random)
        switch mutation {
        case .dropLine: lines.remove(at: place)
        case .moveLine: lines.insert(lines.remove(at: place), at: other)
        case .insertLine: lines.insert(lines[place], at: other)
        case .cutChain: lines.removeSubrange(place...)
        default:
            // With every hash behind it made to fit.
            if Bool.random(using: &random) { lines.remove(at: place) } else { lines.swapAt(place, other) }
            lines = Self.chained(lines)
        }
        image["chain.log"] = lines.flatMap { $0 + [0x0A] }
    }

    private static func chained(_ lines: [[UInt8]]) -> [[UInt8]] {
        var previous = Chain.emptyHead
        return lines.enumerated().map { place, line in
            guard var read = ChainLine(line[...]) else { return line }
            read.number = place + 1
            read.previous = previous
            previous = hexadecimal(sha256(read.encoded))
            return read.encoded
        }
    }

    // MARK: What was pruned

    func changePruned(_ mutation: Mutation, of image: inout StoreImage, using random: inout SplitMix64) throws {
        guard let run = pruned.randomElement(using: &random), let victim = whole.randomElement(using: &random) else {
            return
        }
        let path = "\(run)/tombstone.json"
        switch mutation {
        case .editTombstone:
            guard var stone = Tombstone(image[path]) else { return }
            switch Int.random(in: 0..<3, using: &random) {
            case 0: stone.by = "nobody(65534)"
            case 1: stone.reason = "--keep \(Int.random(in: 1...89, using: &random))d"
            default: stone.prunedSeconds -= Int64.random(in: 1...99_999, using: &random)
            }
            image[path] = stone.encoded
            let signer = Bool.random(using: &random) ? stranger : nil
            if Bool.random(using: &random) {
                image.files[path + ".sig"] = try signer.map { .bytes(try $0.sign(stone.encoded)) }
            }
        case .dropTombstone:
            image.files[path] = nil
            if Bool.random(using: &random) { image.files[path + ".sig"] = nil }
        case .pruneByStranger:
            // A whole prune: a tombstone that fits, and its line behind all others.
            let forge = StoreForge(
                signer: Bool.random(using: &random) ? stranger : nil,
                removesPruned: Bool.random(using: &random)
            )
            guard let tail = ChainTail(image["chain.log"], isWhole: true, hash: sha256) else { return }
            let event = try forge.chained(
                .prune(victim.name),
                at: Int64.random(in: 50...500, using: &random),
                tail,
                &image
            )
            if Int.random(in: 0..<4, using: &random) > 0 {
                image["chain.log"] += tail.line(for: event).encoded + [0x0A]
            }
        default:
            image["\(run)/run.tar.zst"] = nights.first { $0.name == run }?.archive ?? []
            guard Bool.random(using: &random) else { return }
            image.files[path] = nil
            image.files[path + ".sig"] = nil
        }
    }
}
