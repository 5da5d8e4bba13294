/// Puts the parts of one document together.
struct YAMLComposer {
    private let events: YAMLEvents
    private let dialect: YAMLDialect
    /// What an alias stands for, and how many values that is; nil while it is being read.
    private var anchors: [String: (node: YAMLNode, values: Int)?] = [:]
    private var values = 0
    private var repeatedKeys: [YAMLDocument.RepeatedKey] = []

    private static let core = "tag:yaml.org,2002:"

    init(_ events: YAMLEvents, _ dialect: YAMLDialect) {
        self.events = events
        self.dialect = dialect
    }

    mutating func document() throws(YAMLFailure) -> YAMLDocument {
        var root = YAMLNode(.null, line: 1)
        var isRead = false
        while true {
            let event = try events.next()
            switch event.kind {
            case .end: return YAMLDocument(root: root, repeatedKeys: repeatedKeys)
            case .documentStart:
                guard !isRead else {
                    throw YAMLFailure(.severalDocuments, line: event.line, "a second document begins here; one is read")
                }
                root = try node(try events.next(), depth: 0)
                isRead = true
            default: continue
            }
        }
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLFailure) -> YAMLNode {
        guard depth <= YAMLReader.deepest else {
            throw YAMLFailure(.tooDeep, line: event.line, "it is nested more than \(YAMLReader.deepest) levels deep")
        }
        if case .alias(let name) = event.kind { return try alias(name, event) }
        if let name = event.anchor {
            guard anchors[name] == nil else {
                throw YAMLFailure(.invalidYAML, line: event.line, "the anchor &\(name) is given twice")
            }
            anchors[name] = .some(nil)
        }
        let before = values
        try count(1, event)
        var node: YAMLNode
        switch event.kind {
        case .scalar(let text, let isPlain): node = try scalar(text, isPlain: isPlain, event)
        case .listStart: node = try list(event, depth: depth)
        case .mapStart: node = try map(event, depth: depth)
        default: throw YAMLFailure(.invalidYAML, line: event.line, "a value is missing")
        }
        node.column = event.column
        if let name = event.anchor { anchors[name] = (node, values - before) }
        return node
    }

    private mutating func alias(_ name: String, _ event: YAMLEvent) throws(YAMLFailure) -> YAMLNode {
        guard let known = anchors[name] else {
            throw YAMLFailure(.invalidYAML, line: event.line, "*\(name) stands for &\(name), which is not above it")
        }
        guard let known else {
            throw YAMLFailure(.invalidYAML, line: event.line, "&\(name) holds itself (*\(name))")
        }
        try count(known.values, event)
        return known.node
    }

    private mutating func count(_ more: Int, _ event: YAMLEvent) throws(YAMLFailure) {
        values += more
        guard values <= YAMLReader.mostValues else {
            throw YAMLFailure(.tooLarge, line: event.line, "it holds more than \(YAMLReader.mostValues) values")
        }
    }

    private func scalar(_ text: String, isPlain: Bool, _ event: YAMLEvent) throws(YAMLFailure) -> YAMLNode {
        guard let tag = event.tag, tag != "!" else {
            guard isPlain else { return YAMLNode(.string(text), line: event.line) }
            return try YAMLScalar.plain(text, line: event.line)
        }
        switch dialect.tags[tag] {
        case .plain: return try YAMLScalar.plain(text, line: event.line)
        case .encrypted: return YAMLNode(.encrypted(text), line: event.line)
        case nil: break
        }
        guard tag.hasPrefix(Self.core),
            let node = try YAMLScalar.tagged(String(tag.dropFirst(Self.core.count)), text, line: event.line)
        else { throw unknown(tag, event) }
        return node
    }

    private mutating func list(_ event: YAMLEvent, depth: Int) throws(YAMLFailure) -> YAMLNode {
        try checkTag(event, is: "seq")
        var items: [YAMLNode] = []
        while true {
            let next = try events.next()
            if case .listEnd = next.kind { return YAMLNode(.list(items), line: event.line) }
            items.append(try value(try node(next, depth: depth + 1)))
        }
    }

    private mutating func map(_ event: YAMLEvent, depth: Int) throws(YAMLFailure) -> YAMLNode {
        try checkTag(event, is: "map")
        var own: [YAMLMap.Entry] = []
        var merged = YAMLMap()
        while true {
            let next = try events.next()
            if case .mapEnd = next.kind { break }
            let key = try node(next, depth: depth + 1)
            let value = try value(try node(try events.next(), depth: depth + 1))
            if YAMLScalar.marker(key) == YAMLScalar.merge {
                try merge(value, into: &merged)
            } else {
                own.append(YAMLMap.Entry(key: YAMLScalar.key(key), value: value))
            }
        }
        return YAMLNode(.map(try Self.joined(own, merged, &repeatedKeys)), line: event.line)
    }

    /// What is merged stands first, and what the mapping itself says counts.
    private static func joined(
        _ own: [YAMLMap.Entry],
        _ merged: YAMLMap,
        _ repeated: inout [YAMLDocument.RepeatedKey]
    ) throws(YAMLFailure) -> YAMLMap {
        var seen = YAMLMap()
        var map = merged
        for entry in own {
            guard let isNew = seen.set(entry.key, entry.value), map.set(entry.key, entry.value) != nil else {
                throw YAMLFailure(.invalidYAML, line: entry.key.line, "\(entry.key.kind) cannot be a key")
            }
            if !isNew {
                let name = entry.key.string ?? entry.key.source ?? ""
                repeated.append(YAMLDocument.RepeatedKey(key: name, line: entry.key.line, column: entry.key.column))
            }
        }
        return map
    }

    /// `<<: *a` and `<<: [*a, *b]`: of two that have a key, the first one's value counts.
    private func merge(_ value: YAMLNode, into map: inout YAMLMap) throws(YAMLFailure) {
        switch value.value {
        case .map(let other): for entry in other.entries { map.add(entry) }
        case .list(let others):
            for other in others {
                guard let other = other.map else { throw wrongMerge(value) }
                for entry in other.entries { map.add(entry) }
            }
        default: throw wrongMerge(value)
        }
    }

    private func wrongMerge(_ value: YAMLNode) -> YAMLFailure {
        YAMLFailure(.invalidYAML, line: value.line, "<< takes a mapping or a list of mappings")
    }

    /// `=` and `<<` mean something as keys alone.
    private func value(_ node: YAMLNode) throws(YAMLFailure) -> YAMLNode {
        guard let marker = YAMLScalar.marker(node) else { return node }
        throw YAMLFailure(.invalidYAML, line: node.line, "'\(marker)' is not a value; quote it")
    }

    private func checkTag(_ event: YAMLEvent, is name: String) throws(YAMLFailure) {
        guard let tag = event.tag, tag != "!", tag != Self.core + name, dialect.tags[tag] == nil else { return }
        throw unknown(tag, event)
    }

    private func unknown(_ tag: String, _ event: YAMLEvent) -> YAMLFailure {
        let name = tag.hasPrefix(Self.core) ? "!!" + tag.dropFirst(Self.core.count) : tag
        return YAMLFailure(.unknownTag, line: event.line, "the tag \(name) is not known, or not for such a value")
    }
}
