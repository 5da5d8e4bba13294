/// A .NET TimeSpan: 100-nanosecond ticks, either sign.
package struct PSTimeSpan: Sendable, Hashable {
    package let ticks: Int64

    package init(ticks: Int64) {
        self.ticks = ticks
    }
}

/// A .NET DateTime: 100-nanosecond ticks since 0001-01-01T00:00:00 on the clock it was read from, and what that was.
package struct PSDateTime: Sendable, Hashable {
    package enum Zone: Sendable, Hashable {
        /// Neither Z nor an offset stands in the text.
        case unspecified
        case utc
        /// Minutes east of UTC.
        case offset(minutes: Int)
    }

    package let ticks: Int64
    package let zone: Zone

    package init(ticks: Int64, zone: Zone) {
        self.ticks = ticks
        self.zone = zone
    }
}

/// A .NET Decimal: a 96-bit magnitude, a sign, and a scale of 0 to 28 decimal places.
package struct PSDecimal: Sendable, Hashable {
    package let isNegative: Bool
    package let scale: UInt8
    /// The magnitude in parts, since a `UInt128` would double the size of every `PSValue`.
    private let high: UInt32
    private let low: UInt64

    package init(isNegative: Bool, magnitude: UInt128, scale: UInt8) {
        self.isNegative = isNegative
        self.scale = scale
        high = UInt32(truncatingIfNeeded: magnitude >> 64)
        low = UInt64(truncatingIfNeeded: magnitude)
    }

    package var magnitude: UInt128 { UInt128(high) << 64 | UInt128(low) }
}

/// A .NET Version: two to four numbers.
package struct PSVersionNumber: Sendable, Hashable {
    package let components: [Int32]

    package init(_ components: Int32...) {
        self.components = components
    }

    package init(components: [Int32]) {
        self.components = components
    }
}

extension PSVersionNumber: Comparable, CustomStringConvertible {
    package static func < (left: PSVersionNumber, right: PSVersionNumber) -> Bool {
        left.components.lexicographicallyPrecedes(right.components)
    }

    package var description: String { components.map(String.init).joined(separator: ".") }
}
