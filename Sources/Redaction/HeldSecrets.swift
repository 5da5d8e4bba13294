/// What a redactor looks for, and the tags that replace it: a value, so that a redactor may begin with what another holds.
package struct HeldSecrets: Sendable {
    /// All that is found anywhere in a text.
    var trie = SecretTrie()
    /// What is found as a whole value or line alone, with the numbers of the tags.
    var shortSecrets: [[UInt8]: Int32] = [:]
    /// By number.
    private(set) var tags: [String] = []
    private var tagNumbers: [String: Int32] = [:]
    private var values: Set<[UInt8]> = []

    package init() {}

    var isEmpty: Bool { trie.isEmpty && shortSecrets.isEmpty }

    /// How many secrets are held.
    var count: Int { values.count }

    /// False where the secret is held already.
    mutating func add(_ secret: [UInt8]) -> Bool { values.insert(secret).inserted }

    /// How many bytes all forms of all secrets take.
    var size: Int { trie.size }

    /// Has a form of a secret looked for.
    mutating func insert(_ form: [UInt8], _ number: Int32) {
        var rest = form[...]
        while rest.count > Redactor.longestPiece {
            trie.insert(rest.prefix(Redactor.longestPiece), secret: number)
            rest = rest.dropFirst(Redactor.longestPiece)
        }
        // The last piece reaches back, so that none is short.
        trie.insert(form.suffix(max(rest.count, min(form.count, Redactor.longestPiece))), secret: number)
    }

    /// The number that stands for a tag.
    mutating func number(of tag: String) -> Int32 {
        if let known = tagNumbers[tag] { return known }
        tagNumbers[tag] = Int32(tags.count)
        tags.append(tag)
        return Int32(tags.count - 1)
    }
}
