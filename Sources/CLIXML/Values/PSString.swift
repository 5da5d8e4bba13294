/// A .NET string: a sequence of UTF-16 code units, which a Swift `String` cannot always hold, since a unit may be half
/// of a surrogate pair without the other.
///
/// Equality and hashing go by code unit, as .NET's ordinal comparison does (Swift's own goes by canonical equivalence).
package struct PSString: Sendable {
    private enum Storage: Sendable {
        case text(String)
        /// Only for units that are not well-formed UTF-16.
        case illFormed([UInt16])
    }

    private let storage: Storage

    package init(_ text: String) {
        storage = .text(text)
    }

    /// - Parameter units: UTF-16 code units, well-formed or not.
    package init(units: [UInt16]) {
        if let text = String(validating: units, as: UTF16.self) {
            storage = .text(text)
        } else {
            storage = .illFormed(units)
        }
    }

    /// The text, with U+FFFD for each surrogate that stands alone.
    package var text: String {
        switch storage {
        case .text(let text): text
        case .illFormed(let units): String(decoding: units, as: UTF16.self)
        }
    }

    /// The UTF-16 code units.
    package var units: [UInt16] {
        switch storage {
        case .text(let text): Array(text.utf16)
        case .illFormed(let units): units
        }
    }

    /// Whether every surrogate stands in a pair, so that `text` loses nothing.
    package var isWellFormed: Bool {
        switch storage {
        case .text: true
        case .illFormed: false
        }
    }
}

extension PSString: Hashable {
    package static func == (left: PSString, right: PSString) -> Bool {
        switch (left.storage, right.storage) {
        case (.text(let left), .text(let right)):
            left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
        case (.illFormed(let left), .illFormed(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch storage {
        case .text(var text): text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        case .illFormed(let units): hasher.combine(units)
        }
    }
}

extension PSString: ExpressibleByStringLiteral, CustomStringConvertible {
    package init(stringLiteral value: String) {
        self.init(value)
    }

    package var description: String { text }
}
