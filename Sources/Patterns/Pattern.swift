import CPCRE2

/// A regular expression in Perl's syntax (pcre2syntax(3)), compiled once for any number of threads. It matches UTF-8; bytes
/// that are none match nothing.
package struct Pattern: Sendable {
    package struct Options: OptionSet, Sendable, Hashable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// Letters match in either case, those of all scripts.
        package static let ignoreCase = Options(rawValue: 1)
        /// `^` and `$` match at each line's ends, too.
        package static let multiline = Options(rawValue: 2)
        /// Only ASCII has letters and digits, and `.` is a byte: several times as fast.
        package static let ascii = Options(rawValue: 4)
        /// A match begins where the look for it does, and nowhere behind.
        package static let anchored = Options(rawValue: 8)
    }

    package let text: String
    package let options: Options
    /// Bytes of which one are found, as they stand here, in everything the pattern matches: what to look for first. With
    /// `ignoreCase`, ASCII letters in them stand for both cases. Empty where there are none that are easily told.
    package let requiredLiterals: [[UInt8]]
    let code: CompiledPattern

    /// - Throws: `invalidPattern`.
    package init(_ text: String, options: Options = []) throws(PatternError) {
        self.text = text
        self.options = options
        let flags = options.contains(.ascii) ? PCRE2_NEVER_BACKSLASH_C : Self.textFlags
        code = try CompiledPattern(text, flags: flags | options.flags)
        requiredLiterals = RequiredLiteral.longest(in: text, ignoreCase: options.contains(.ignoreCase))
    }

    /// A pattern of bytes, which knows of no characters.
    /// - Precondition: it is one.
    init(bytes: String, ignoreCase: Bool) {
        text = bytes
        options = ignoreCase ? .ignoreCase : []
        do throws(PatternError) {
            code = try CompiledPattern(bytes, flags: options.flags)
        } catch {
            preconditionFailure("a pattern of bytes is wrong \(error.message)")
        }
        requiredLiterals = []
    }

    private static let textFlags = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C

    /// How many characters before a match can decide whether it is one.
    package var longestLookbehind: Int { code.longestLookbehind }
}

extension Pattern.Options {
    fileprivate var flags: UInt32 {
        (contains(.ignoreCase) ? PCRE2_CASELESS : 0) | (contains(.multiline) ? PCRE2_MULTILINE : 0)
            | (contains(.anchored) ? PCRE2_ANCHORED : 0)
    }
}

/// Owns PCRE2's code, which is never changed once it is compiled.
final class CompiledPattern: @unchecked Sendable {
    let handle: OpaquePointer
    let longestLookbehind: Int

    init(_ text: String, flags: UInt32) throws(PatternError) {
        var problem: Int32 = 0
        var offset = 0
        let bytes = Array(text.utf8)
        guard let handle = pcre2_compile_8(bytes, bytes.count, flags, &problem, &offset, nil) else {
            throw PatternError(.invalidPattern, at: offset, Self.message(problem, at: offset, in: bytes))
        }
        self.handle = handle
        // Where it cannot be had (no executable memory), matching works without, only slower.
        pcre2_jit_compile_8(handle, UInt32(PCRE2_JIT_COMPLETE | PCRE2_JIT_PARTIAL_HARD))
        var lookbehind: UInt32 = 0
        pcre2_pattern_info_8(handle, UInt32(PCRE2_INFO_MAXLOOKBEHIND), &lookbehind)
        longestLookbehind = Int(lookbehind)
    }

    deinit {
        pcre2_code_free_8(handle)
    }

    private static func message(_ problem: Int32, at offset: Int, in bytes: [UInt8]) -> String {
        let characters = String(decoding: bytes.prefix(offset), as: UTF8.self).count
        let place = offset >= bytes.count ? "at its end" : "at character \(characters + 1)"
        return "\(place): \(errorText(problem))"
    }

    static func errorText(_ code: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(code, &buffer, buffer.count)
        return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "PCRE2 error \(code)"
    }
}
