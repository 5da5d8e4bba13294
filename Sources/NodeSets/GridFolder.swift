/// Folds nodes with several numbers into few products of ranges, as ClusterShell's `RangeSetND` does.
///
/// Two products are merged where they differ in one dimension alone. First each is compared with its neighbour in order of
/// size, again and again; then with all behind it. What comes out depends on the set alone, not on how it was written.
/// Source: `RangeSetND._fold_multivariate_merge` of ClusterShell 1.10.1. Partners are looked up by their hash instead of by
/// comparing each with each, which takes the same steps in the same order.
struct GridFolder {
    /// One dimension of a product.
    struct Axis {
        private(set) var numbers: [NodeNumber]
        private(set) var first: NodeNumber
        private(set) var last: NodeNumber
        /// The sum of the numbers' hashes: the same for the same numbers in any order.
        private(set) var hash: Int

        init(_ number: NodeNumber) {
            numbers = [number]
            first = number
            last = number
            hash = number.hashValue
        }

        mutating func append(_ other: Axis) {
            numbers += other.numbers
            first = min(first, other.first)
            last = max(last, other.last)
            hash &+= other.hash
        }

        func looksLike(_ other: Axis) -> Bool {
            hash == other.hash && numbers.count == other.numbers.count && first == other.first && last == other.last
        }
    }

    typealias Product = [Axis]

    /// - Returns: products of sorted lists, in the order in which they are printed; one product of no list for `[[]]`.
    static func vectors(of nodes: Set<[NodeNumber]>) -> [[[NodeNumber]]] {
        guard let dimensions = nodes.first?.count else { return [] }
        if let whole = wholeProduct(nodes, dimensions) { return [whole] }
        var products = nodes.map { $0.map(Axis.init) }
        var isFull = false
        var isChanged = true
        while isChanged {
            sort(&products)
            isChanged = isFull ? mergeWithAll(&products) : mergeWithNeighbours(&products)
            if !isChanged, !isFull {
                isFull = true
                isChanged = true
            }
        }
        return products.map { $0.map { axis in axis.numbers.sorted() } }
    }

    /// The one product that the nodes are, where they are one.
    private static func wholeProduct(_ nodes: Set<[NodeNumber]>, _ dimensions: Int) -> [[NodeNumber]]? {
        var size = 1
        var axes: [[NodeNumber]] = []
        for axis in 0..<dimensions {
            let numbers = Set(nodes.lazy.map { $0[axis] })
            size *= numbers.count
            guard size <= nodes.count else { return nil }
            axes.append(numbers.sorted())
        }
        return size == nodes.count ? axes : nil
    }

    /// Larger products first; then, dimension by dimension, the longer list, the lower first number, the lower last one.
    /// First and last numbers are compared as text, `10` before `9`.
    private static func sort(_ products: inout [Product]) {
        let sizes = products.map { $0.reduce(1) { $0 * $1.numbers.count } }
        let order = products.indices.sorted { one, other in
            if sizes[one] != sizes[other] { return sizes[one] > sizes[other] }
            for (mine, theirs) in zip(products[one], products[other]) {
                if mine.numbers.count != theirs.numbers.count { return mine.numbers.count > theirs.numbers.count }
                if mine.first != theirs.first { return mine.first.text < theirs.first.text }
                if mine.last != theirs.last { return mine.last.text < theirs.last.text }
            }
            return one < other
        }
        products = order.map { products[$0] }
    }

    private static func mergeWithNeighbours(_ products: inout [Product]) -> Bool {
        var merged: [Product] = []
        merged.reserveCapacity(products.count)
        for product in products {
            if let last = merged.indices.last, let axis = onlyDifference(merged[last], product) {
                merged[last][axis].append(product[axis])
            } else {
                merged.append(product)
            }
        }
        defer { products = merged }
        return merged.count < products.count
    }

    private static func mergeWithAll(_ products: inout [Product]) -> Bool {
        var partners = Partners(products)
        var isChanged = false
        for index in products.indices where partners.isThere[index] {
            var position = index
            while let (next, axis) = partners.next(after: position, for: products[index], in: products) {
                products[index][axis].append(products[next][axis])
                partners.isThere[next] = false
                position = next
                isChanged = true
            }
        }
        products = products.indices.filter { partners.isThere[$0] }.map { products[$0] }
        return isChanged
    }

    /// The dimension that two products differ in; nil where they differ in several.
    fileprivate static func onlyDifference(_ one: Product, _ other: Product) -> Int? {
        var found: Int?
        for axis in one.indices where !one[axis].looksLike(other[axis]) {
            guard found == nil else { return nil }
            found = axis
        }
        guard let found, agree(one, other, except: found) else { return nil }
        return found
    }

    /// Whether what looks alike is alike.
    fileprivate static func agree(_ one: Product, _ other: Product, except axis: Int) -> Bool {
        one.indices.allSatisfy { index in
            guard index != axis, one[index].numbers.count > 1 else { return true }
            return one[index].numbers == other[index].numbers
                || Set(one[index].numbers) == Set(other[index].numbers)
        }
    }
}

/// Which products have all dimensions but one in common.
private struct Partners {
    private struct Key: Hashable {
        let axis: Int
        let rest: Int
    }

    var isThere: [Bool]
    /// Places of products, ascending.
    private var places: [Key: [Int]] = [:]

    init(_ products: [GridFolder.Product]) {
        isThere = products.map { _ in true }
        for (place, product) in products.enumerated() {
            for key in Self.keys(of: product) { places[key, default: []].append(place) }
        }
    }

    /// The nearest product behind `place` that can be merged with `product`, and the dimension they differ in.
    func next(
        after place: Int,
        for product: GridFolder.Product,
        in products: [GridFolder.Product]
    ) -> (place: Int, axis: Int)? {
        var nearest: (place: Int, axis: Int)?
        for key in Self.keys(of: product) {
            guard let places = places[key] else { continue }
            var index = Self.firstIndex(in: places, above: place)
            while index < places.count, nearest.map({ places[index] < $0.place }) ?? true {
                let candidate = places[index]
                if isThere[candidate], GridFolder.onlyDifference(product, products[candidate]) == key.axis {
                    nearest = (candidate, key.axis)
                    break
                }
                index += 1
            }
        }
        return nearest
    }

    private static func keys(of product: GridFolder.Product) -> [Key] {
        let hashes = product.enumerated().map { axis, numbers in
            var hasher = Hasher()
            hasher.combine(axis)
            hasher.combine(numbers.hash)
            return hasher.finalize()
        }
        let sum = hashes.reduce(0, &+)
        return hashes.enumerated().map { Key(axis: $0.offset, rest: sum &- $0.element) }
    }

    private static func firstIndex(in places: [Int], above place: Int) -> Int {
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle] <= place { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
