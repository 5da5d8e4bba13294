import PSRunTestSupport

extension MutationBase {
    /// Changes any file, whatever it is.
    func changeBytes(_ mutation: Mutation, of image: inout StoreImage, using random: inout SplitMix64) {
        guard let path = image.files.keys.sorted().randomElement(using: &random) else { return }
        var bytes = image[path]
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let count = Int.random(in: 1...16, using: &random)
        let end = min(place + count, bytes.count)
        switch mutation {
        case .flipBit: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case .insertBytes:
            bytes.insert(contentsOf: random.bytes(count), at: Bool.random(using: &random) ? place : bytes.count)
        case .deleteBytes: bytes.removeSubrange(place..<end)
        case .overwriteBytes: bytes.replaceSubrange(place..<end, with: random.bytes(end - place))
        case .cutFile: bytes.removeSubrange(place...)
        case .linkInstead:
            // What it leads to has the very bytes.
            image.files["\(path).moved"] = image.files[path]
            image.files[path] = .link("\(path.split(separator: "/").last ?? "").moved")
            return
        default:
            image.files[path] = .pipe
            return
        }
        image[path] = bytes
    }
}
