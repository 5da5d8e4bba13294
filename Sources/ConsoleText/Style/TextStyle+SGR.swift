extension TextStyle {
    /// Applies an SGR sequence.
    /// - Parameter parameters: what stands between `ESC [` and `m`: digits, `;` and `:`.
    package mutating func apply(_ parameters: UnsafeBufferPointer<UInt8>) {
        var group = SGRGroup()
        var color = SGRColor()
        for byte in parameters {
            switch byte {
            case 0x3B:
                apply(group, &color)
                group = SGRGroup()
            case 0x3A: group.next()
            default: group.take(digit: byte &- 0x30)
            }
        }
        apply(group, &color)
    }

    private mutating func apply(_ group: SGRGroup, _ color: inout SGRColor) {
        if color.target != nil {
            if let value = color.take(group[0]) { set(value.color, value.target) }
            return
        }
        switch group[0] {
        case 38, 48, 58:
            let target = group[0]
            if group.count > 1 {
                if let value = group.color { set(value, target) }
            } else {
                color = SGRColor(target: target)
            }
        case 4: underline = group.count > 1 ? UInt8(min(group[1], 5)) : 1
        case let number: apply(single: number)
        }
    }

    private mutating func apply(single number: UInt16) {
        switch number {
        case 0: self = .plain
        case 1, 2, 3, 5, 6, 7, 8, 9: attributes.insert(Attributes(rawValue: 1 << number))
        case 21: underline = 2
        case 22: attributes.subtract([.bold, .faint])
        case 23: attributes.remove(.italic)
        case 24: underline = 0
        case 25: attributes.subtract([.slowBlink, .fastBlink])
        case 27: attributes.remove(.inverse)
        case 28: attributes.remove(.hidden)
        case 29: attributes.remove(.struck)
        case 30...37: foreground = .ansi(UInt8(number - 30))
        case 39: foreground = .standard
        case 40...47: background = .ansi(UInt8(number - 40))
        case 49: background = .standard
        case 53: isOverlined = true
        case 55: isOverlined = false
        case 59: underlineColor = .standard
        case 90...97: foreground = .ansi(UInt8(number - 82))
        case 100...107: background = .ansi(UInt8(number - 92))
        default: break
        }
    }

    private mutating func set(_ color: Color, _ target: UInt16) {
        switch target {
        case 38: foreground = color
        case 48: background = color
        default: underlineColor = color
        }
    }
}

/// One parameter with its sub-parameters: `4:3`, `38:2::10:20:30`.
private struct SGRGroup {
    private var values = InlineArray<6, UInt16>(repeating: 0)
    private(set) var count = 1

    subscript(index: Int) -> UInt16 { index < count && index < 6 ? values[index] : 0 }

    mutating func take(digit: UInt8) {
        guard digit < 10, count <= 6 else { return }
        values[count - 1] = min(values[count - 1] * 10 + UInt16(digit), 999)
    }

    mutating func next() {
        count = min(count + 1, 7)
    }

    /// Of `38:5:N`, `38:2:R:G:B` and `38:2:SPACE:R:G:B`.
    var color: TextStyle.Color? {
        switch (self[1], count) {
        case (5, 3...): UInt8(exactly: self[2]).map { .palette($0) }
        case (2, 5): .direct(byte(2), byte(3), byte(4))
        case (2, 6...): .direct(byte(3), byte(4), byte(5))
        default: nil
        }
    }

    private func byte(_ index: Int) -> UInt8 { UInt8(min(self[index], 255)) }
}

/// A colour whose parts come as parameters of their own: `38;5;N`, `38;2;R;G;B`.
private struct SGRColor {
    /// 38, 48 or 58 while parts are awaited.
    private(set) var target: UInt16?
    private var parts = InlineArray<4, UInt16>(repeating: 0)
    private var count = 0

    init(target: UInt16? = nil) {
        self.target = target
    }

    mutating func take(_ value: UInt16) -> (color: TextStyle.Color, target: UInt16)? {
        guard let target else { return nil }
        parts[count] = value
        count += 1
        switch (parts[0], count) {
        case (5, 2):
            self.target = nil
            // There is no such colour above 255.
            return UInt8(exactly: parts[1]).map { (.palette($0), target) }
        case (2, 4):
            self.target = nil
            return (.direct(byte(1), byte(2), byte(3)), target)
        case (5, _), (2, _): return nil
        default:
            self.target = nil
            return nil
        }
    }

    private func byte(_ index: Int) -> UInt8 { UInt8(min(parts[index], 255)) }
}
