/// A CLIXML `Obj`: type names, a string form, a base value, and adapted and extended properties.
///
/// A value, shared until it is written to: copying one costs a reference count.
package struct PSObject: Sendable, Hashable {
    /// What stands between an object's string form and its properties.
    package enum Base: Sendable, Hashable {
        case none
        /// A primitive or a nested object.
        indirect case value(PSValue)
        /// `DCT`
        case dictionary([PSEntry])
        /// `LST`
        case list([PSValue])
        /// `QUE`
        case queue([PSValue])
        /// `STK`
        case stack([PSValue])
        /// `IE`
        case enumerable([PSValue])
    }

    private final class Storage: Sendable {
        let typeNames: [String]
        let toString: PSString?
        let base: Base
        let adapted: [PSProperty]
        let extended: [PSProperty]

        init(
            _ typeNames: [String],
            _ toString: PSString?,
            _ base: Base,
            _ adapted: [PSProperty],
            _ extended: [PSProperty]
        ) {
            self.typeNames = typeNames
            self.toString = toString
            self.base = base
            self.adapted = adapted
            self.extended = extended
        }
    }

    private let storage: Storage

    package init(
        typeNames: [String] = [],
        toString: PSString? = nil,
        base: Base = .none,
        adapted: [PSProperty] = [],
        extended: [PSProperty] = []
    ) {
        storage = Storage(typeNames, toString, base, adapted, extended)
    }

    /// Its types, most derived first (`TN`); empty where the object names none.
    package var typeNames: [String] { storage.typeNames }
    /// `ToString`
    package var toString: PSString? { storage.toString }
    package var base: Base { storage.base }
    /// `Props`
    package var adapted: [PSProperty] { storage.adapted }
    /// `MS`
    package var extended: [PSProperty] { storage.extended }

    package static func == (left: PSObject, right: PSObject) -> Bool {
        left.storage === right.storage
            || left.typeNames == right.typeNames && left.toString == right.toString && left.base == right.base
                && left.adapted == right.adapted && left.extended == right.extended
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(typeNames)
        hasher.combine(toString)
        hasher.combine(base)
        hasher.combine(adapted)
        hasher.combine(extended)
    }
}

/// A property of an object: a name (its letter case does not count) and a value.
package struct PSProperty: Sendable, Hashable {
    package let name: String
    package let value: PSValue

    package init(_ name: String, _ value: PSValue) {
        self.name = name
        self.value = value
    }
}

/// An entry of a dictionary.
package struct PSEntry: Sendable, Hashable {
    package let key: PSValue
    package let value: PSValue

    package init(_ key: PSValue, _ value: PSValue) {
        self.key = key
        self.value = value
    }
}
