/// A regular expression that says which prompts an answer is for; the library behind it is passed in.
package protocol PromptPattern: Sendable {
    /// Looks for a match in what the far side shows.
    /// - Parameter time: how long a look may take; what it took is taken off.
    func match(_ text: String, within time: inout Duration) -> PromptMatch
}

package enum PromptMatch: Sendable, Hashable {
    case found
    case nothing
    /// The pattern takes too many steps on this text, or there was no time left.
    case tooHard
}
