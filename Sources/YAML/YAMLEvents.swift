import CLibYAML

/// One part of a YAML text, as libyaml tells them (the events of YAML 1.1's serialization tree).
struct YAMLEvent {
    enum Kind {
        case end
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(String, isPlain: Bool)
        case listStart
        case listEnd
        case mapStart
        case mapEnd
        case other
    }

    let kind: Kind
    /// From 1.
    let line: Int
    /// From 1, in characters.
    var column = 1
    var anchor: String?
    /// As written where it is an application's own, else by its whole name.
    var tag: String?
}

/// libyaml's reader over a text that lives as long as it.
final class YAMLEvents {
    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    private let text: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) {
        text = .allocate(capacity: bytes.count)
        _ = text.initialize(from: bytes)
        // It fails only where there is no memory, which ends the program anyway.
        guard yaml_parser_initialize(parser) == 1 else { preconditionFailure("libyaml has no memory") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        text.deallocate()
    }

    func next() throws(YAMLFailure) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        var next = Self.event(event)
        next.column = Int(event.start_mark.column) + 1
        return next
    }

    private static func event(_ event: yaml_event_t) -> YAMLEvent {
        let line = Int(event.start_mark.line) + 1
        switch event.type {
        case YAML_STREAM_END_EVENT: return YAMLEvent(kind: .end, line: line)
        case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, line: line)
        case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, line: line)
        case YAML_ALIAS_EVENT:
            return YAMLEvent(kind: .alias(text(event.data.alias.anchor) ?? ""), line: line)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return YAMLEvent(
                kind: .scalar(String(decoding: bytes, as: UTF8.self), isPlain: scalar.plain_implicit == 1),
                line: line,
                anchor: text(scalar.anchor),
                tag: text(scalar.tag)
            )
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return YAMLEvent(
                kind: .listStart,
                line: line,
                anchor: text(start.anchor),
                tag: text(start.tag)
            )
        case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .listEnd, line: line)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return YAMLEvent(kind: .mapStart, line: line, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mapEnd, line: line)
        default: return YAMLEvent(kind: .other, line: line)
        }
    }

    private func failure() -> YAMLFailure {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
        // A character that is not one has no mark, only a place.
        if parser.pointee.error == YAML_READER_ERROR {
            let offset = min(Int(parser.pointee.problem_offset), text.count)
            let line = text[..<offset].count { $0 == UInt8(ascii: "\n") } + 1
            return YAMLFailure(.invalidYAML, line: line, problem)
        }
        let context = parser.pointee.context.map { " \(String(cString: $0))" } ?? ""
        var failure = YAMLFailure(
            .invalidYAML,
            line: Int(parser.pointee.problem_mark.line) + 1,
            problem + context
        )
        failure.column = Int(parser.pointee.problem_mark.column) + 1
        return failure
    }

    private static func text(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        bytes.map { String(cString: $0) }
    }
}
