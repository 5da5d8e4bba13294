import CPCRE2

/// Matches one pattern, on one thread at a time: owns the memory that matching takes. No match runs for ever: one that
/// needs more steps than all but hostile patterns do ends with an error.
package final class PatternMatcher {
    /// What was found in a text that may go on.
    package enum Partial: Sendable, Hashable {
        case nothing
        /// A match that more text cannot change.
        case match(Range<Int>)
        /// The text from this offset on, to its end, may be the beginning of a match.
        case undecided(from: Int)
    }

    /// About a tenth of a second at worst.
    private static let stepLimit: UInt32 = 1_000_000
    private static let depthLimit: UInt32 = 100_000
    private static let heapLimitKiB: UInt32 = 65_536
    private static let firstStackBytes = 32 << 10
    private static let stackBytes = 1 << 20

    package let pattern: Pattern
    /// The number of the last group that took part in the last match; 0 where none did.
    package private(set) var lastGroup = 0
    private let data: OpaquePointer
    private let context: OpaquePointer
    private let stack: OpaquePointer

    package convenience init(_ pattern: Pattern) {
        self.init(pattern, stepLimit: Self.stepLimit)
    }

    /// - Parameter stepLimit: for each place at which a match may begin.
    init(_ pattern: Pattern, stepLimit: UInt32) {
        guard
            let data = pcre2_match_data_create_from_pattern_8(pattern.code.handle, nil),
            let context = pcre2_match_context_create_8(nil),
            let stack = pcre2_jit_stack_create_8(Self.firstStackBytes, Self.stackBytes, nil)
        else { preconditionFailure("PCRE2 has no memory") }
        pcre2_set_match_limit_8(context, stepLimit)
        pcre2_set_depth_limit_8(context, Self.depthLimit)
        pcre2_set_heap_limit_8(context, Self.heapLimitKiB)
        pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
        self.pattern = pattern
        self.data = data
        self.context = context
        self.stack = stack
    }

    deinit {
        pcre2_match_data_free_8(data)
        pcre2_match_context_free_8(context)
        pcre2_jit_stack_free_8(stack)
    }

    /// The first match that begins at `offset` or behind it, in bytes from the text's beginning; what lies before `offset`
    /// counts for lookbehinds and `\b`.
    /// - Throws: `tooManySteps`.
    package func firstMatch(
        in text: UnsafeRawBufferPointer,
        from offset: Int = 0
    ) throws(PatternError) -> Range<Int>? {
        guard case .match(let range) = try match(text, from: offset, options: 0) else { return nil }
        return range
    }

    package func firstMatch(in text: [UInt8], from offset: Int = 0) throws(PatternError) -> Range<Int>? {
        try withBytes(of: text) { (raw) throws(PatternError) in try firstMatch(in: raw, from: offset) }
    }

    package func firstMatch(in text: Span<UInt8>, from offset: Int = 0) throws(PatternError) -> Range<Int>? {
        var result: Result<Range<Int>?, PatternError> = .success(nil)
        text.withUnsafeBytes { raw in
            do throws(PatternError) { result = .success(try firstMatch(in: raw, from: offset)) } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    /// All matches that begin at `offset` or behind it, and before `end`, and do not overlap, the first one first.
    /// - Throws: `tooManySteps`.
    package func matches(
        in text: UnsafeRawBufferPointer,
        from offset: Int = 0,
        before end: Int = .max
    ) throws(PatternError) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var options: UInt32 = 0
        while case .match(let range) = try match(text, from: found.last?.upperBound ?? offset, options: options),
            range.lowerBound < end
        {
            found.append(range)
            // An empty match is not found twice, but may be followed at its place by one that is not empty.
            options = range.isEmpty ? PCRE2_NOTEMPTY_ATSTART : 0
        }
        return found
    }

    package func matches(
        in text: [UInt8],
        from offset: Int = 0,
        before end: Int = .max
    ) throws(PatternError) -> [Range<Int>] {
        try withBytes(of: text) { (raw) throws(PatternError) in try matches(in: raw, from: offset, before: end) }
    }

    /// The first match at `offset` or behind it in a text that may go on: where its end could decide, so it is said
    /// (PCRE2_PARTIAL_HARD). What is kept for the next try begins `Pattern.longestLookbehind` characters before an
    /// undecided place.
    /// - Throws: `tooManySteps`.
    package func partialMatch(
        in text: UnsafeRawBufferPointer,
        from offset: Int = 0
    ) throws(PatternError) -> Partial {
        try match(text, from: offset, options: PCRE2_PARTIAL_HARD)
    }

    package func partialMatch(in text: [UInt8], from offset: Int = 0) throws(PatternError) -> Partial {
        try withBytes(of: text) { (raw) throws(PatternError) in try partialMatch(in: raw, from: offset) }
    }

    private func match(
        _ text: UnsafeRawBufferPointer,
        from offset: Int,
        options: UInt32
    ) throws(PatternError) -> Partial {
        guard offset <= text.count else { return .nothing }
        // PCRE2 takes no null pointer, not even for an empty text.
        let start = text.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let empty: StaticString = ""
        let count = pcre2_match_8(
            pattern.code.handle,
            start ?? empty.utf8Start,
            text.count,
            offset,
            options,
            data,
            context
        )
        switch count {
        case PCRE2_ERROR_NOMATCH: return .nothing
        case PCRE2_ERROR_PARTIAL: return .undecided(from: pcre2_get_ovector_pointer_8(data)[0])
        case 0...:
            lastGroup = Int(count) - 1
            let ends = pcre2_get_ovector_pointer_8(data)
            guard let ends else { return .nothing }
            // `\K` in a lookahead can put the start behind the end.
            return .match(min(ends[0], ends[1])..<max(ends[0], ends[1]))
        default:
            throw PatternError(
                .tooManySteps,
                "it takes too many steps to match (\(CompiledPattern.errorText(count))); "
                    + "avoid a repetition inside a repetition, as in (a+)+"
            )
        }
    }

    private func withBytes<Value>(
        of text: [UInt8],
        _ body: (UnsafeRawBufferPointer) throws(PatternError) -> Value
    ) throws(PatternError) -> Value {
        let result: Result<Value, PatternError> = text.withUnsafeBytes { raw in
            do throws(PatternError) { return .success(try body(raw)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
