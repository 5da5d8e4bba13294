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
        let extent: Extent

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
            extent = Extent(base, adapted, extended)
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

    /// Tells one object from another one that is equal to it.
    var identity: ObjectIdentifier { ObjectIdentifier(storage) }
    /// The values that it stands for: itself and all that is in it.
    var weight: Int { storage.extent.weight }
    /// The objects within objects, itself included.
    var height: Int { storage.extent.height }
    /// How far above itself an `ancestor` in it points; 0 where all of them stay within it.
    var reach: Int { storage.extent.reach }

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

/// What an object's content comes to, summed up once, when the object is made.
private struct Extent {
    private(set) var weight = 1
    private(set) var height = 1
    private(set) var reach = 0

    init(_ base: PSObject.Base, _ adapted: [PSProperty], _ extended: [PSProperty]) {
        switch base {
        case .none: break
        case .value(let value): add(value)
        case .list(let elements), .queue(let elements), .stack(let elements), .enumerable(let elements):
            for element in elements { add(element) }
        case .dictionary(let entries):
            for entry in entries {
                add(entry.key)
                add(entry.value)
            }
        }
        for property in adapted { add(property.value) }
        for property in extended { add(property.value) }
    }

    private mutating func add(_ value: PSValue) {
        guard case .object(let object) = value else {
            weigh(1)
            if case .ancestor(let levels) = value { reach = max(reach, levels - 1) }
            return
        }
        weigh(object.weight)
        height = max(height, object.height + 1)
        reach = max(reach, object.reach - 1)
    }

    /// Repetition can double a weight at every level, so that only saturation keeps it a number.
    private mutating func weigh(_ more: Int) {
        let (sum, overflow) = weight.addingReportingOverflow(more)
        weight = overflow ? .max : sum
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
