import Sessions

extension PlaybookSession {
    /// Uses a session where it stands: it is large, and a copy of it costs more than most of what is asked of it.
    mutating func inPlace<Value>(_ use: (inout Self) -> Value) -> Value { use(&self) }
}
